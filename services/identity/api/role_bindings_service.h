// Who holds which role.
#pragma once

#include <functional>

#include "common/auth/permissions.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class RoleBindingsService final : public v1::RoleBindings::CallbackService {
 public:
  // `refresh` makes this replica know of a change before the call is answered; others learn of it
  // within a second.
  RoleBindingsService(rpc::Pipeline& pipeline,
                      postgres::Database& database,
                      std::function<void()> refresh)
      : pipeline_(pipeline), database_(database), refresh_(std::move(refresh)) {}

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
  const std::function<void()> refresh_;
};

// All bindings of the installation, for this service's own authorizer.
absl::StatusOr<std::vector<auth::RoleBinding>> ReadAllBindings(postgres::Database& database,
                                                               const CallContext& call);

}  // namespace teraju::identity
