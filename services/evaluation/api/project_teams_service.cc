#include "services/evaluation/api/project_teams_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/field_mask.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/guidance.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/project_team_store.h"

namespace teraju::evaluation {
namespace {

// Its lead reaches it as `self`, its members as `rater`.
auth::Object TeamObject(const std::string& agency, const v1::ProjectTeam& team) {
  auth::Object object = AgencyObject(agency, team.name());
  object.person = SubjectOf(team.lead());
  for (const v1::TeamMember& member : team.members())
    object.raters.push_back(SubjectOf(member.employee()));
  return object;
}

// The team as the caller may see it: who reads the whole agency sees everything.
v1::ProjectTeam Seen(const CallContext& call, v1::ProjectTeam team) {
  const std::string agency(api::AgencyOf(team.name()));
  const bool everything =
      call.Allowed("evaluation.projectTeams.get", AgencyObject(agency, team.name()));
  const std::string reader = PersonName(agency, call.principal().subject);
  return domain::SeenBy(std::move(team), reader, everything);
}

absl::Status CheckPeople(const v1::ProjectTeam& team, const std::string& beside) {
  RETURN_IF_ERROR(ParsePerson(team.lead(), beside, "projectTeam.lead"));
  for (const v1::TeamMember& member : team.members())
    RETURN_IF_ERROR(ParsePerson(member.employee(), beside, "projectTeam.members"));
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::ProjectTeam> ProjectTeamsService::AuthorizeTeam(const CallContext& call,
                                                                   const Key& key) {
  using Found = std::optional<v1::ProjectTeam>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return ProjectTeamStore(tx).Find(key);
                   }));
  const std::string name = kProjectTeamName.Format({key.agency, key.id});
  RETURN_IF_ERROR(call.Authorize(found.has_value() ? TeamObject(key.agency, *found)
                                                   : AgencyObject(key.agency, name)));
  if (!found.has_value()) return errors::ResourceNotFound(name);
  return *std::move(found);
}

absl::StatusOr<v1::ProjectTeam> ProjectTeamsService::Change(
    const CallContext& call,
    const std::string& name,
    const std::string& etag,
    const std::string& type,
    absl::FunctionRef<absl::Status(v1::ProjectTeam&)> change) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kProjectTeamName, name, "name"));
  RETURN_IF_ERROR(AuthorizeTeam(call, key).status());
  ASSIGN_OR_RETURN(
      v1::ProjectTeam team,
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ProjectTeam> {
        RecordChange(tx, name, type);
        return ProjectTeamStore(tx).Update(key, api::Precondition::FromEtag(etag), change);
      }));
  return Seen(call, std::move(team));
}

grpc::ServerUnaryReactor* ProjectTeamsService::GetProjectTeam(
    grpc::CallbackServerContext* context,
    const v1::GetProjectTeamRequest* request,
    v1::ProjectTeam* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ProjectTeam> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kProjectTeamName, request->name(), "name"));
        ASSIGN_OR_RETURN(v1::ProjectTeam team, AuthorizeTeam(call, key));
        return Seen(call, std::move(team));
      });
}

grpc::ServerUnaryReactor* ProjectTeamsService::ListProjectTeams(
    grpc::CallbackServerContext* context,
    const v1::ListProjectTeamsRequest* request,
    v1::ListProjectTeamsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListProjectTeamsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const auth::Scope scope,
                         call.AuthorizeList(AgencyId(agency), request->parent()));
        ProjectTeamQuery query{.agency = scope.agency, .caller = call.principal().subject};
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        using Teams = std::vector<v1::ProjectTeam>;
        ASSIGN_OR_RETURN(
            Teams teams,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Teams> {
              return ProjectTeamStore(tx).List(agency, query);
            }));
        for (v1::ProjectTeam& team : teams) {
          team = domain::SeenBy(std::move(team), PersonName(agency, query.caller), scope.agency);
        }
        v1::ListProjectTeamsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(teams), *reply.mutable_project_teams()));
        return reply;
      });
}

