#include "services/training/clients/grpc_evaluation_client.h"

#include <map>

#include "common/api/resource_key.h"
#include "common/api/resource_name.h"
#include "common/decimal/proto_decimal.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/training/clients/peer_error.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training {
namespace {

namespace peer = evaluation::v1;

constexpr int kPageSize = 1000;
constexpr api::NamePattern kPeriodName{"agencies/{agency}/cycles/{cycle}/periods/{period}"};

absl::Status NotPublished(const std::string& period) {
  return errors::FailedPrecondition(v1::RESULTS_NOT_PUBLISHED, "The results are not published.")
      .With("period", period);
}

bool IsFinal(const peer::Evaluation& evaluation) {
  return evaluation.state() == peer::Evaluation::FINAL ||
         evaluation.state() == peer::Evaluation::ACKNOWLEDGED;
}

domain::Appraisal ToAppraisal(const peer::Evaluation& evaluation) {
  const peer::Snapshot& snapshot = evaluation.snapshot();
  const google::type::Date& start = snapshot.start_date();
  const google::type::Date& end = snapshot.end_date();
  domain::Appraisal appraisal{
      .employee = snapshot.employee(),
      .unit_path = {snapshot.unit_path().begin(), snapshot.unit_path().end()},
      .appraiser = snapshot.appraiser(),
      .segment_start = absl::CivilDay(start.year(), start.month(), start.day()),
      .segment_end = absl::CivilDay(end.year(), end.month(), end.day()),
      .result_above = evaluation.result_rating() == peer::ABOVE_EXPECTATION,
      .result_below = evaluation.result_rating() == peer::BELOW_EXPECTATION,
      .behavior_above = evaluation.behavior_rating() == peer::ABOVE_EXPECTATION,
      .behavior_below = evaluation.behavior_rating() == peer::BELOW_EXPECTATION};
  if (evaluation.computed().has_mean_achievement()) {
    const auto mean = FromProto(evaluation.computed().mean_achievement());
    if (mean.ok()) appraisal.mean_achievement = *mean;
  }
  return appraisal;
}

absl::CivilDay StartOf(const peer::CompetencyAssessment& assessment) {
  const google::type::Date& start = assessment.snapshot().start_date();
  return absl::CivilDay(start.year(), start.month(), start.day());
}

}  // namespace

absl::Status GrpcEvaluationClient::CheckPublished(const CallContext& call,
                                                  const std::string& period) {
  ASSIGN_OR_RETURN(const auto ids, kPeriodName.Parse(period, "period"));
  peer::GetCycleRequest request;
  request.set_name("agencies/" + ids[0] + "/cycles/" + ids[1]);
  const auto cycle = cycles_.CallAsService(call, &peer::Cycles::StubInterface::GetCycle, request);
  if (absl::IsNotFound(cycle.status())) return NotPublished(period);
  if (!cycle.ok()) return PeerError(cycle.status(), "evaluation");
  for (const peer::Period& one : cycle->periods()) {
    if (one.name() == period && one.state() == peer::Period::PUBLISHED) return absl::OkStatus();
  }
  return NotPublished(period);
}

absl::StatusOr<std::vector<domain::Appraisal>> GrpcEvaluationClient::ListAppraisals(
    const CallContext& call, const std::string& period) {
  std::vector<domain::Appraisal> appraisals;
  peer::ListEvaluationsRequest request;
  request.set_parent("agencies/" + std::string(api::AgencyOf(period)));
  request.set_period(period);
  request.set_page_size(kPageSize);
  do {
    const auto page = evaluations_.CallAsService(
        call, &peer::Evaluations::StubInterface::ListEvaluations, request);
    if (!page.ok()) return PeerError(page.status(), "evaluation");
    for (const peer::Evaluation& evaluation : page->evaluations()) {
      if (IsFinal(evaluation)) appraisals.push_back(ToAppraisal(evaluation));
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  return appraisals;
}

absl::StatusOr<std::vector<domain::CompetencyGap>> GrpcEvaluationClient::ListCompetencyGaps(
    const CallContext& call, const std::string& period) {
  ASSIGN_OR_RETURN(const auto ids, kPeriodName.Parse(period, "period"));
  std::map<std::string, peer::CompetencyAssessment> last;
  peer::ListCompetencyAssessmentsRequest request;
  request.set_parent("agencies/" + ids[0]);
  request.set_cycle("agencies/" + ids[0] + "/cycles/" + ids[1]);
  request.set_state(peer::CompetencyAssessment::FINAL);
  request.set_page_size(kPageSize);
  do {
    const auto page = assessments_.CallAsService(
        call, &peer::CompetencyAssessments::StubInterface::ListCompetencyAssessments, request);
    if (!page.ok()) return PeerError(page.status(), "evaluation");
    for (const peer::CompetencyAssessment& one : page->competency_assessments()) {
      const auto [kept, fresh] = last.emplace(one.snapshot().employee(), one);
      if (!fresh && StartOf(kept->second) < StartOf(one)) kept->second = one;
    }
    request.set_page_token(page->next_page_token());
  } while (!request.page_token().empty());
  std::vector<domain::CompetencyGap> gaps;
  for (const auto& [employee, assessment] : last) {
    for (const peer::AssessedCompetency& one : assessment.competencies()) {
      if (one.standing() != peer::AssessedCompetency::WEAKNESS) continue;
      gaps.push_back({.employee = employee,
                      .topic = api::IdOf(one.competency()),
                      .level = one.assessed_level(),
                      .required_level = one.required_level()});
    }
  }
  return gaps;
}

}  // namespace teraju::training
