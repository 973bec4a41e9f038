// The methods of teraju.evaluation.v1.PlanTemplates.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/plan_changes_service.grpc.pb.h"

namespace teraju::evaluation {

class PlanTemplatesService final : public v1::PlanTemplates::CallbackService {
 public:
  PlanTemplatesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListPlanTemplates(grpc::CallbackServerContext* context,
                                              const v1::ListPlanTemplatesRequest* request,
                                              v1::ListPlanTemplatesResponse* response) override;
  grpc::ServerUnaryReactor* CreatePlanTemplate(grpc::CallbackServerContext* context,
                                               const v1::CreatePlanTemplateRequest* request,
                                               v1::PlanTemplate* response) override;
  grpc::ServerUnaryReactor* DeletePlanTemplate(grpc::CallbackServerContext* context,
                                               const v1::DeletePlanTemplateRequest* request,
                                               google::protobuf::Empty* response) override;
  grpc::ServerUnaryReactor* ApplyPlanTemplate(grpc::CallbackServerContext* context,
                                              const v1::ApplyPlanTemplateRequest* request,
                                              v1::ApplyPlanTemplateResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