grpc::ServerUnaryReactor* ProjectTeamsService::CreateProjectTeam(
    grpc::CallbackServerContext* context,
    const v1::CreateProjectTeamRequest* request,
    v1::ProjectTeam* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ProjectTeam> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        v1::ProjectTeam team = request->project_team();
        team.set_name(request->parent());
        RETURN_IF_ERROR(call.Authorize(TeamObject(agency, team)));
        RETURN_IF_ERROR(CheckPeople(team, request->parent()));
        RETURN_IF_ERROR(domain::EditProjectTeam({}, team));
        team.set_state(v1::ProjectTeam::ACTIVE);
        domain::SetTime(*team.mutable_create_time(), call.time());
        ASSIGN_OR_RETURN(
            v1::ProjectTeam made,
            database_.Write(
                call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ProjectTeam> {
                  v1::ProjectTeam inserted =
                      ProjectTeamStore(tx).Insert({agency, NewUuid7(call.time())}, team);
                  RecordChange(tx, inserted.name(), "projectTeam.created");
                  return inserted;
                }));
        return Seen(call, std::move(made));
      });
}

grpc::ServerUnaryReactor* ProjectTeamsService::UpdateProjectTeam(
    grpc::CallbackServerContext* context,
    const v1::UpdateProjectTeamRequest* request,
    v1::ProjectTeam* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    const v1::ProjectTeam& update = request->project_team();
    return Change(call,
                  update.name(),
                  update.etag(),
                  "projectTeam.updated",
                  [&](v1::ProjectTeam& team) -> absl::Status {
                    const v1::ProjectTeam before = team;
                    RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, team));
                    RETURN_IF_ERROR(CheckPeople(team, before.name()));
                    return domain::EditProjectTeam(before, team);
                  });
  });
}

grpc::ServerUnaryReactor* ProjectTeamsService::ReportContribution(
    grpc::CallbackServerContext* context,
    const v1::ReportContributionRequest* request,
    v1::ProjectTeam* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "projectTeam.contributionReported",
                  [&](v1::ProjectTeam& team) {
                    return domain::ReportContribution(
                        team,
                        PersonName(api::AgencyOf(team.name()), call.principal().subject),
                        request->account());
                  });
  });
}

grpc::ServerUnaryReactor* ProjectTeamsService::AssessContribution(
    grpc::CallbackServerContext* context,
    const v1::AssessContributionRequest* request,
    v1::ProjectTeam* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(
        call,
        request->name(),
        request->etag(),
        "projectTeam.contributionAssessed",
        [&](v1::ProjectTeam& team) {
          v1::LeadView view;
          view.set_rating(request->rating());
          view.set_text(request->text());
          view.set_action(request->action());
          if (request->has_action_due_date())
            *view.mutable_action_due_date() = request->action_due_date();
          view.set_signed_by(PersonName(api::AgencyOf(team.name()), call.principal().subject));
          domain::SetTime(*view.mutable_sign_time(), call.time());
          return domain::AssessContribution(team, request->employee(), view);
        });
  });
}

grpc::ServerUnaryReactor* ProjectTeamsService::CloseProjectTeam(
    grpc::CallbackServerContext* context,
    const v1::CloseProjectTeamRequest* request,
    v1::ProjectTeam* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(
        call, request->name(), request->etag(), "projectTeam.closed", [](v1::ProjectTeam& team) {
          return domain::CloseProjectTeam(team);
        });
  });
}

grpc::ServerUnaryReactor* ProjectTeamsService::ListTeamContributions(
    grpc::CallbackServerContext* context,
    const v1::ListTeamContributionsRequest* request,
    v1::ListTeamContributionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListTeamContributionsResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        ASSIGN_OR_RETURN(const v1::WorkPlan plan, AuthorizePlan(database_, call, key));
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Teams = std::vector<v1::ProjectTeam>;
        ASSIGN_OR_RETURN(
            const Teams teams,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Teams> {
              return ProjectTeamStore(tx).ListOfPlan(plan, page);
            }));
        std::vector<v1::TeamContribution> contributions;
        for (const v1::ProjectTeam& team : teams) {
          v1::TeamContribution& one = contributions.emplace_back();
          one.set_name(team.name());
          one.set_title(team.title());
          one.set_lead(team.lead());
          *one.mutable_start_date() = team.start_date();
          *one.mutable_end_date() = team.end_date();
          for (const v1::TeamMember& member : team.members()) {
            if (member.employee() == plan.snapshot().employee())
              *one.mutable_contribution() = member;
          }
        }
        v1::ListTeamContributionsResponse reply;
        reply.set_next_page_token(FillPage(
            *request, page, std::move(contributions), *reply.mutable_team_contributions()));
        return reply;
      });
}

}  // namespace teraju::evaluation
