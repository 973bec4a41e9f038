// Bringing people in from files.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/import_work.h"
#include "services/identity/store/import_job_store.h"
#include "teraju/identity/v1/imports_service.grpc.pb.h"

namespace teraju::identity {

class ImportJobsService final : public v1::ImportJobs::CallbackService {
 public:
  ImportJobsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetImportJob(grpc::CallbackServerContext* context,
                                         const v1::GetImportJobRequest* request,
                                         v1::ImportJob* response) override;
  grpc::ServerUnaryReactor* CreateImportJob(grpc::CallbackServerContext* context,
                                            const v1::CreateImportJobRequest* request,
                                            v1::ImportJob* response) override;
  grpc::ServerReadReactor<v1::UploadImportFileRequest>* UploadImportFile(
      grpc::CallbackServerContext* context, v1::ImportFile* response) override;
  grpc::ServerUnaryReactor* ValidateImportJob(grpc::CallbackServerContext* context,
                                              const v1::ValidateImportJobRequest* request,
                                              google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* RunImportJob(grpc::CallbackServerContext* context,
                                         const v1::RunImportJobRequest* request,
                                         google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* RollBackImportJob(grpc::CallbackServerContext* context,
                                              const v1::RollBackImportJobRequest* request,
                                              google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* ListImportRowResults(
      grpc::CallbackServerContext* context,
      const v1::ListImportRowResultsRequest* request,
      v1::ListImportRowResultsResponse* response) override;
  grpc::ServerWriteReactor<google::api::HttpBody>* DownloadImportRowResults(
      grpc::CallbackServerContext* context,
      const v1::DownloadImportRowResultsRequest* request) override;

 private:
  absl::StatusOr<v1::ImportFile> Upload(const CallContext& call,
                                        const v1::UploadImportFileRequest& first,
                                        rpc::Source& source);
  absl::Status Download(const CallContext& call,
                        const v1::DownloadImportRowResultsRequest& request,
                        const rpc::Sink& sink);
  template <typename Request>
  absl::StatusOr<google::longrunning::Operation> Start(const CallContext& call,
                                                       const Request& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
