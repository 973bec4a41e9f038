// Judges one file of an import job row by row and stores what is accepted, within one transaction
// and with memory bounded by a chunk and the keys.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "absl/time/time.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/unit_state.h"
#include "services/identity/store/import_job_store.h"
#include "services/identity/store/import_store.h"

namespace teraju::identity {

// What became of a file.
struct ImportOutcome {
  v1::ImportFile file;
  std::vector<v1::ImportRowResult> results;  // of rows with a warning or a refusal, by row
};

class Importer {
 public:
  // `today` in the agency's time zone: a unit that a file shows otherwise changes on that day.
  Importer(postgres::Transaction& tx, ImportJobKey key, absl::Time now, absl::CivilDay today)
      : tx_(tx), key_(std::move(key)), now_(now), today_(today) {}

  // Imports the job's file of this kind. INVALID_ARGUMENT for a file without the required columns,
  // or one that cannot be read.
  absl::StatusOr<ImportOutcome> Import(const v1::ImportFile& file);

 private:
  using Records = absl::FunctionRef<absl::Status(const csv::Record&)>;

  absl::Status ImportUnits(ImportOutcome& outcome);
  absl::Status ImportEmployees(ImportOutcome& outcome);
  absl::Status ImportAssignments(ImportOutcome& outcome);
  // Reads the file: `header` gets the first record, `row` each other one, `flush` is called after
  // each chunk.
  absl::Status Read(ImportOutcome& outcome,
                    Records header,
                    Records row,
                    absl::FunctionRef<void()> flush);
  std::vector<domain::UnitState> AllStates() const;
  // Appends events to the feed, one for each id.
  void Tell(std::string_view collection,
            const std::vector<std::string>& ids,
            const std::string& type);

  postgres::Transaction& tx_;
  const ImportJobKey key_;
  const absl::Time now_;
  const absl::CivilDay today_;
};

}  // namespace teraju::identity
