// The methods of teraju.evaluation.v1.WorkPlans.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/catalog_client.h"
#include "teraju/evaluation/v1/work_plans_service.grpc.pb.h"

namespace teraju::evaluation {

class WorkPlansService final : public v1::WorkPlans::CallbackService {
 public:
  WorkPlansService(rpc::Pipeline& pipeline, postgres::Database& database, CatalogClient& catalog)
      : pipeline_(pipeline), database_(database), catalog_(catalog) {}

  grpc::ServerUnaryReactor* GetWorkPlan(grpc::CallbackServerContext* context,
                                        const v1::GetWorkPlanRequest* request,
                                        v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* ListWorkPlans(grpc::CallbackServerContext* context,
                                          const v1::ListWorkPlansRequest* request,
                                          v1::ListWorkPlansResponse* response) override;
  grpc::ServerUnaryReactor* UpdateWorkPlan(grpc::CallbackServerContext* context,
                                           const v1::UpdateWorkPlanRequest* request,
                                           v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* SubmitWorkPlan(grpc::CallbackServerContext* context,
                                           const v1::SubmitWorkPlanRequest* request,
                                           v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* ApproveWorkPlan(grpc::CallbackServerContext* context,
                                            const v1::ApproveWorkPlanRequest* request,
                                            v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* ReturnWorkPlan(grpc::CallbackServerContext* context,
                                           const v1::ReturnWorkPlanRequest* request,
                                           v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* ListWorkPlanRevisions(
      grpc::CallbackServerContext* context,
      const v1::ListWorkPlanRevisionsRequest* request,
      v1::ListWorkPlanRevisionsResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  CatalogClient& catalog_;
};

}  // namespace teraju::evaluation
