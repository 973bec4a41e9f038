#include "services/evaluation/domain/fairness.h"

#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

void AddGroup(std::vector<FairnessPerson>& people,
              int count,
              const std::string& unit,
              const std::string& kind,
              const std::string& rank,
              v1::Predicate predicate) {
  for (int i = 0; i < count; ++i)
    people.push_back({{unit + "-section", unit, "city"}, kind, rank, predicate});
}

const v1::FairnessGroup* FindGroup(const std::vector<v1::FairnessGroup>& groups,
                                   v1::FairnessReport::Dimension dimension,
                                   const std::string& name) {
  for (const v1::FairnessGroup& group : groups) {
    if (group.dimension() == dimension && group.group() == name) return &group;
  }
  return nullptr;
}

std::vector<FairnessPerson> City() {
  std::vector<FairnessPerson> people;
  for (const char* unit : {"a", "b"}) {
    for (const char* rank : {"II", "III"}) {
      AddGroup(people, 15, unit, "FUNCTIONAL", rank, v1::VERY_GOOD);
      AddGroup(people, 5, unit, "FUNCTIONAL", rank, v1::GOOD);
      AddGroup(people, 5, unit, "FUNCTIONAL", rank, v1::NEEDS_IMPROVEMENT);
      AddGroup(people, 5, unit, "GENERAL", rank, v1::VERY_GOOD);
      AddGroup(people, 15, unit, "GENERAL", rank, v1::GOOD);
      AddGroup(people, 5, unit, "GENERAL", rank, v1::POOR);
    }
  }
  return people;
}

TEST(RankGroupOf, IsTheGolongan) {
  EXPECT_EQ(RankGroupOf("11"), "I");
  EXPECT_EQ(RankGroupOf("34"), "III");
  EXPECT_EQ(RankGroupOf("45"), "IV");
  EXPECT_EQ(RankGroupOf("IX"), "PPPK");
  EXPECT_EQ(RankGroupOf("51"), "OTHER");
  EXPECT_EQ(RankGroupOf("46"), "OTHER");
  EXPECT_EQ(RankGroupOf("III/d"), "OTHER");
  EXPECT_EQ(RankGroupOf(""), "OTHER");
}

// Newcombe 1998, table II, method 10.
TEST(CompareShares, GivesThePublishedIntervals) {
  const ShareDifference a = CompareShares(56, 70, 48, 80);
  EXPECT_NEAR(a.difference, 0.2, 1e-9);
  EXPECT_NEAR(a.low, 0.0524, 5e-5);
  EXPECT_NEAR(a.high, 0.3339, 5e-5);
  const ShareDifference c = CompareShares(6, 7, 2, 7);
  EXPECT_NEAR(c.low, 0.0582, 5e-5);
  EXPECT_NEAR(c.high, 0.8062, 5e-5);
  const ShareDifference none = CompareShares(0, 10, 0, 20);
  EXPECT_NEAR(none.low, -0.1611, 5e-5);
  EXPECT_NEAR(none.high, 0.2775, 5e-5);
}

TEST(CountFairness, TellsHowGroupsDifferAndWhereThereIsNoDifference) {
  const auto groups = CountFairness(City(), 3);
  const v1::FairnessGroup* everybody = FindGroup(groups, v1::FairnessReport::EVERYBODY, "");
  ASSERT_NE(everybody, nullptr);
  EXPECT_EQ(everybody->people(), 200);
  EXPECT_EQ(everybody->very_good(), 80);
  EXPECT_EQ(everybody->lower(), 40);
  const v1::FairnessGroup* functional =
      FindGroup(groups, v1::FairnessReport::POSITION_KIND, "FUNCTIONAL");
  ASSERT_NE(functional, nullptr);
  EXPECT_EQ(functional->people(), 100);
  EXPECT_EQ(functional->effect().difference().value(), "40.0");
  EXPECT_THAT(functional->effect().text_en(), HasSubstr("larger than chance"));
  EXPECT_THAT(functional->effect().text_id(), HasSubstr("n = 100 dan 100"));
  const v1::FairnessGroup* unit = FindGroup(groups, v1::FairnessReport::UNIT, "a");
  ASSERT_NE(unit, nullptr);
  EXPECT_EQ(unit->effect().difference().value(), "0.0");
  EXPECT_THAT(unit->effect().text_en(), HasSubstr("no significant difference"));
}

TEST(CountFairness, NeitherSmallCountsNorWhatFollowsFromThemAreShown) {
  std::vector<FairnessPerson> people = City();
  AddGroup(people, 1, "a", "STRUCTURAL", "IV", v1::POOR);
  const auto groups = CountFairness(people, 3);
  EXPECT_EQ(FindGroup(groups, v1::FairnessReport::POSITION_KIND, "STRUCTURAL"), nullptr);
  EXPECT_EQ(FindGroup(groups, v1::FairnessReport::RANK_GROUP, "IV"), nullptr);
  // Everybody less the other kinds would be the one.
  const v1::FairnessGroup* everybody = FindGroup(groups, v1::FairnessReport::EVERYBODY, "");
  const v1::FairnessGroup* functional =
      FindGroup(groups, v1::FairnessReport::POSITION_KIND, "FUNCTIONAL");
  const v1::FairnessGroup* general =
      FindGroup(groups, v1::FairnessReport::POSITION_KIND, "GENERAL");
  const bool all = everybody != nullptr && functional != nullptr && general != nullptr &&
                   everybody->has_people() && functional->has_people() && general->has_people();
  EXPECT_FALSE(all);
  const bool lower = everybody != nullptr && functional != nullptr && general != nullptr &&
                     everybody->has_lower() && functional->has_lower() && general->has_lower();
  EXPECT_FALSE(lower);
}

TEST(CountFairness, OfAFewPeopleNothingIsTold) {
  std::vector<FairnessPerson> people;
  AddGroup(people, 2, "a", "GENERAL", "II", v1::GOOD);
  EXPECT_THAT(CountFairness(people, 3), IsEmpty());
}

}  // namespace
}  // namespace teraju::evaluation::domain
