// The README's diagrams are the tables of the code.
#include <string>

#include "evaluation_readme.h"
#include "gmock/gmock.h"
#include "services/evaluation/domain/annual_result.h"
#include "services/evaluation/domain/calibration.h"
#include "services/evaluation/domain/competency.h"
#include "services/evaluation/domain/development.h"
#include "services/evaluation/domain/guidance.h"
#include "services/evaluation/domain/objection.h"
#include "services/evaluation/domain/plan_amendment.h"
#include "services/evaluation/domain/progress.h"
#include "services/evaluation/domain/promotion.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/sharing.h"
#include "services/evaluation/domain/unit_result.h"
#include "services/evaluation/domain/work_plan.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::HasSubstr;

std::string Readme() { return std::string(kReadme.front().second); }

template <typename State, typename Action, std::size_t N>
std::string Diagram(const Transition<State, Action> (&table)[N],
                    State initial,
                    const std::string& (*name)(State)) {
  return "```mermaid\n" +
         ToMermaid(std::span<const Transition<State, Action>>(table),
                   initial,
                   name,
                   [](Action action) { return ActionName(action); }) +
         "```";
}

TEST(Readme, DrawsEveryStateMachineAsItIs) {
  EXPECT_THAT(Readme(),
              HasSubstr(Diagram(kPlanTransitions, v1::WorkPlan::DRAFT, v1::WorkPlan::State_Name)));
  EXPECT_THAT(
      Readme(),
      HasSubstr(Diagram(kEvaluationTransitions, v1::Evaluation::OPEN, v1::Evaluation::State_Name)));
  EXPECT_THAT(
      Readme(),
      HasSubstr(Diagram(kObjectionTransitions, v1::Objection::FILED, v1::Objection::State_Name)));
  EXPECT_THAT(
      Readme(),
      HasSubstr(Diagram(
          kAmendmentTransitions, v1::PlanAmendment::SUBMITTED, v1::PlanAmendment::State_Name)));
  EXPECT_THAT(
      Readme(),
      HasSubstr(Diagram(kActionItemTransitions, v1::ActionItem::OPEN, v1::ActionItem::State_Name)));
  EXPECT_THAT(Readme(),
              HasSubstr(Diagram(
                  kAnnualTransitions, v1::AnnualResult::DRAFT, v1::AnnualResult::State_Name)));
  EXPECT_THAT(Readme(),
              HasSubstr(Diagram(
                  kUnitResultTransitions, v1::UnitResult::DRAFT, v1::UnitResult::State_Name)));
  EXPECT_THAT(
      Readme(),
      HasSubstr(Diagram(kCompetencyTransitions, Assessment::DRAFT, Assessment::State_Name)));
  EXPECT_THAT(Readme(),
              HasSubstr(Diagram(kCalibrationTransitions, Session::OPEN, Session::State_Name)));
  EXPECT_THAT(Readme(),
              HasSubstr(Diagram(kDevelopmentTransitions, Programme::OPEN, Programme::State_Name)));
  EXPECT_THAT(
      Readme(),
      HasSubstr(Diagram(
          kSharingTransitions, v1::SharingAgreement::ACTIVE, v1::SharingAgreement::State_Name)));
  EXPECT_THAT(Readme(),
              HasSubstr(Diagram(kVacancyTransitions, v1::Vacancy::OPEN, v1::Vacancy::State_Name)));
  EXPECT_THAT(
      Readme(),
      HasSubstr(Diagram(
          kSupportTransitions, v1::SupportRequest::REQUESTED, v1::SupportRequest::State_Name)));
  EXPECT_THAT(Readme(),
              HasSubstr(Diagram(kAwardTransitions, v1::Award::NOMINATED, v1::Award::State_Name)));
}

}  // namespace
}  // namespace teraju::evaluation::domain
