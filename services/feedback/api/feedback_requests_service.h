// The methods of a rater's own tasks.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::feedback {

class FeedbackRequestsService final : public v1::FeedbackRequests::CallbackService {
 public:
  FeedbackRequestsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListFeedbackRequests(
      grpc::CallbackServerContext* context,
      const v1::ListFeedbackRequestsRequest* request,
      v1::ListFeedbackRequestsResponse* response) override;
  grpc::ServerUnaryReactor* DeclineFeedbackRequest(grpc::CallbackServerContext* context,
                                                   const v1::DeclineFeedbackRequestRequest* request,
                                                   v1::FeedbackRequest* response) override;
  grpc::ServerUnaryReactor* GetRaterNote(grpc::CallbackServerContext* context,
                                         const v1::GetRaterNoteRequest* request,
                                         v1::RaterNote* response) override;

 private:
  absl::StatusOr<v1::ListFeedbackRequestsResponse> List(
      const CallContext& call, const v1::ListFeedbackRequestsRequest& request);
  absl::StatusOr<v1::FeedbackRequest> Decline(const CallContext& call,
                                              const v1::DeclineFeedbackRequestRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::feedback
