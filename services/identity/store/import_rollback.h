// Takes back what an import job entered and changed. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/postgres/transaction.h"
#include "services/identity/store/import_job_store.h"

namespace teraju::identity {

// Every version of a row says who recorded it, an import as `importJobs/{id}`: what it entered is
// withdrawn, what it changed gets the version before. Both stay among the revisions.
class ImportRollback {
 public:
  ImportRollback(postgres::Transaction& tx, const ImportJobKey& key);

  // Locks the persons. FAILED_PRECONDITION (IMPORT_CHANGED_SINCE) when something that the job
  // entered or changed has been changed since, or stands under something entered later.
  absl::Status Check() const;
  // What was taken back, as `units/{id}`, `employees/{id}`, `employees/{id}/assignments/{id}`.
  std::vector<std::string> Run();

 private:
  postgres::Transaction& tx_;
  const ImportJobKey key_;
  const std::string by_;
};

}  // namespace teraju::identity
