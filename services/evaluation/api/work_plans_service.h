// The methods of teraju.evaluation.v1.WorkPlans.
#pragma once

#include <map>
#include <string>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/catalog_client.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/work_plans_service.grpc.pb.h"

namespace teraju::evaluation {

class WorkPlansService final : public v1::WorkPlans::CallbackService {
 public:
  WorkPlansService(rpc::Pipeline& pipeline,
                   postgres::Database& database,
                   CatalogClient& catalog,
                   PeopleClient& people)
      : pipeline_(pipeline), database_(database), catalog_(catalog), people_(people) {}

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
  grpc::ServerUnaryReactor* CopyWorkPlan(grpc::CallbackServerContext* context,
                                         const v1::CopyWorkPlanRequest* request,
                                         v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* OfferHelp(grpc::CallbackServerContext* context,
                                      const v1::OfferHelpRequest* request,
                                      v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* SetExpectations(grpc::CallbackServerContext* context,
                                            const v1::SetExpectationsRequest* request,
                                            v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* ConfirmSupport(grpc::CallbackServerContext* context,
                                           const v1::ConfirmSupportRequest* request,
                                           v1::WorkPlan* response) override;
  grpc::ServerUnaryReactor* PrintWorkPlan(grpc::CallbackServerContext* context,
                                          const v1::PrintWorkPlanRequest* request,
                                          google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* ListWorkPlanRevisions(
      grpc::CallbackServerContext* context,
      const v1::ListWorkPlanRevisionsRequest* request,
      v1::ListWorkPlanRevisionsResponse* response) override;

 private:
  // The contents of the source: another plan that the caller may read, or a template.
  absl::StatusOr<v1::WorkPlan> SourceOf(const CallContext& call,
                                        const Key& target,
                                        const std::string& source);
  // How what the items support is called, where it can be found.
  absl::StatusOr<std::map<std::string, std::string>> TitlesOf(const CallContext& call,
                                                              const v1::WorkPlan& plan);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  CatalogClient& catalog_;
  PeopleClient& people_;
};

}  // namespace teraju::evaluation
