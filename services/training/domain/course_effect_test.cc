#include "services/training/domain/course_effect.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::training::domain {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;

// `trained` people who gain `gain` points, beside as many colleagues who gain one.
EffectBasis Basis(int trained, int gain) {
  EffectBasis basis;
  const auto add = [&](const std::string& employee, int start, int change) {
    const Appraisal before{.employee = employee,
                           .unit_path = {"bidang", "dinas"},
                           .segment_start = absl::CivilDay(2025, 1, 1),
                           .segment_end = absl::CivilDay(2025, 12, 31),
                           .mean_achievement = Decimal(start)};
    Appraisal after = before;
    after.segment_start = absl::CivilDay(2026, 1, 1);
    after.segment_end = absl::CivilDay(2026, 12, 31);
    after.mean_achievement = Decimal(start + change);
    basis.before.push_back(before);
    basis.after.push_back(after);
  };
  google::type::Date day;
  day.set_year(2026);
  day.set_month(2);
  day.set_day(4);
  for (int i = 0; i < trained; ++i) {
    const std::string number = std::to_string(i);
    add("trained" + number, 70 + i % 3, gain + i % 2);
    add("colleague" + number, 70 + i % 3, i % 3);
    basis.completions["trained" + number] = day;
  }
  return basis;
}

TEST(EstimateCourse, SaysTheChangeBesideColleaguesAndExpectsAsMuch) {
  const auto effect = EstimateCourse(Basis(12, 15));
  ASSERT_THAT(effect, IsOk());
  EXPECT_EQ(effect->trained(), 12);
  EXPECT_EQ(effect->pairs(), 12);
  EXPECT_EQ(effect->mean().value(), "14.50");
  EXPECT_TRUE(effect->significant());
  EXPECT_THAT(effect->text_en(), HasSubstr("bserv"));
  // About half of a gap of 29 points, drawn a little towards 1.
  const Decimal expected = Decimal::Parse(effect->expected_effect().value()).value();
  EXPECT_GT(expected, Decimal(Integer(45), 2));
  EXPECT_LT(expected, Decimal(Integer(60), 2));
}

TEST(EstimateCourse, RefusesWithTooFewAndKeepsWhatWasExpected) {
  EffectBasis basis = Basis(5, 15);
  const auto refused = EstimateCourse(basis);
  ASSERT_THAT(refused, IsOk());
  EXPECT_EQ(refused->refusal_code(), "TOO_FEW_PAIRS");
  EXPECT_FALSE(refused->has_mean());
  EXPECT_FALSE(refused->text_id().empty());
  EXPECT_EQ(refused->expected_effect().value(), "1.000");
  basis.earlier.mutable_expected_effect()->set_value("0.500");
  EXPECT_EQ(EstimateCourse(basis)->expected_effect().value(), "0.500");
}

TEST(EstimateCourse, WhoAttendedAtAnotherTimeIsInNeitherGroup) {
  EffectBasis basis = Basis(12, 15);
  basis.completions["trained0"].set_year(2024);
  basis.completions["trained1"].set_year(2027);
  const auto effect = EstimateCourse(basis);
  ASSERT_THAT(effect, IsOk());
  EXPECT_EQ(effect->trained(), 10);
}

}  // namespace
}  // namespace teraju::training::domain
