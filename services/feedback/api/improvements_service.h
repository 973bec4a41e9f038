// The methods of improvement actions.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/improvements_service.grpc.pb.h"

namespace teraju::feedback {

class ImprovementActionsService final : public v1::ImprovementActions::CallbackService {
 public:
  ImprovementActionsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetImprovementAction(grpc::CallbackServerContext* context,
                                                 const v1::GetImprovementActionRequest* request,
                                                 v1::ImprovementAction* response) override;
  grpc::ServerUnaryReactor* ListImprovementActions(
      grpc::CallbackServerContext* context,
      const v1::ListImprovementActionsRequest* request,
      v1::ListImprovementActionsResponse* response) override;
  grpc::ServerUnaryReactor* CreateImprovementAction(
      grpc::CallbackServerContext* context,
      const v1::CreateImprovementActionRequest* request,
      v1::ImprovementAction* response) override;
  grpc::ServerUnaryReactor* UpdateImprovementAction(
      grpc::CallbackServerContext* context,
      const v1::UpdateImprovementActionRequest* request,
      v1::ImprovementAction* response) override;
  grpc::ServerUnaryReactor* CompleteImprovementAction(
      grpc::CallbackServerContext* context,
      const v1::CompleteImprovementActionRequest* request,
      v1::ImprovementAction* response) override;
  grpc::ServerUnaryReactor* DropImprovementAction(grpc::CallbackServerContext* context,
                                                  const v1::DropImprovementActionRequest* request,
                                                  v1::ImprovementAction* response) override;
  grpc::ServerUnaryReactor* ListPublicImprovements(
      grpc::CallbackServerContext* context,
      const v1::ListPublicImprovementsRequest* request,
      v1::ListPublicImprovementsResponse* response) override;

 private:
  // What permission is asked for: the unit's and its owner's. NOT_FOUND only for who may see it.
  absl::Status AuthorizeAction(const CallContext& call, const ImprovementKey& key);
  absl::StatusOr<v1::ImprovementAction> Create(const CallContext& call,
                                               const v1::CreateImprovementActionRequest& request);
  absl::StatusOr<v1::ImprovementAction> Update(const CallContext& call,
                                               const v1::UpdateImprovementActionRequest& request);
  // Complete and Drop.
  template <typename Request>
  absl::StatusOr<v1::ImprovementAction> End(const CallContext& call,
                                            const Request& request,
                                            v1::ImprovementAction::State state,
                                            const char* event);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::feedback
