#include "services/identity/store/import_job_store.h"

#include <array>

#include "common/errors/error.h"
#include "services/identity/domain/import_row.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kInsert{
    "import_job_insert",
    "INSERT INTO import_jobs (agency_id, import_job_id) SELECT agency_id, $2 FROM agencies "
    "WHERE agency_id = $1 RETURNING *"};
constexpr Statement kSelect{
    "import_job_select", "SELECT * FROM import_jobs WHERE agency_id = $1 AND import_job_id = $2"};
constexpr Statement kSelectForUpdate{
    "import_job_select_for_update",
    "SELECT state FROM import_jobs WHERE agency_id = $1 AND import_job_id = $2 FOR UPDATE"};
constexpr Statement kSelectFiles{
    "import_file_list",
    "SELECT * FROM import_files WHERE agency_id = $1 AND import_job_id = $2 "
    "ORDER BY array_position(ARRAY['UNITS', 'EMPLOYEES', 'ASSIGNMENTS'], kind)"};
constexpr Statement kSetState{"import_job_set_state",
                              "UPDATE import_jobs SET state = $3, end_time = CASE WHEN $3 IN "
                              "('SUCCEEDED', 'FAILED') THEN now() END "
                              "WHERE agency_id = $1 AND import_job_id = $2"};
constexpr Statement kAppendChunk{
    "import_chunk_insert",
    "INSERT INTO import_chunks (agency_id, import_job_id, kind, upload_id, chunk_number, content) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Statement kDropChunks{
    "import_chunk_drop_others",
    "DELETE FROM import_chunks WHERE agency_id = $1 AND import_job_id = $2 AND kind = $3 "
    "AND upload_id <> $4"};
constexpr Statement kFinish{
    "import_file_finish",
    "INSERT INTO import_files (agency_id, import_job_id, kind, upload_id, size_bytes, sha256) "
    "VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (agency_id, import_job_id, kind) DO UPDATE "
    "SET upload_id = excluded.upload_id, size_bytes = excluded.size_bytes, sha256 = "
    "excluded.sha256, delimiter = '', "
    "byte_order_mark = false, line_ends = '', unknown_columns = '{}', row_count = 0, accepted = 0, "
    "accepted_with_warning = 0, rejected = 0, unchanged = 0 RETURNING *"};
constexpr Statement kReadChunk{
    "import_chunk_select",
    "SELECT c.content FROM import_files f JOIN import_chunks c ON c.agency_id = f.agency_id "
    "AND c.import_job_id = f.import_job_id AND c.upload_id = f.upload_id "
    "WHERE f.agency_id = $1 AND f.import_job_id = $2 AND f.kind = $3 AND c.chunk_number = $4"};
constexpr Statement kStoreFile{
    "import_file_outcome",
    "UPDATE import_files SET delimiter = $4, byte_order_mark = $5, line_ends = $6, unknown_columns "
    "= $7, row_count = $8, "
    "accepted = $9, accepted_with_warning = $10, rejected = $11, unchanged = $12 "
    "WHERE agency_id = $1 AND import_job_id = $2 AND kind = $3"};
constexpr Statement kDropResults{"import_row_result_drop",
                                 "DELETE FROM import_row_results WHERE agency_id = $1 AND "
                                 "import_job_id = $2 AND kind_number = $3"};
constexpr Statement kListResults{
    "import_row_result_list",
    "SELECT * FROM import_row_results WHERE agency_id = $1 AND import_job_id = $2 "
    "AND (kind_number, row_number) > ($3, $4) AND ($5 = 0 OR kind_number = $5) "
    "ORDER BY kind_number, row_number LIMIT $6"};

std::string NameOf(const ImportJobKey& key) {
  return kImportJobName.Format({key.agency.value(), key.job});
}

