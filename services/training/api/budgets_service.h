// The methods of budgets.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/training/v1/training_service.grpc.pb.h"

namespace teraju::training {

class BudgetsService final : public v1::Budgets::CallbackService {
 public:
  BudgetsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListBudgets(grpc::CallbackServerContext* context,
                                        const v1::ListBudgetsRequest* request,
                                        v1::ListBudgetsResponse* response) override;
  grpc::ServerUnaryReactor* CreateBudget(grpc::CallbackServerContext* context,
                                         const v1::CreateBudgetRequest* request,
                                         v1::Budget* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::training
