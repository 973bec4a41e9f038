// Where everybody stands: a leader's team in one call, participation by unit and leader, reminders.
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;

class OverviewsTest : public EvaluationTest {
 protected:
  using V = v1::Overviews;
  absl::StatusOr<v1::ListSubordinatesResponse> Team(const Caller& caller,
                                                    const std::string& appraiser = "",
                                                    int size = 500) {
    v1::ListSubordinatesRequest request;
    request.set_parent(kCycle);
    request.set_appraiser(appraiser);
    request.set_page_size(size);
    return Call<V>(caller, &V::StubInterface::ListSubordinates, request);
  }
  absl::StatusOr<v1::Participation> Participating(const Caller& caller) {
    v1::GetParticipationRequest request;
    request.set_name(std::string(kCycle) + "/participation");
    return Call<V>(caller, &V::StubInterface::GetParticipation, request);
  }
};

TEST_F(OverviewsTest, ALeaderSeesTheTeamInOneCall) {
  ASSERT_THAT(CreateCycle(), IsOk());
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  Agree("officer", kHead);
  ASSERT_THAT(Realise("officer", "35", 3, 31), IsOk());
  host_.clock().Advance(absl::Hours(24 * 100));
  const auto team = Team(kHead);
  ASSERT_THAT(team, IsOk());
  ASSERT_EQ(team->subordinates_size(), 2);
  const bool officer_first = team->subordinates(0).employee().ends_with("/officer");
  const v1::Subordinate& officer = team->subordinates(officer_first ? 0 : 1);
  const v1::Subordinate& colleague = team->subordinates(officer_first ? 1 : 0);
  EXPECT_EQ(officer.plan_state(), v1::WorkPlan::APPROVED);
  EXPECT_EQ(officer.last_progress_date().month(), 3);
  ASSERT_EQ(officer.periods_size(), 5);
  EXPECT_EQ(officer.periods(0).period(), "year");
  EXPECT_EQ(officer.periods(1).period(), "q1");
  EXPECT_EQ(officer.periods(1).evaluation(), EvaluationOf("officer", "q1"));
  EXPECT_THAT(officer.late(), ElementsAre(v1::CHECK_IN_OVERDUE));
  EXPECT_THAT(colleague.late(), ElementsAre(v1::PLAN_NOT_SUBMITTED));
  EXPECT_EQ(Team(kOfficer)->subordinates_size(), 0);
  EXPECT_THAT(Team(kOfficer, "agencies/plaju/employees/head"), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(Team(kHr, "agencies/plaju/employees/head")->subordinates_size(), 2);
}

TEST_F(OverviewsTest, ATeamOfFiveHundredComesInOnePage) {
  identity_.page_size = 1000;
  for (int i = 0; i < 498; ++i) {
    identity_.segments.push_back(
        Segment("p" + std::to_string(i), false, "employees/head", "officials/mayor"));
  }
  ASSERT_THAT(CreateCycle(), IsOk());
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  const auto page = Team(kHead);
  EXPECT_EQ(page->subordinates_size(), 500);
  EXPECT_EQ(page->next_page_token(), "");
  EXPECT_NE(Team(kHead, "", 499)->next_page_token(), "");
}

TEST_F(OverviewsTest, ParticipationIsCountedByUnitAndLeaderAndLateLeadersAreReminded) {
  ASSERT_THAT(CreateCycle(), IsOk());
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  Agree("officer", kHead);
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  ASSERT_THAT(Rate(kHead, EvaluationOf("officer", "q1"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  EXPECT_THAT(Participating(kHead), HasReason(PERMISSION_DENIED));
  const auto seen = Participating(kHr);
  ASSERT_THAT(seen, IsOk());
  ASSERT_EQ(seen->units_size(), 1);
  EXPECT_EQ(seen->units(0).subject(), kOffice);
  EXPECT_EQ(seen->units(0).plans(), 3);
  EXPECT_EQ(seen->units(0).approved(), 1);
  EXPECT_EQ(seen->units(0).to_rate(), 3);
  EXPECT_EQ(seen->units(0).rated(), 1);
  ASSERT_EQ(seen->leaders_size(), 2);
  EXPECT_EQ(seen->leaders(0).subject(), "agencies/plaju/employees/head");
  v1::RemindLeadersRequest request;
  request.set_name(std::string(kCycle) + "/participation");
  EXPECT_EQ(Call<V>(kHr, &V::StubInterface::RemindLeaders, request)->leaders(), 2);
  EXPECT_THAT(Query("SELECT resource FROM outbox WHERE type = 'leader.reminded' ORDER BY resource"),
              ElementsAre("agencies/plaju/employees/head", "agencies/plaju/officials/mayor"));
}

}  // namespace
}  // namespace teraju::evaluation
