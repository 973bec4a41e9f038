// The methods of teraju.evaluation.v1.SupportRequests.
#pragma once

#include "absl/functional/function_ref.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/work_plans_service.grpc.pb.h"

namespace teraju::evaluation {

class SupportRequestsService final : public v1::SupportRequests::CallbackService {
 public:
  SupportRequestsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListSupportRequests(grpc::CallbackServerContext* context,
                                                const v1::ListSupportRequestsRequest* request,
                                                v1::ListSupportRequestsResponse* response) override;
  grpc::ServerUnaryReactor* CreateSupportRequest(grpc::CallbackServerContext* context,
                                                 const v1::CreateSupportRequestRequest* request,
                                                 v1::SupportRequest* response) override;
  grpc::ServerUnaryReactor* GrantSupportRequest(grpc::CallbackServerContext* context,
                                                const v1::GrantSupportRequestRequest* request,
                                                v1::SupportRequest* response) override;
  grpc::ServerUnaryReactor* DeclineSupportRequest(grpc::CallbackServerContext* context,
                                                  const v1::DeclineSupportRequestRequest* request,
                                                  v1::SupportRequest* response) override;
  grpc::ServerUnaryReactor* FulfilSupportRequest(grpc::CallbackServerContext* context,
                                                 const v1::FulfilSupportRequestRequest* request,
                                                 v1::SupportRequest* response) override;

 private:
  // Authorises on the plan, changes the request under its lock, records an event of this type.
  absl::StatusOr<v1::SupportRequest> Change(
      const CallContext& call,
      const std::string& name,
      const std::string& etag,
      const std::string& type,
      absl::FunctionRef<absl::Status(v1::SupportRequest&)> change);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
