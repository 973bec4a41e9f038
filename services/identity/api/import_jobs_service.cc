#include "services/identity/api/import_jobs_service.h"

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/row_results_file.h"
#include "services/identity/api/sha256_stream.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr std::size_t kChunkBytes = std::size_t{1} << 20;

// `units`, `employees`, `assignments`.
absl::StatusOr<v1::ImportFile::Kind> ParseKind(std::string_view kind) {
  if (kind == "units") return v1::ImportFile::UNITS;
  if (kind == "employees") return v1::ImportFile::EMPLOYEES;
  if (kind == "assignments") return v1::ImportFile::ASSIGNMENTS;
  errors::FieldViolations violations;
  violations.Add("kind",
                 "KIND_UNKNOWN",
                 "Pilih units, employees, atau assignments.",
                 "Choose units, employees or assignments.");
  return violations.ToStatus();
}

absl::StatusOr<ImportJobKey> ParseJob(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const auto ids, kImportJobName.Parse(name, field));
  return ImportJobKey{AgencyId(ids[0]), ids[1]};
}

}  // namespace

grpc::ServerUnaryReactor* ImportJobsService::GetImportJob(grpc::CallbackServerContext* context,
                                                          const v1::GetImportJobRequest* request,
                                                          v1::ImportJob* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ImportJob> {
        ASSIGN_OR_RETURN(const ImportJobKey key, ParseJob(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Read(
            call, [&](postgres::Transaction& tx) { return ImportJobStore(tx).Get(key); });
      });
}

grpc::ServerUnaryReactor* ImportJobsService::CreateImportJob(
    grpc::CallbackServerContext* context,
    const v1::CreateImportJobRequest* request,
    v1::ImportJob* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ImportJob> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const ImportJobKey key{AgencyId(ids[0]), NewUuid7(call.time())};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->parent())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ImportJob> {
              ASSIGN_OR_RETURN(v1::ImportJob job, ImportJobStore(tx).Insert(key));
              tx.Audit({.agency = key.agency.value(),
                        .resource = job.name(),
                        .type = "importJob.created"});
              return job;
            });
      });
}

absl::StatusOr<v1::ImportFile> ImportJobsService::Upload(const CallContext& call,
                                                         const v1::UploadImportFileRequest& first,
                                                         rpc::Source& source) {
  ASSIGN_OR_RETURN(const ImportJobKey key, ParseJob(first.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, first.parent())));
  v1::ImportFile file;
  ASSIGN_OR_RETURN(const v1::ImportFile::Kind kind, ParseKind(first.kind()));
  file.set_kind(kind);
  const std::string upload = NewUuid7(call.time());
  Sha256Stream hash;
  std::string piece;
  int number = 0;
  // Each piece is a transaction of its own: no connection waits for a slow client.
  const auto store = [&](std::size_t bytes) -> absl::Status {
    RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
      if (number == 0) RETURN_IF_ERROR(ImportJobStore(tx).LockIdle(key));
      ImportJobStore(tx).AppendChunk(key, kind, upload, number, piece.substr(0, bytes));
      return absl::OkStatus();
    }));
    piece.erase(0, bytes);
    ++number;
    return absl::OkStatus();
  };
  for (;;) {
    ASSIGN_OR_RETURN(const std::optional<std::string> bytes, source.Next());
    if (!bytes) break;
    hash.Update(*bytes);
    file.set_size_bytes(file.size_bytes() + static_cast<std::int64_t>(bytes->size()));
    piece += *bytes;
    while (piece.size() >= kChunkBytes) RETURN_IF_ERROR(store(kChunkBytes));
  }
  if (!piece.empty() || number == 0) RETURN_IF_ERROR(store(piece.size()));
  file.set_sha256(hash.Hex());
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ImportFile> {
    RETURN_IF_ERROR(ImportJobStore(tx).LockIdle(key));
    tx.Audit({.agency = key.agency.value(),
              .resource = first.parent(),
              .type = "importJob.fileUploaded"});
    return ImportJobStore(tx).FinishUpload(key, upload, file);
  });
}