v1::ImportFile ToFile(const pqxx::row& row) {
  v1::ImportFile file;
  v1::ImportFile::Kind kind = v1::ImportFile::KIND_UNSPECIFIED;
  v1::ImportFile::Kind_Parse(row["kind"].c_str(), &kind);
  file.set_kind(kind);
  file.set_size_bytes(row["size_bytes"].as<std::int64_t>());
  file.set_sha256(row["sha256"].c_str());
  file.set_delimiter(row["delimiter"].c_str());
  file.set_byte_order_mark(row["byte_order_mark"].as<bool>());
  file.set_line_ends(row["line_ends"].c_str());
  for (std::string& column : postgres::ToStrings(row["unknown_columns"]))
    file.add_unknown_columns(std::move(column));
  file.set_rows(row["row_count"].as<std::int64_t>());
  file.set_accepted(row["accepted"].as<std::int64_t>());
  file.set_accepted_with_warning(row["accepted_with_warning"].as<std::int64_t>());
  file.set_rejected(row["rejected"].as<std::int64_t>());
  file.set_unchanged(row["unchanged"].as<std::int64_t>());
  return file;
}

v1::ImportJob ToJob(const pqxx::row& row) {
  v1::ImportJob job;
  job.set_name(kImportJobName.Format({row["agency_id"].c_str(), row["import_job_id"].c_str()}));
  v1::ImportJob::State state = v1::ImportJob::STATE_UNSPECIFIED;
  v1::ImportJob::State_Parse(row["state"].c_str(), &state);
  job.set_state(state);
  *job.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  if (!row["end_time"].is_null()) *job.mutable_end_time() = postgres::ToTimestamp(row["end_time"]);
  return job;
}

v1::ImportRowResult ToResult(const pqxx::row& row) {
  v1::ImportRowResult result;
  result.set_kind(static_cast<v1::ImportFile::Kind>(row["kind_number"].as<int>()));
  result.set_row(row["row_number"].as<std::int64_t>());
  result.set_line(row["line_number"].as<std::int64_t>());
  v1::ImportRowResult::Verdict verdict = v1::ImportRowResult::VERDICT_UNSPECIFIED;
  v1::ImportRowResult::Verdict_Parse(row["verdict"].c_str(), &verdict);
  result.set_verdict(verdict);
  result.set_code(row["code"].c_str());
  result.set_column(row["column_name"].c_str());
  result.set_value(row["value"].c_str());
  const domain::VerdictText text = domain::TextOf(result.code());
  result.set_message_id(std::string(text.id));
  result.set_message_en(std::string(text.en));
  return result;
}

}  // namespace

absl::StatusOr<v1::ImportJob> ImportJobStore::Insert(const ImportJobKey& key) {
  const pqxx::result rows = tx_.Exec(kInsert, key.agency.value(), key.job);
  if (rows.empty()) return errors::ResourceNotFound(kAgencyName.Format({key.agency.value()}));
  return ToJob(rows[0]);
}

absl::StatusOr<v1::ImportJob> ImportJobStore::Get(const ImportJobKey& key) const {
  if (!IsUuid(key.job)) return errors::ResourceNotFound(NameOf(key));
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.job);
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  v1::ImportJob job = ToJob(rows[0]);
  for (const pqxx::row& row : tx_.Exec(kSelectFiles, key.agency.value(), key.job))
    *job.add_files() = ToFile(row);
  return job;
}

absl::Status ImportJobStore::LockIdle(const ImportJobKey& key) {
  if (!IsUuid(key.job)) return errors::ResourceNotFound(NameOf(key));
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.job);
  if (rows.empty()) return errors::ResourceNotFound(NameOf(key));
  if (rows[0][0].c_str() != std::string_view("RUNNING")) return absl::OkStatus();
  return errors::FailedPrecondition(v1::IMPORT_JOB_RUNNING, "The import is running.");
}

void ImportJobStore::SetState(const ImportJobKey& key, v1::ImportJob::State state) {
  tx_.Exec(kSetState, key.agency.value(), key.job, v1::ImportJob::State_Name(state));
}

