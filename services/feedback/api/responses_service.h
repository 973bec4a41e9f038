// The methods that take answers. Nobody is identified; nothing is written but the answer: no
// idempotency row, no event, no audit record.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/feedback/api/form_cache.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::feedback {

class ResponsesService final : public v1::Responses::CallbackService {
 public:
  ResponsesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* SubmitResponse(grpc::CallbackServerContext* context,
                                           const v1::SubmitResponseRequest* request,
                                           v1::SubmitResponseResponse* response) override;
  grpc::ServerUnaryReactor* SubmitCitizenResponse(
      grpc::CallbackServerContext* context,
      const v1::SubmitCitizenResponseRequest* request,
      v1::SubmitCitizenResponseResponse* response) override;

 private:
  absl::StatusOr<v1::SubmitResponseResponse> Submit(const CallContext& call,
                                                    const v1::SubmitResponseRequest& request);
  absl::StatusOr<v1::SubmitCitizenResponseResponse> SubmitCitizen(
      const CallContext& call, const v1::SubmitCitizenResponseRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  FormCache forms_;
};

}  // namespace teraju::feedback
