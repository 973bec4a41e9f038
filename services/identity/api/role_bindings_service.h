// Who holds which role.
#pragma once

#include "common/auth/permissions.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/access_feed_service.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class RoleBindingsService final : public v1::RoleBindings::CallbackService {
 public:
  RoleBindingsService(rpc::Pipeline& pipeline, postgres::Database& database, AccessBarrier& barrier)
      : pipeline_(pipeline), database_(database), barrier_(barrier) {}

  grpc::ServerUnaryReactor* ListRoleBindings(grpc::CallbackServerContext* context,
                                             const v1::ListRoleBindingsRequest* request,
                                             v1::ListRoleBindingsResponse* response) override;
  grpc::ServerUnaryReactor* CreateRoleBinding(grpc::CallbackServerContext* context,
                                              const v1::CreateRoleBindingRequest* request,
                                              v1::RoleBinding* response) override;
  grpc::ServerUnaryReactor* DeleteRoleBinding(grpc::CallbackServerContext* context,
                                              const v1::DeleteRoleBindingRequest* request,
                                              google::protobuf::Empty* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  AccessBarrier& barrier_;
};

// All bindings of the installation, for this service's own authorizer.
absl::StatusOr<std::vector<auth::RoleBinding>> ReadAllBindings(postgres::Database& database,
                                                               const CallContext& call);

}  // namespace teraju::identity
