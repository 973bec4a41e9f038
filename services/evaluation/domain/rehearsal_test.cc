#include "services/evaluation/domain/rehearsal.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

const absl::Time kSwitchTime = absl::FromUnixSeconds(1'770'000'000);

v1::Cycle ShadowCycle(v1::Period::State year) {
  v1::Cycle cycle;
  cycle.set_name("agencies/a/cycles/2025");
  cycle.set_kind(v1::Cycle::SHADOW);
  v1::Period& period = *cycle.add_periods();
  period.set_name("agencies/a/cycles/2025/periods/year");
  period.set_state(year);
  return cycle;
}

void AddPeople(std::vector<ComparedPerson>& people,
               int count,
               const std::string& unit,
               v1::Predicate before,
               v1::Predicate after) {
  for (int i = 0; i < count; ++i)
    people.push_back({{unit + "-section", unit, "city"}, before, after});
}

TEST(CheckComparable, NeedsAPublishedYearOfARehearsal) {
  EXPECT_THAT(CheckComparable(ShadowCycle(v1::Period::PUBLISHED)), IsOk());
  EXPECT_THAT(CheckComparable(ShadowCycle(v1::Period::SCORED)), HasReason(v1::PERIODS_OPEN));
  v1::Cycle binding = ShadowCycle(v1::Period::PUBLISHED);
  binding.set_kind(v1::Cycle::ANNUAL);
  EXPECT_THAT(CheckComparable(binding), HasReason(v1::NOT_A_REHEARSAL));
}

TEST(CountDifferences, CountsByTheUnitsBelowTheRootAndWithholdsSmallCounts) {
  std::vector<ComparedPerson> people;
  AddPeople(people, 5, "a", v1::GOOD, v1::GOOD);
  AddPeople(people, 4, "a", v1::GOOD, v1::VERY_GOOD);
  AddPeople(people, 6, "a", v1::VERY_GOOD, v1::NEEDS_IMPROVEMENT);
  AddPeople(people, 5, "b", v1::GOOD, v1::GOOD);
  AddPeople(people, 5, "b", v1::GOOD, v1::VERY_GOOD);
  AddPeople(people, 5, "b", v1::VERY_GOOD, v1::GOOD);
  const auto counts = CountDifferences(people, 3);
  ASSERT_THAT(counts, SizeIs(3));  // the city, and no section
  EXPECT_EQ(counts[0].unit(), "city");
  EXPECT_EQ(counts[0].compared(), 30);
  EXPECT_EQ(counts[0].better(), 9);
  EXPECT_EQ(counts[0].worse(), 11);
  EXPECT_EQ(counts[1].same(), 5);
}

TEST(CountDifferences, OneWithheldCountDoesNotFollowFromTheOthers) {
  std::vector<ComparedPerson> people;
  AddPeople(people, 9, "a", v1::GOOD, v1::GOOD);
  AddPeople(people, 8, "a", v1::GOOD, v1::VERY_GOOD);
  AddPeople(people, 1, "a", v1::GOOD, v1::POOR);
  AddPeople(people, 9, "b", v1::GOOD, v1::GOOD);
  AddPeople(people, 8, "b", v1::GOOD, v1::VERY_GOOD);
  AddPeople(people, 7, "b", v1::GOOD, v1::POOR);
  for (const v1::RehearsalCounts& row : CountDifferences(people, 3)) {
    if (row.unit() != "a") continue;
    EXPECT_FALSE(row.has_worse());
    EXPECT_FALSE(row.has_compared() && row.has_better() && row.has_same());
  }
  for (const v1::RehearsalCounts& row : CountDifferences(people, 3)) {
    // 8 worse in the city less 7 in the other unit would be the one.
    if (row.unit() == "city") {
      EXPECT_FALSE(row.has_worse() && CountDifferences(people, 3)[2].has_worse());
    }
  }
  EXPECT_THAT(CountDifferences(people, 100), IsEmpty());
}

TEST(DecideRehearsal, IsDoneOnce) {
  v1::RehearsalReport report;
  ASSERT_THAT(DecideRehearsal(report, "agencies/a/officials/mayor", "Siap", kSwitchTime), IsOk());
  EXPECT_EQ(report.decision().reason(), "Siap");
  EXPECT_THAT(DecideRehearsal(report, "agencies/a/officials/mayor", "Siap", kSwitchTime),
              HasReason(v1::REHEARSAL_DECIDED));
}

TEST(CheckSwitched, OnlyTheFirstBindingCycleAfterARehearsalWaits) {
  v1::Cycle binding;
  binding.set_kind(v1::Cycle::ANNUAL);
  for (const bool rehearsed : {false, true}) {
    for (const bool decided : {false, true}) {
      for (const bool bound : {false, true}) {
        const RehearsalStand stand{rehearsed, decided, bound};
        EXPECT_EQ(CheckSwitched(binding, stand).ok(), !(rehearsed && !decided && !bound));
        EXPECT_THAT(CheckSwitched(ShadowCycle(v1::Period::OPEN), stand), IsOk());
      }
    }
  }
  EXPECT_THAT(CheckSwitched(binding, {.rehearsed = true}), HasReason(v1::REHEARSAL_NOT_DECIDED));
}

}  // namespace
}  // namespace teraju::evaluation::domain
