// The methods of teraju.evaluation.v1.ProjectTeams.
#pragma once

#include "absl/functional/function_ref.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/guidance_service.grpc.pb.h"

namespace teraju::evaluation {

class ProjectTeamsService final : public v1::ProjectTeams::CallbackService {
 public:
  ProjectTeamsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetProjectTeam(grpc::CallbackServerContext* context,
                                           const v1::GetProjectTeamRequest* request,
                                           v1::ProjectTeam* response) override;
  grpc::ServerUnaryReactor* ListProjectTeams(grpc::CallbackServerContext* context,
                                             const v1::ListProjectTeamsRequest* request,
                                             v1::ListProjectTeamsResponse* response) override;
  grpc::ServerUnaryReactor* CreateProjectTeam(grpc::CallbackServerContext* context,
                                              const v1::CreateProjectTeamRequest* request,
                                              v1::ProjectTeam* response) override;
  grpc::ServerUnaryReactor* UpdateProjectTeam(grpc::CallbackServerContext* context,
                                              const v1::UpdateProjectTeamRequest* request,
                                              v1::ProjectTeam* response) override;
  grpc::ServerUnaryReactor* ReportContribution(grpc::CallbackServerContext* context,
                                               const v1::ReportContributionRequest* request,
                                               v1::ProjectTeam* response) override;
  grpc::ServerUnaryReactor* AssessContribution(grpc::CallbackServerContext* context,
                                               const v1::AssessContributionRequest* request,
                                               v1::ProjectTeam* response) override;
  grpc::ServerUnaryReactor* CloseProjectTeam(grpc::CallbackServerContext* context,
                                             const v1::CloseProjectTeamRequest* request,
                                             v1::ProjectTeam* response) override;
  grpc::ServerUnaryReactor* ListTeamContributions(
      grpc::CallbackServerContext* context,
      const v1::ListTeamContributionsRequest* request,
      v1::ListTeamContributionsResponse* response) override;

 private:
  // The team, for a caller who has the method's permission on it.
  absl::StatusOr<v1::ProjectTeam> AuthorizeTeam(const CallContext& call, const Key& key);
  absl::StatusOr<v1::ProjectTeam> Change(const CallContext& call,
                                         const std::string& name,
                                         const std::string& etag,
                                         const std::string& type,
                                         absl::FunctionRef<absl::Status(v1::ProjectTeam&)> change);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
