#include "services/catalog/domain/method.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {
namespace {

using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

v1::Method Parse(const std::string& text) {
  v1::Method method;
  EXPECT_TRUE(google::protobuf::TextFormat::ParseFromString(text, &method));
  return method;
}

constexpr char kGoals[] =
    "goals { name: 'agencies/a/goals/program' kind: PROGRAMME title: 'P' parent_goal: "
    "'agencies/a/goals/sasaran' unit: 'agencies/a/units/dinas' first_year: 2025 last_year: 2029 } "
    "goals { name: 'agencies/a/goals/sasaran' kind: STRATEGIC_GOAL title: 'S' state: PUBLISHED "
    "  first_year: 2025 last_year: 2029 } "
    "indicators { name: 'agencies/a/indicators/i' goal: 'agencies/a/goals/program' title: 'I' "
    "  unit: 'agencies/a/units/dinas' revision: 4 baseline { value: '3' } } ";

TEST(RenameMethod, ArrivesUnderTheAgencysNamesWithoutUnitsParentsFirst) {
  const auto method = Rename(Parse(kGoals), AgencyId("b"));
  ASSERT_THAT(method, IsOk());
  ASSERT_THAT(method->goals(), SizeIs(2));
  EXPECT_EQ(method->goals(0).name(), "agencies/b/goals/sasaran");
  EXPECT_EQ(method->goals(1).parent_goal(), "agencies/b/goals/sasaran");
  EXPECT_EQ(method->indicators(0).goal(), "agencies/b/goals/program");
  EXPECT_EQ(method->indicators(0).revision(), 0);
  EXPECT_FALSE(method->indicators(0).has_baseline());
  EXPECT_EQ(method->ShortDebugString().find("dinas"), std::string::npos);
}

TEST(RenameMethod, RefusesAGoalThatServesNothingKnown) {
  v1::Method circle = Parse(kGoals);
  circle.mutable_goals()->DeleteSubrange(1, 1);
  EXPECT_THAT(Rename(circle, AgencyId("b")), ViolatesField("method.goals"));
}

TEST(RenameMethod, RefusesAPackThatDoesNotRead) {
  v1::Method method;
  method.add_policy_packs("{}");
  EXPECT_FALSE(Rename(method, AgencyId("b")).ok());
}

TEST(RenameMethod, RefusesAStandardThatRepeatsACompetency) {
  EXPECT_THAT(
      Rename(Parse("competency_standards { name: 'agencies/a/competencyStandards/x' "
                   "required_levels { competency: 'agencies/a/competencies/c' level: 3 } "
                   "required_levels { competency: 'agencies/a/competencies/c' level: 4 } }"),
             AgencyId("b")),
      HasReason(v1::COMPETENCY_REPEATED));
}

TEST(AsFirstRevision, ChangesTheRevisionAlone) {
  const auto definition = AsFirstRevision(R"({"name": "lokal", "revision": 7})");
  ASSERT_THAT(definition, IsOk());
  EXPECT_THAT(*definition, HasSubstr("\"lokal\""));
  EXPECT_EQ(definition->find('7'), std::string::npos);
}

}  // namespace
}  // namespace teraju::catalog::domain