grpc::ServerReadReactor<v1::UploadImportFileRequest>* ImportJobsService::UploadImportFile(
    grpc::CallbackServerContext* context, v1::ImportFile* response) {
  return pipeline_.Upload<v1::UploadImportFileRequest>(
      context,
      response,
      [this](const CallContext& call,
             const v1::UploadImportFileRequest& first,
             rpc::Source& source) { return Upload(call, first, source); });
}

template <typename Request>
absl::StatusOr<google::longrunning::Operation> ImportJobsService::Start(const CallContext& call,
                                                                        const Request& request) {
  ASSIGN_OR_RETURN(const ImportJobKey key, ParseJob(request.name(), "name"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request.name())));
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
        ImportJobStore store(tx);
        ASSIGN_OR_RETURN(const v1::ImportJob job, store.Get(key));
        if (job.files().empty())
          return errors::FailedPrecondition(v1::IMPORT_FILE_MISSING, "The job has no file.");
        store.SetState(key, v1::ImportJob::RUNNING);
        return operations::Start(
            tx, "identity", kImport, key.agency.value(), request.name(), request);
      });
}

grpc::ServerUnaryReactor* ImportJobsService::ValidateImportJob(
    grpc::CallbackServerContext* context,
    const v1::ValidateImportJobRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Start(call, *request);
  });
}

grpc::ServerUnaryReactor* ImportJobsService::RunImportJob(
    grpc::CallbackServerContext* context,
    const v1::RunImportJobRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Start(call, *request);
  });
}

grpc::ServerUnaryReactor* ImportJobsService::RollBackImportJob(
    grpc::CallbackServerContext* context,
    const v1::RollBackImportJobRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const ImportJobKey key, ParseJob(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
              ASSIGN_OR_RETURN(const v1::ImportJob job, ImportJobStore(tx).Get(key));
              if (job.state() != v1::ImportJob::SUCCEEDED && job.state() != v1::ImportJob::FAILED) {
                return errors::FailedPrecondition(v1::IMPORT_NOT_RUN,
                                                  "There is nothing to take back.");
              }
              return operations::Start(
                  tx, "identity", kImport, key.agency.value(), request->name(), *request);
            });
      });
}

grpc::ServerUnaryReactor* ImportJobsService::ListImportRowResults(
    grpc::CallbackServerContext* context,
    const v1::ListImportRowResultsRequest* request,
    v1::ListImportRowResultsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListImportRowResultsResponse> {
        ASSIGN_OR_RETURN(const ImportJobKey key, ParseJob(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->parent())));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        return database_.Read(
            call,
            [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListImportRowResultsResponse> {
              RETURN_IF_ERROR(ImportJobStore(tx).Get(key).status());
              auto page =
                  ImportJobStore(tx).ListResults(key, v1::ImportFile::KIND_UNSPECIFIED, query);
              v1::ListImportRowResultsResponse list;
              for (v1::ImportRowResult& result : page.items)
                *list.add_row_results() = std::move(result);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

absl::Status ImportJobsService::Download(const CallContext& call,
                                         const v1::DownloadImportRowResultsRequest& request,
                                         const rpc::Sink& sink) {
  ASSIGN_OR_RETURN(const ImportJobKey key, ParseJob(request.parent(), "parent"));
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request.parent())));
  ASSIGN_OR_RETURN(const v1::ImportFile::Kind kind, ParseKind(request.kind()));
  return RowResultsFile(database_, call, key, kind).WriteTo(sink);
}

grpc::ServerWriteReactor<google::api::HttpBody>* ImportJobsService::DownloadImportRowResults(
    grpc::CallbackServerContext* context, const v1::DownloadImportRowResultsRequest* request) {
  return pipeline_.Download(
      context, request, [this, request](const CallContext& call, const rpc::Sink& sink) {
        return Download(call, *request, sink);
      });
}

}  // namespace teraju::identity
