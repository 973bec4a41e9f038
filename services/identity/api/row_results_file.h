// The rows of an import file that were not simply accepted, as CSV in the layout of the file with
// the verdict in front.
#pragma once

#include <deque>
#include <string>

#include "absl/status/status.h"
#include "common/csv/csv.h"
#include "common/postgres/database.h"
#include "common/rpc/streams.h"
#include "services/identity/store/import_job_store.h"

namespace teraju::identity {

class RowResultsFile {
 public:
  RowResultsFile(postgres::Database& database,
                 const CallContext& call,
                 ImportJobKey key,
                 v1::ImportFile::Kind kind)
      : database_(database), call_(call), key_(std::move(key)), kind_(kind) {}

  // Reads file and verdicts side by side, piece by piece. NOT_FOUND for an unknown job;
  // FAILED_PRECONDITION (IMPORT_FILE_MISSING) where it has no such file. Cells that a spreadsheet
  // would take for a formula are neutralised.
  absl::Status WriteTo(const rpc::Sink& sink);

 private:
  absl::Status CheckFile() const;
  absl::StatusOr<std::optional<std::string>> Chunk(int number) const;
  absl::Status LoadResults();
  absl::Status Append(const csv::Record& record);

  postgres::Database& database_;
  const CallContext& call_;
  const ImportJobKey key_;
  const v1::ImportFile::Kind kind_;
  std::deque<v1::ImportRowResult> results_;  // those to come, by row
  PageQuery query_{.after = {}, .size = 1000};
  bool last_page_ = false;
  std::string text_;
};

}  // namespace teraju::identity
