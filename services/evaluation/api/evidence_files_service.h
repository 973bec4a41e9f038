// The methods of teraju.evaluation.v1.EvidenceFiles.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/work_plans_service.grpc.pb.h"

namespace teraju::evaluation {

class EvidenceFilesService final : public v1::EvidenceFiles::CallbackService {
 public:
  EvidenceFilesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListEvidence(grpc::CallbackServerContext* context,
                                         const v1::ListEvidenceRequest* request,
                                         v1::ListEvidenceResponse* response) override;
  grpc::ServerReadReactor<v1::UploadEvidenceRequest>* UploadEvidence(
      grpc::CallbackServerContext* context, v1::Evidence* response) override;
  grpc::ServerWriteReactor<google::api::HttpBody>* DownloadEvidence(
      grpc::CallbackServerContext* context, const v1::DownloadEvidenceRequest* request) override;

 private:
  absl::StatusOr<v1::Evidence> Receive(const CallContext& call,
                                       const v1::UploadEvidenceRequest& first,
                                       rpc::Source& source);
  absl::Status Send(const CallContext& call, const std::string& name, const rpc::Sink& sink);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