void ImportJobStore::AppendChunk(const ImportJobKey& key,
                                 v1::ImportFile::Kind kind,
                                 const std::string& upload,
                                 int number,
                                 const std::string& content) {
  tx_.Exec(kAppendChunk,
           key.agency.value(),
           key.job,
           v1::ImportFile::Kind_Name(kind),
           upload,
           number,
           postgres::ToBytes(content));
}

v1::ImportFile ImportJobStore::FinishUpload(const ImportJobKey& key,
                                            const std::string& upload,
                                            const v1::ImportFile& file) {
  const std::string kind = v1::ImportFile::Kind_Name(file.kind());
  tx_.Exec(kDropChunks, key.agency.value(), key.job, kind, upload);
  tx_.Exec(kDropResults, key.agency.value(), key.job, static_cast<int>(file.kind()));
  return ToFile(tx_.Exec(
      kFinish, key.agency.value(), key.job, kind, upload, file.size_bytes(), file.sha256())[0]);
}

std::optional<std::string> ImportJobStore::ReadChunk(const ImportJobKey& key,
                                                     v1::ImportFile::Kind kind,
                                                     int number) const {
  const pqxx::result rows =
      tx_.Exec(kReadChunk, key.agency.value(), key.job, v1::ImportFile::Kind_Name(kind), number);
  if (rows.empty()) return std::nullopt;
  return postgres::FromBytes(rows[0][0]);
}

void ImportJobStore::StoreOutcome(const ImportJobKey& key,
                                  const v1::ImportFile& file,
                                  const std::vector<v1::ImportRowResult>& results) {
  const std::vector<std::string> unknown(file.unknown_columns().begin(),
                                         file.unknown_columns().end());
  tx_.Exec(kStoreFile,
           key.agency.value(),
           key.job,
           v1::ImportFile::Kind_Name(file.kind()),
           file.delimiter(),
           file.byte_order_mark(),
           file.line_ends(),
           postgres::ToArray(unknown),
           file.rows(),
           file.accepted(),
           file.accepted_with_warning(),
           file.rejected(),
           file.unchanged());
  tx_.Exec(kDropResults, key.agency.value(), key.job, static_cast<int>(file.kind()));
  pqxx::stream_to copy(tx_.raw(),
                       "import_row_results",
                       std::vector<std::string>{"agency_id",
                                                "import_job_id",
                                                "kind_number",
                                                "row_number",
                                                "line_number",
                                                "verdict",
                                                "code",
                                                "column_name",
                                                "value"});
  for (const v1::ImportRowResult& result : results) {
    copy << std::array<std::string, 9>{key.agency.value(),
                                       key.job,
                                       std::to_string(result.kind()),
                                       std::to_string(result.row()),
                                       std::to_string(result.line()),
                                       v1::ImportRowResult::Verdict_Name(result.verdict()),
                                       result.code(),
                                       result.column(),
                                       result.value()};
  }
  copy.complete();
}

Page<v1::ImportRowResult> ImportJobStore::ListResults(const ImportJobKey& key,
                                                      v1::ImportFile::Kind kind,
                                                      const PageQuery& query) const {
  Page<v1::ImportRowResult> page;
  const std::string after_kind = query.after.empty() ? "0" : query.after[0];
  const std::string after_row = query.after.empty() ? "0" : query.after[1];
  for (const pqxx::row& row : tx_.Exec(kListResults,
                                       key.agency.value(),
                                       key.job,
                                       after_kind,
                                       after_row,
                                       static_cast<int>(kind),
                                       query.size + 1)) {
    page.items.push_back(ToResult(row));
  }
  EndPage(page, query.size, [](const v1::ImportRowResult& last) -> std::vector<std::string> {
    return {std::to_string(last.kind()), std::to_string(last.row())};
  });
  return page;
}

}  // namespace teraju::identity
