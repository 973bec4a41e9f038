// The methods of allocation plans.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/training/v1/training_service.grpc.pb.h"

namespace teraju::training {

class AllocationPlansService final : public v1::AllocationPlans::CallbackService {
 public:
  AllocationPlansService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetAllocationPlan(grpc::CallbackServerContext* context,
                                              const v1::GetAllocationPlanRequest* request,
                                              v1::AllocationPlan* response) override;
  grpc::ServerUnaryReactor* ListAllocationPlans(grpc::CallbackServerContext* context,
                                                const v1::ListAllocationPlansRequest* request,
                                                v1::ListAllocationPlansResponse* response) override;
  grpc::ServerUnaryReactor* CreateAllocationPlan(grpc::CallbackServerContext* context,
                                                 const v1::CreateAllocationPlanRequest* request,
                                                 v1::AllocationPlan* response) override;
  grpc::ServerUnaryReactor* SolveAllocationPlan(grpc::CallbackServerContext* context,
                                                const v1::SolveAllocationPlanRequest* request,
                                                google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* ApproveAllocationPlan(grpc::CallbackServerContext* context,
                                                  const v1::ApproveAllocationPlanRequest* request,
                                                  v1::AllocationPlan* response) override;
  grpc::ServerUnaryReactor* SimulateAllocationPlan(
      grpc::CallbackServerContext* context,
      const v1::SimulateAllocationPlanRequest* request,
      google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* RepairAllocationPlan(grpc::CallbackServerContext* context,
                                                 const v1::RepairAllocationPlanRequest* request,
                                                 v1::AllocationPlan* response) override;
  grpc::ServerUnaryReactor* ListAllocationDecisions(
      grpc::CallbackServerContext* context,
      const v1::ListAllocationDecisionsRequest* request,
      v1::ListAllocationDecisionsResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::training
