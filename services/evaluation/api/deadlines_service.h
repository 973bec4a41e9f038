// The methods of teraju.evaluation.v1.Deadlines.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/deadlines_service.grpc.pb.h"

namespace teraju::evaluation {

class DeadlinesService final : public v1::Deadlines::CallbackService {
 public:
  DeadlinesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetDeadline(grpc::CallbackServerContext* context,
                                        const v1::GetDeadlineRequest* request,
                                        v1::Deadline* response) override;
  grpc::ServerUnaryReactor* ListDeadlines(grpc::CallbackServerContext* context,
                                          const v1::ListDeadlinesRequest* request,
                                          v1::ListDeadlinesResponse* response) override;
  grpc::ServerUnaryReactor* UpdateDeadline(grpc::CallbackServerContext* context,
                                           const v1::UpdateDeadlineRequest* request,
                                           v1::Deadline* response) override;
  grpc::ServerUnaryReactor* DeleteDeadline(grpc::CallbackServerContext* context,
                                           const v1::DeleteDeadlineRequest* request,
                                           google::protobuf::Empty* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
