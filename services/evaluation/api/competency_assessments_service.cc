#include "services/evaluation/api/competency_assessments_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/competency.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/store/competency_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

using domain::Assessment;
using domain::CompetencyAction;
using Assessments = std::vector<Assessment>;

// A member of the appraisal team is somebody's subordinate too.
absl::Status CheckNotOwn(const CallContext& call, const v1::Snapshot& about) {
  const std::string person = SubjectOf(about.employee());
  if (call.actor() != person && call.principal().subject != person) return absl::OkStatus();
  return errors::FailedPrecondition(v1::COMPETENCY_OWN, "Nobody assesses oneself.");
}

absl::Status RecordAssessmentsRead(postgres::Database& database,
                                   const CallContext& call,
                                   const Assessments& assessments) {
  std::vector<Reading> readings;
  for (const Assessment& one : assessments)
    readings.push_back({one.snapshot().employee(), one.name()});
  return RecordReadings(database, call, readings);
}

// The echelon, by which structural posts have their standard; empty for others.
absl::StatusOr<std::string> EchelonOf(PeopleClient& people,
                                      const CallContext& call,
                                      const v1::Snapshot& post) {
  if (post.position_kind() != "STRUCTURAL") return std::string();
  ASSIGN_OR_RETURN(const domain::PersonCard card,
                   people.GetCard(call, post.employee(), "", post.start_date()));
  return card.echelon;
}

}  // namespace

absl::StatusOr<Assessment> CompetencyAssessmentsService::AuthorizeAssessment(
    const CallContext& call, const Key& key) {
  using Found = std::optional<Assessment>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return CompetencyStore(tx).Find(key);
                   }));
  return Authorized(
      call, key.agency, kCompetencyAssessmentName.Format({key.agency, key.id}), std::move(found));
}

