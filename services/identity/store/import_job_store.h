// Import jobs, their files in chunks and the verdicts on their rows. Bound to the transaction it is
// given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/import_job.pb.h"

namespace teraju::identity {

struct ImportJobKey {
  AgencyId agency;
  std::string job;
};

class ImportJobStore {
 public:
  explicit ImportJobStore(postgres::Transaction& tx) : tx_(tx) {}

  absl::StatusOr<v1::ImportJob> Insert(const ImportJobKey& key);  // NOT_FOUND for the agency
  absl::StatusOr<v1::ImportJob> Get(const ImportJobKey& key) const;
  // FAILED_PRECONDITION (IMPORT_JOB_RUNNING); NOT_FOUND. The job stays locked.
  absl::Status LockIdle(const ImportJobKey& key);
  void SetState(const ImportJobKey& key, v1::ImportJob::State state);

  // One piece of at most 1 MiB of an upload that is not yet the job's file.
  void AppendChunk(const ImportJobKey& key,
                   v1::ImportFile::Kind kind,
                   const std::string& upload,
                   int number,
                   const std::string& content);
  // Makes the upload the job's file of its kind; pieces of others of that kind go.
  v1::ImportFile FinishUpload(const ImportJobKey& key,
                              const std::string& upload,
                              const v1::ImportFile& file);
  // A piece of the job's file, from 0; nothing after the last.
  std::optional<std::string> ReadChunk(const ImportJobKey& key,
                                       v1::ImportFile::Kind kind,
                                       int number) const;

  // What the reader found in a file, and the verdicts on its rows in place of earlier ones.
  void StoreOutcome(const ImportJobKey& key,
                    const v1::ImportFile& file,
                    const std::vector<v1::ImportRowResult>& results);
  // By kind of file and row; only of one kind, unless it is unspecified.
  Page<v1::ImportRowResult> ListResults(const ImportJobKey& key,
                                        v1::ImportFile::Kind kind,
                                        const PageQuery& query) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
