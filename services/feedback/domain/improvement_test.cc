#include "services/feedback/domain/improvement.h"

#include <string>

#include "common/testing/status_matchers.h"
#include "services/feedback/domain/timestamp.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using Action = v1::ImprovementAction;
using Effect = v1::ImprovementEffect;

const absl::Time kEnd = absl::FromUnixSeconds(1'760'000'000);

v1::SurveyResult Result(const char* mean, const char* deviation, int answers) {
  v1::SurveyResult result;
  result.set_answers(answers);
  v1::ElementResult& element = *result.add_elements();
  element.set_element("U3");
  element.mutable_mean()->set_value(mean);
  if (*deviation != 0) element.mutable_deviation()->set_value(deviation);
  return result;
}

// The whole table: from each state, each end.
TEST(EndImprovement, OnlyAPlannedOneEnds) {
  for (const Action::State from : {Action::PLANNED, Action::DONE, Action::DROPPED}) {
    for (const Action::State to : {Action::DONE, Action::DROPPED}) {
      Action action;
      action.set_state(from);
      const absl::Status ended = EndImprovement(action, to, "Loket ditambah", kEnd);
      if (from == Action::PLANNED) {
        EXPECT_THAT(ended, IsOk());
        EXPECT_EQ(action.state(), to);
        EXPECT_EQ(action.outcome(), "Loket ditambah");
        EXPECT_EQ(FromProto(action.end_time()), kEnd);
      } else {
        EXPECT_THAT(ended, HasReason(v1::IMPROVEMENT_ENDED));
        EXPECT_EQ(action.state(), from);
      }
    }
  }
}

TEST(CheckImprovement, NeedsAShownResultWithTheElement) {
  Action action;
  action.set_element("U3");
  EXPECT_THAT(CheckImprovement(action, Result("2.500", "", 5)), IsOk());
  action.set_element("U4");
  EXPECT_THAT(CheckImprovement(action, Result("2.500", "", 5)),
              HasReason(v1::SURVEY_ELEMENT_UNKNOWN));
  v1::SurveyResult withheld;
  withheld.set_withheld(true);
  EXPECT_THAT(CheckImprovement(action, withheld), HasReason(v1::SURVEY_RESULT_WITHHELD));
}

// R: d <- 3.1 - 2.5; d + c(-1, 1) * qnorm(.975) * sqrt(.8^2 / 40 + .7^2 / 50)
TEST(MakeEffect, SaysMoreThanChanceOnlyWhereTheIntervalExcludesNoChange) {
  const auto better = MakeEffect("U3", Result("2.500", "0.800", 40), Result("3.100", "0.700", 50));
  ASSERT_TRUE(better.has_value());
  EXPECT_EQ(better->change().value(), "0.600");
  EXPECT_EQ(better->lower().value(), "0.29");
  EXPECT_EQ(better->upper().value(), "0.91");
  EXPECT_EQ(better->verdict(), Effect::IMPROVED);
  EXPECT_EQ(better->answers_before(), 40);
  EXPECT_EQ(better->answers_after(), 50);
  EXPECT_THAT(better->text_en(), HasSubstr("more than chance"));
  EXPECT_EQ(MakeEffect("U3", Result("3.100", "0.700", 50), Result("2.500", "0.800", 40))->verdict(),
            Effect::WORSENED);
  EXPECT_EQ(MakeEffect("U3", Result("2.900", "0.700", 50), Result("3.100", "0.800", 40))->verdict(),
            Effect::NO_SIGNIFICANT_CHANGE);
}

TEST(MakeEffect, DoesNotJudgeFewOrConstantAnswers) {
  EXPECT_EQ(MakeEffect("U3", Result("2.500", "", 5), Result("3.500", "0.500", 40))->verdict(),
            Effect::UNKNOWN);
  const auto constant =
      MakeEffect("U3", Result("2.000", "0.000", 40), Result("4.000", "0.000", 40));
  EXPECT_EQ(constant->verdict(), Effect::UNKNOWN);
  EXPECT_EQ(constant->change().value(), "2.000");
  EXPECT_FALSE(constant->has_lower());
  v1::SurveyResult withheld;
  withheld.set_withheld(true);
  EXPECT_FALSE(MakeEffect("U3", Result("2.500", "0.800", 40), withheld).has_value());
}

}  // namespace
}  // namespace teraju::feedback::domain
