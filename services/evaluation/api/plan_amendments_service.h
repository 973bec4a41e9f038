// The methods of teraju.evaluation.v1.PlanAmendments.
#pragma once

#include "absl/functional/function_ref.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/catalog_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/plan_changes_service.grpc.pb.h"

namespace teraju::evaluation {

class PlanAmendmentsService final : public v1::PlanAmendments::CallbackService {
 public:
  PlanAmendmentsService(rpc::Pipeline& pipeline,
                        postgres::Database& database,
                        CatalogClient& catalog)
      : pipeline_(pipeline), database_(database), catalog_(catalog) {}

  grpc::ServerUnaryReactor* ListPlanAmendments(grpc::CallbackServerContext* context,
                                               const v1::ListPlanAmendmentsRequest* request,
                                               v1::ListPlanAmendmentsResponse* response) override;
  grpc::ServerUnaryReactor* CreatePlanAmendment(grpc::CallbackServerContext* context,
                                                const v1::CreatePlanAmendmentRequest* request,
                                                v1::PlanAmendment* response) override;
  grpc::ServerUnaryReactor* UpdatePlanAmendment(grpc::CallbackServerContext* context,
                                                const v1::UpdatePlanAmendmentRequest* request,
                                                v1::PlanAmendment* response) override;
  grpc::ServerUnaryReactor* ApprovePlanAmendment(grpc::CallbackServerContext* context,
                                                 const v1::ApprovePlanAmendmentRequest* request,
                                                 v1::PlanAmendment* response) override;
  grpc::ServerUnaryReactor* ReturnPlanAmendment(grpc::CallbackServerContext* context,
                                                const v1::ReturnPlanAmendmentRequest* request,
                                                v1::PlanAmendment* response) override;
  grpc::ServerUnaryReactor* WithdrawPlanAmendment(grpc::CallbackServerContext* context,
                                                  const v1::WithdrawPlanAmendmentRequest* request,
                                                  v1::PlanAmendment* response) override;

 private:
  using Rule = absl::FunctionRef<absl::Status(postgres::Transaction&, v1::PlanAmendment&)>;
  absl::StatusOr<v1::PlanAmendment> Change(const CallContext& call,
                                           const std::string& name,
                                           const std::string& etag,
                                           const std::string& type,
                                           Rule rule);
  // NOT_FOUND.
  absl::StatusOr<v1::PlanAmendment> FindAmendment(const CallContext& call, const PlanChildKey& key);
  absl::StatusOr<v1::PlanAmendment> Approve(const CallContext& call,
                                            const v1::ApprovePlanAmendmentRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  CatalogClient& catalog_;
};

}  // namespace teraju::evaluation
