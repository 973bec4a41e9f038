#include "services/identity/api/row_results_file.h"

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/import_row.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr std::size_t kPiece = std::size_t{256} << 10;

}  // namespace

absl::Status RowResultsFile::CheckFile() const {
  ASSIGN_OR_RETURN(const v1::ImportJob job, database_.Read(call_, [&](postgres::Transaction& tx) {
    return ImportJobStore(tx).Get(key_);
  }));
  const bool has_file = std::any_of(job.files().begin(), job.files().end(), [&](const auto& file) {
    return file.kind() == kind_;
  });
  if (has_file) return absl::OkStatus();
  return errors::FailedPrecondition(v1::IMPORT_FILE_MISSING, "The job has no file of this kind.");
}

absl::StatusOr<std::optional<std::string>> RowResultsFile::Chunk(int number) const {
  return database_.Read(
      call_, [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<std::string>> {
        return ImportJobStore(tx).ReadChunk(key_, kind_, number);
      });
}

absl::Status RowResultsFile::LoadResults() {
  ASSIGN_OR_RETURN(
      auto page,
      database_.Read(call_,
                     [&](postgres::Transaction& tx) -> absl::StatusOr<Page<v1::ImportRowResult>> {
                       return ImportJobStore(tx).ListResults(key_, kind_, query_);
                     }));
  for (v1::ImportRowResult& result : page.items) results_.push_back(std::move(result));
  query_.after = page.next;
  last_page_ = page.next.empty();
  return absl::OkStatus();
}

absl::Status RowResultsFile::Append(const csv::Record& record) {
  std::vector<std::string> cells;
  if (record.row == 0) {
    cells = {"VERDICT", "CODE", "COLUMN", "MESSAGE"};
  } else {
    if (results_.empty() && !last_page_) RETURN_IF_ERROR(LoadResults());
    if (results_.empty() || results_.front().row() != record.row) return absl::OkStatus();
    const v1::ImportRowResult& result = results_.front();
    cells = {v1::ImportRowResult::Verdict_Name(result.verdict()),
             result.code(),
             result.column(),
             call_.locale() == "en" ? result.message_en() : result.message_id()};
    results_.pop_front();
  }
  cells.insert(cells.end(), record.cells.begin(), record.cells.end());
  text_ += csv::Line(cells);
  return absl::OkStatus();
}

absl::Status RowResultsFile::WriteTo(const rpc::Sink& sink) {
  RETURN_IF_ERROR(CheckFile());
  csv::Reader reader(domain::RecordTooLong);
  const auto append = [this](const csv::Record& record) { return Append(record); };
  const auto send = [&](std::size_t least) {
    bool open = true;
    while (open && text_.size() >= least && !text_.empty()) {
      google::api::HttpBody body;
      body.set_content_type("text/csv; charset=utf-8");
      body.set_data(text_.substr(0, kPiece));
      text_.erase(0, kPiece);
      open = sink(std::move(body));
    }
    return open ? absl::OkStatus() : absl::CancelledError("the client is gone");
  };
  for (int number = 0;; ++number) {
    ASSIGN_OR_RETURN(const auto chunk, Chunk(number));
    if (!chunk) break;
    RETURN_IF_ERROR(reader.Feed(*chunk, append));
    RETURN_IF_ERROR(send(kPiece));
  }
  RETURN_IF_ERROR(reader.Finish(append));
  return send(0);
}

}  // namespace teraju::identity
