#include "services/evaluation/domain/fairness.h"

#include <array>
#include <map>
#include <optional>
#include <random>
#include <utility>

#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;

struct Kin {
  std::string unit = "a";
  std::string kind = "GENERAL";
  std::string rank = "III";
  std::string gender = "MALE";
  v1::Predicate predicate = v1::GOOD;
  FairnessObjection objection = FairnessObjection::kNone;
};

void AddPeople(std::vector<FairnessPerson>& people, int count, const Kin& kin) {
  for (int i = 0; i < count; ++i) {
    people.push_back({.unit_path = {kin.unit + "-section", kin.unit, "city"},
                      .position_kind = kin.kind,
                      .rank_group = kin.rank,
                      .gender = kin.gender,
                      .predicate = kin.predicate,
                      .objection = kin.objection});
  }
}

void AddGroup(std::vector<FairnessPerson>& people,
              int count,
              const std::string& unit,
              const std::string& kind,
              const std::string& rank,
              v1::Predicate predicate) {
  AddPeople(people, count, {.unit = unit, .kind = kind, .rank = rank, .predicate = predicate});
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

TEST(GenderGroupOf, IsTheGenderOrOther) {
  EXPECT_EQ(GenderGroupOf("FEMALE"), "FEMALE");
  EXPECT_EQ(GenderGroupOf(""), "OTHER");
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

// Men are Sangat Baik more often; of the women more object.
std::vector<FairnessPerson> MenAndWomen() {
  std::vector<FairnessPerson> people;
  using enum FairnessObjection;
  for (const char* unit : {"a", "b"}) {
    AddPeople(people, 24, {.unit = unit, .predicate = v1::VERY_GOOD});
    AddPeople(people, 12, {.unit = unit});
    AddPeople(people, 4, {.unit = unit, .objection = kChanged});
    AddPeople(people, 12, {.unit = unit, .gender = "FEMALE", .predicate = v1::VERY_GOOD});
    AddPeople(people, 16, {.unit = unit, .gender = "FEMALE"});
    AddPeople(people, 8, {.unit = unit, .gender = "FEMALE", .objection = kUnchanged});
    AddPeople(people, 4, {.unit = unit, .gender = "FEMALE", .objection = kChanged});
  }
  return people;
}

TEST(CountFairness, ComparesMenAndWomenAndCountsTheirObjections) {
  const auto groups = CountFairness(MenAndWomen(), 3);
  const v1::FairnessGroup* women = FindGroup(groups, v1::FairnessReport::GENDER, "FEMALE");
  ASSERT_NE(women, nullptr);
  EXPECT_EQ(women->people(), 80);
  EXPECT_EQ(women->very_good(), 24);
  EXPECT_EQ(women->effect().difference().value(), "-30.0");
  EXPECT_THAT(women->effect().text_en(), HasSubstr("larger than chance"));
  EXPECT_EQ(women->objections(), 24);
  EXPECT_FALSE(women->has_objections_changed() && groups.front().has_objections_changed());
  const v1::FairnessGroup* men = FindGroup(groups, v1::FairnessReport::GENDER, "MALE");
  ASSERT_NE(men, nullptr);
  EXPECT_EQ(men->objections(), 8);
  // All were changed; to know that would be to know of each how it ended.
  EXPECT_FALSE(men->has_objections_changed());
  EXPECT_EQ(groups.front().objections(), 32);
  EXPECT_EQ(FindGroup(groups, v1::FairnessReport::UNIT, "a")->objections(), 16);
}

TEST(CountFairness, OneWomanIsNotTheRestOfTheMen) {
  std::vector<FairnessPerson> people = City();
  AddPeople(people, 1, {.gender = "FEMALE", .predicate = v1::POOR});
  const auto groups = CountFairness(people, 3);
  ASSERT_TRUE(groups.front().has_people());
  EXPECT_EQ(FindGroup(groups, v1::FairnessReport::GENDER, "FEMALE"), nullptr);
  EXPECT_EQ(FindGroup(groups, v1::FairnessReport::GENDER, "MALE"), nullptr);
}

// Men are the functional posts and one more.
TEST(CountFairness, NothingFollowsFromTwoDimensionsTogether) {
  std::vector<FairnessPerson> people;
  AddPeople(people, 20, {.kind = "FUNCTIONAL"});
  AddPeople(people, 1, {.predicate = v1::POOR});
  AddPeople(people, 19, {.gender = "FEMALE"});
  const auto groups = CountFairness(people, 3);
  const bool both = FindGroup(groups, v1::FairnessReport::GENDER, "MALE") != nullptr &&
                    FindGroup(groups, v1::FairnessReport::POSITION_KIND, "FUNCTIONAL") != nullptr;
  EXPECT_FALSE(both);
}

TEST(CountFairness, TwoWhoObjectedAreNotTheRestOfTheOthers) {
  std::vector<FairnessPerson> people = City();
  AddPeople(people, 6, {.objection = FairnessObjection::kUnchanged});
  AddPeople(people, 38, {.gender = "FEMALE"});
  AddPeople(people, 2, {.gender = "FEMALE", .objection = FairnessObjection::kUnchanged});
  const auto groups = CountFairness(people, 3);
  const v1::FairnessGroup* women = FindGroup(groups, v1::FairnessReport::GENDER, "FEMALE");
  const v1::FairnessGroup* men = FindGroup(groups, v1::FairnessReport::GENDER, "MALE");
  ASSERT_NE(women, nullptr);
  ASSERT_NE(men, nullptr);
  EXPECT_EQ(women->people(), 40);
  EXPECT_FALSE(women->has_objections());
  EXPECT_FALSE(men->has_objections() && groups.front().has_objections());
}

TEST(CountFairness, AllButTwoWhoObjectedOrWereHeardAreNotTold) {
  using enum FairnessObjection;
  std::vector<FairnessPerson> people = City();
  AddPeople(people, 20, {.objection = kChanged});
  AddPeople(people, 20, {.objection = kUnchanged});
  AddPeople(people, 2, {.gender = "FEMALE"});
  AddPeople(people, 38, {.gender = "FEMALE", .objection = kChanged});
  auto groups = CountFairness(people, 3);
  EXPECT_FALSE(FindGroup(groups, v1::FairnessReport::GENDER, "FEMALE")->has_objections());
  people.resize(people.size() - 4);
  AddPeople(people, 10, {.gender = "FEMALE"});
  AddPeople(people, 2, {.gender = "FEMALE", .objection = kUnchanged});
  groups = CountFairness(people, 3);
  const v1::FairnessGroup* women = FindGroup(groups, v1::FairnessReport::GENDER, "FEMALE");
  const v1::FairnessGroup* men = FindGroup(groups, v1::FairnessReport::GENDER, "MALE");
  ASSERT_NE(men, nullptr);
  const bool changed = women->has_objections_changed() ||
                       (groups.front().has_objections_changed() && men->has_objections_changed());
  EXPECT_FALSE(women->has_objections() && changed);
}

TEST(CountFairness, WhereFewAreLowerSangatBaikIsStillCompared) {
  std::vector<FairnessPerson> people = City();
  AddPeople(people, 20, {.gender = "FEMALE", .predicate = v1::VERY_GOOD});
  AddPeople(people, 60, {.gender = "FEMALE"});
  AddPeople(people, 1, {.gender = "FEMALE", .predicate = v1::POOR});
  const auto groups = CountFairness(people, 3);
  const v1::FairnessGroup* women = FindGroup(groups, v1::FairnessReport::GENDER, "FEMALE");
  const v1::FairnessGroup* men = FindGroup(groups, v1::FairnessReport::GENDER, "MALE");
  ASSERT_NE(women, nullptr);
  ASSERT_NE(men, nullptr);
  EXPECT_TRUE(women->has_effect());
  EXPECT_TRUE(men->has_effect());
  EXPECT_FALSE(women->has_lower() || men->has_lower());
  EXPECT_FALSE(women->has_good());
}

TEST(CountFairness, AUnitWithFewLowerPredicatesDoesNotCostThoseOfTheAgency) {
  std::vector<FairnessPerson> people = City();
  AddPeople(people, 20, {.unit = "c", .predicate = v1::VERY_GOOD});
  AddPeople(people, 20, {.unit = "c"});
  AddPeople(people, 1, {.unit = "c", .predicate = v1::POOR});
  const auto groups = CountFairness(people, 3);
  EXPECT_EQ(groups.front().very_good(), 100);
  EXPECT_EQ(groups.front().lower(), 41);
  const v1::FairnessGroup* unit = FindGroup(groups, v1::FairnessReport::UNIT, "c");
  ASSERT_NE(unit, nullptr);
  EXPECT_EQ(unit->people(), 41);
  EXPECT_FALSE(unit->has_very_good());
}

std::optional<int> ShownIn(const v1::FairnessGroup& group, const std::string& count) {
  const auto* field = v1::FairnessGroup::descriptor()->FindFieldByName(count);
  const auto& reflection = *v1::FairnessGroup::GetReflection();
  if (!reflection.HasField(group, field)) return std::nullopt;
  return reflection.GetInt32(group, field);
}

std::vector<FairnessPerson> PeopleByChance(std::mt19937& random) {
  const auto draw = [&](std::initializer_list<double> weights) {
    return std::discrete_distribution<int>(weights)(random);
  };
  std::vector<FairnessPerson> people;
  for (int i = 0; i < 150; ++i) {
    AddPeople(people,
              1,
              {.unit = std::string(1, static_cast<char>('a' + draw({6, 3, 1}))),
               .kind = draw({3, 2}) == 0 ? "GENERAL" : "FUNCTIONAL",
               .rank = draw({5, 4}) == 0 ? "III" : "IV",
               .gender = draw({9, 1}) == 0 ? "MALE" : "FEMALE",
               .predicate = std::array{v1::VERY_GOOD, v1::GOOD, v1::POOR}[draw({4, 8, 1})],
               .objection = static_cast<FairnessObjection>(draw({8, 1, 1}))});
  }
  return people;
}

// Neither of everybody less the groups of a dimension, nor of a group less a part of it.
TEST(CountFairness, WhatIsLeftIsNeverAboutAFewPeople) {
  constexpr int kThreshold = 3;
  const std::pair<const char*, const char*> parts[] = {{"people", "very_good"},
                                                       {"people", "good"},
                                                       {"people", "lower"},
                                                       {"people", "objections"},
                                                       {"objections", "objections_changed"}};
  std::mt19937 random(7);
  int shown = 0;
  for (int round = 0; round < 25; ++round) {
    const auto groups = CountFairness(PeopleByChance(random), kThreshold);
    ASSERT_EQ(groups.at(0).dimension(), v1::FairnessReport::EVERYBODY);
    for (const v1::FairnessGroup& group : groups) {
      for (const auto& [whole, part] : parts) {
        const auto few = ShownIn(group, part);
        if (!few) continue;
        ++shown;
        EXPECT_GE(*few, kThreshold);
        ASSERT_TRUE(ShownIn(group, whole)) << part;
        EXPECT_GE(*ShownIn(group, whole) - *few, kThreshold) << part;
      }
    }
    for (const char* count :
         {"people", "very_good", "good", "lower", "objections", "objections_changed"}) {
      std::map<int, int> left;  // by dimension
      for (const v1::FairnessGroup& group : groups)
        left.try_emplace(group.dimension(), ShownIn(groups[0], count).value_or(0));
      std::map<int, int> told;
      for (const v1::FairnessGroup& group : groups) {
        if (!ShownIn(group, count)) continue;
        left[group.dimension()] -= *ShownIn(group, count);
        ++told[group.dimension()];
      }
      for (const auto& [dimension, rest] : left) {
        if (!ShownIn(groups[0], count) || dimension == v1::FairnessReport::EVERYBODY) continue;
        const bool all = told[dimension] == (dimension == v1::FairnessReport::UNIT ? 3 : 2);
        EXPECT_TRUE(all ? rest == 0 : rest >= kThreshold)
            << round << ": " << count << " by " << dimension << ": " << rest;
      }
    }
  }
  EXPECT_GT(shown, 300);
}

TEST(CountFairness, OfAFewPeopleNothingIsTold) {
  std::vector<FairnessPerson> people;
  AddGroup(people, 2, "a", "GENERAL", "II", v1::GOOD);
  EXPECT_THAT(CountFairness(people, 3), IsEmpty());
}

}  // namespace
}  // namespace teraju::evaluation::domain
