// A city of 4,200 persons and 60 offerings: derived, planned and approved, with every need
// answered.
#include "services/training/api/training_fixture.h"

namespace teraju::training {
namespace {

using ::testing::ElementsAre;
using testing::IsOk;

constexpr int kPersons = 4200;
constexpr int kOfferings = 60;
constexpr const char* kTopics[] = {"BERORIENTASI_PELAYANAN",
                                   "AKUNTABEL",
                                   "KOMPETEN",
                                   "HARMONIS",
                                   "LOYAL",
                                   "ADAPTIF",
                                   "KOLABORATIF"};

class CityTest : public TrainingApiTest {
 protected:
  void FillPeers() {
    for (int i = 0; i < kPersons; ++i) {
      const std::string employee = "agencies/dumai/employees/e" + std::to_string(i);
      evaluation_.appraisals.push_back(
          {.employee = employee,
           .unit_path = {"agencies/dumai/units/u" + std::to_string(i / 20)},
           .appraiser = "agencies/dumai/employees/e" + std::to_string(i / 20 * 20),
           .segment_start = absl::CivilDay(2025, 1, 1),
           .result_below = i % 9 == 0,
           .behavior_below = i % 31 == 0,
           .mean_achievement = Decimal(60 + i % 40)});
      for (int t = 0; t < 7; ++t) {
        feedback_.topics.push_back({.employee = employee,
                                    .topic = kTopics[t],
                                    .mean = Decimal(28 + (i * 13 + t * 29) % 22, 1)});
      }
    }
  }
};

TEST_F(CityTest, EveryNeedIsAnsweredWithinTheLimit) {
  FillPeers();
  v1::DeriveNeedsRequest derive;
  derive.set_parent("agencies/dumai");
  derive.set_fiscal_year(2026);
  derive.set_period("agencies/dumai/cycles/2025/periods/year");
  derive.set_feedback_campaign("agencies/dumai/campaigns/c1");
  ASSERT_EQ(EndOf(Call<v1::Needs>(kHr, &v1::Needs::StubInterface::DeriveNeeds, derive)),
            "SUCCEEDED");
  for (int i = 0; i < kOfferings; ++i) AddOffering(kTopics[i % 7], 40, 200'000 + 50'000 * (i % 10));
  Query(
      "UPDATE offerings SET start_date = start_date + n::int * 5, end_date = end_date + n::int * 5 "
      "FROM"
      " (SELECT offering_id AS id, row_number() OVER (ORDER BY offering_id) AS n FROM offerings)"
      " AS o WHERE o.id = offering_id");
  AddBudget(400'000'000);
  v1::CreateAllocationPlanRequest create;
  create.set_parent("agencies/dumai");
  create.mutable_allocation_plan()->set_fiscal_year(2026);
  create.mutable_allocation_plan()->set_time_limit_seconds(10);
  using Plans = v1::AllocationPlans::StubInterface;
  const auto plan = Call<v1::AllocationPlans>(kHr, &Plans::CreateAllocationPlan, create);
  ASSERT_THAT(plan, IsOk());
  v1::SolveAllocationPlanRequest solve;
  solve.set_name(plan->name());
  ASSERT_EQ(EndOf(Call<v1::AllocationPlans>(kHr, &Plans::SolveAllocationPlan, solve)), "SUCCEEDED");
  EXPECT_THAT(Query("SELECT count(*) = (SELECT count(*) FROM needs) FROM allocation_decisions"),
              ElementsAre("t"));
  v1::ApproveAllocationPlanRequest approve;
  approve.set_name(plan->name());
  const auto approved = Call<v1::AllocationPlans>(kChief, &Plans::ApproveAllocationPlan, approve);
  ASSERT_THAT(approved, IsOk());
  EXPECT_GT(approved->needs(), 2000);
  EXPECT_GT(approved->needs_met(), 500);
  EXPECT_LE(approved->cost().units(), approved->budget().units());
  EXPECT_LE(Decimal::Parse(approved->gap_percent().value()).value(), Decimal(Integer(1), 1));
  EXPECT_THAT(Query("SELECT committed FROM budgets"),
              ElementsAre(std::to_string(approved->cost().units())));
}

}  // namespace
}  // namespace teraju::training