absl::StatusOr<Assessment> CompetencyAssessmentsService::Change(const CallContext& call,
                                                                const std::string& name,
                                                                const std::string& etag,
                                                                By by,
                                                                const std::string& type,
                                                                Rule rule) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kCompetencyAssessmentName, name, "name"));
  ASSIGN_OR_RETURN(const Assessment seen, AuthorizeAssessment(call, key));
  if (by == By::kAssessor) RETURN_IF_ERROR(CheckNotOwn(call, seen.snapshot()));
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Assessment> {
    RecordChange(tx, name, type);
    return CompetencyStore(tx).Update(key,
                                      api::Precondition::FromEtag(etag),
                                      [&](Assessment& assessment) { return rule(tx, assessment); });
  });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::GetCompetencyAssessment(
    grpc::CallbackServerContext* context,
    const v1::GetCompetencyAssessmentRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context,
                         request,
                         response,
                         [this, request](const CallContext& call) -> absl::StatusOr<Assessment> {
                           ASSIGN_OR_RETURN(
                               const Key key,
                               ParseKey(kCompetencyAssessmentName, request->name(), "name"));
                           ASSIGN_OR_RETURN(Assessment assessment, AuthorizeAssessment(call, key));
                           RETURN_IF_ERROR(RecordAssessmentsRead(database_, call, {assessment}));
                           return assessment;
                         });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::ListCompetencyAssessments(
    grpc::CallbackServerContext* context,
    const v1::ListCompetencyAssessmentsRequest* request,
    v1::ListCompetencyAssessmentsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListCompetencyAssessmentsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        CompetencyQuery query;
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        query.caller = call.principal().subject;
        query.employee = SubjectOf(request->employee());
        query.state = request->state();
        if (!request->cycle().empty()) {
          ASSIGN_OR_RETURN(const CycleKey cycle, ParseCycle(request->cycle(), "cycle"));
          query.cycle = cycle.cycle;
        }
        ASSIGN_OR_RETURN(
            Assessments assessments,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Assessments> {
              return CompetencyStore(tx).List(agency, query);
            }));
        v1::ListCompetencyAssessmentsResponse reply;
        reply.set_next_page_token(FillPage(
            *request, query.page, std::move(assessments), *reply.mutable_competency_assessments()));
        RETURN_IF_ERROR(RecordAssessmentsRead(
            database_,
            call,
            {reply.competency_assessments().begin(), reply.competency_assessments().end()}));
        return reply;
      });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::CreateCompetencyAssessment(
    grpc::CallbackServerContext* context,
    const v1::CreateCompetencyAssessmentRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<Assessment> {
        const Assessment& wanted = request->competency_assessment();
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(
            const Key key,
            ParseKey(kWorkPlanName, wanted.work_plan(), "competencyAssessment.workPlan"));
        if (key.agency != agency) return errors::Denied(call.permission(), wanted.work_plan());
        ASSIGN_OR_RETURN(const v1::WorkPlan plan, AuthorizePlan(database_, call, key));
        RETURN_IF_ERROR(CheckNotOwn(call, plan.snapshot()));
        using Standards = std::vector<domain::CompetencyStandard>;
        ASSIGN_OR_RETURN(const Standards standards, catalog_.ListCompetencyStandards(call, agency));
        ASSIGN_OR_RETURN(const std::string echelon, EchelonOf(people_, call, plan.snapshot()));
        ASSIGN_OR_RETURN(const domain::CompetencyStandard standard,
                         domain::ChooseStandard(
                             standards, wanted.competency_standard(), plan.snapshot(), echelon));
        ASSIGN_OR_RETURN(const CycleKey cycle_key, ParseCycle(plan.cycle(), "cycle"));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Assessment> {
          ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(cycle_key));
          RETURN_IF_ERROR(domain::CheckCycleOpen(cycle.state(), cycle.name()));
          RETURN_IF_ERROR(domain::CheckBinding(cycle));
          ASSIGN_OR_RETURN(
              Assessment opened,
              CompetencyStore(tx).Insert({agency, NewUuid7(call.time())},
                                         domain::OpenAssessment(plan, standard, call.time())));
          RecordChange(tx, opened.name(), "competencyAssessment.opened");
          return opened;
        });
      });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::AssessOwnCompetencies(
    grpc::CallbackServerContext* context,
    const v1::AssessOwnCompetenciesRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  By::kPerson,
                  "competencyAssessment.selfAssessed",
                  [&](postgres::Transaction&, Assessment& assessment) {
                    return domain::SetLevels(
                        assessment, CompetencyAction::kAssessSelf, request->levels());
                  });
  });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::AssessCompetencies(
    grpc::CallbackServerContext* context,
    const v1::AssessCompetenciesRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  By::kAssessor,
                  "competencyAssessment.assessed",
                  [&](postgres::Transaction&, Assessment& assessment) {
                    const std::string agency(api::AgencyOf(request->name()));
                    assessment.set_assessed_by(PersonName(agency, call.principal().subject));
                    return domain::SetLevels(
                        assessment, CompetencyAction::kAssess, request->levels());
                  });
  });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::SubmitCompetencyAssessment(
    grpc::CallbackServerContext* context,
    const v1::SubmitCompetencyAssessmentRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  By::kAssessor,
                  "competencyAssessment.submitted",
                  [&](postgres::Transaction& tx, Assessment& assessment) {
                    const std::string agency(api::AgencyOf(request->name()));
                    return domain::SubmitAssessment(assessment, TodayOf(tx, agency), call.time());
                  });
  });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::ReturnCompetencyAssessment(
    grpc::CallbackServerContext* context,
    const v1::ReturnCompetencyAssessmentRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  By::kPerson,
                  "competencyAssessment.returned",
                  [&](postgres::Transaction&, Assessment& assessment) {
                    return domain::ReturnAssessment(assessment, request->comment());
                  });
  });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::AcknowledgeCompetencyAssessment(
    grpc::CallbackServerContext* context,
    const v1::AcknowledgeCompetencyAssessmentRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  By::kPerson,
                  "competencyAssessment.acknowledged",
                  [&](postgres::Transaction&, Assessment& assessment) {
                    return domain::AcknowledgeAssessment(
                        assessment, request->comment(), call.time());
                  });
  });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::ConcludeCompetencyAssessment(
    grpc::CallbackServerContext* context,
    const v1::ConcludeCompetencyAssessmentRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  By::kAssessor,
                  "competencyAssessment.concluded",
                  [&](postgres::Transaction& tx, Assessment& assessment) {
                    const std::string agency(api::AgencyOf(request->name()));
                    return domain::ConcludeAssessment(assessment, TodayOf(tx, agency), call.time());
                  });
  });
}

grpc::ServerUnaryReactor* CompetencyAssessmentsService::CancelCompetencyAssessment(
    grpc::CallbackServerContext* context,
    const v1::CancelCompetencyAssessmentRequest* request,
    v1::CompetencyAssessment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  By::kAssessor,
                  "competencyAssessment.cancelled",
                  [&](postgres::Transaction&, Assessment& assessment) {
                    return domain::CancelAssessment(assessment, request->reason());
                  });
  });
}

}  // namespace teraju::evaluation
