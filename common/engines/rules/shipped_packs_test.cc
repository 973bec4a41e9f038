#include "common/engines/rules/shipped_packs.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <sstream>

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/pack_vectors.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::IsOk;

TEST(ShippedPacks, AreReadUnderTheirNames) {
  ASSERT_FALSE(ShippedPacks().empty());
  for (const ShippedPack& shipped : ShippedPacks()) {
    std::vector<PackProblem> problems;
    const auto pack = ParsePack(shipped.json, &problems);
    for (const PackProblem& problem : problems) {
      ADD_FAILURE() << shipped.name << ": " << ToString(problem);
    }
    if (pack.ok()) {
      EXPECT_EQ(pack->name, shipped.name);
    }
  }
  EXPECT_EQ(FindShippedPack("nothing"), nullptr);
}

// The vectors of the shipped packs, each a test of its own: those of the regulations name the
// section of the rule book.
struct VectorCase {
  const PolicyPack* pack;
  int index;
};

std::vector<VectorCase> AllVectors() {
  std::vector<VectorCase> all;
  for (const ShippedPack& shipped : ShippedPacks()) {
    const PolicyPack* pack = FindShippedPack(shipped.name);
    for (int i = 0; pack != nullptr && i < static_cast<int>(pack->vectors.size()); ++i) {
      all.push_back({pack, i});
    }
  }
  return all;
}

std::string NameOf(const ::testing::TestParamInfo<VectorCase>& info) {
  const Vector& vector = info.param.pack->vectors[static_cast<std::size_t>(info.param.index)];
  std::string name =
      info.param.pack->name + "_" + std::to_string(info.param.index) + "_" + vector.name;
  std::replace_if(
      name.begin(), name.end(), [](unsigned char c) { return std::isalnum(c) == 0; }, '_');
  return name;
}

class ShippedVector : public ::testing::TestWithParam<VectorCase> {};

TEST_P(ShippedVector, Holds) {
  PolicyPack pack = *GetParam().pack;
  pack.vectors = {pack.vectors[static_cast<std::size_t>(GetParam().index)]};
  for (const PackProblem& problem : RunVectors(pack)) ADD_FAILURE() << ToString(problem);
}

// An account can be checked by whoever has it and the pack.
TEST_P(ShippedVector, GivesAnAccountThatChecks) {
  const PolicyPack& pack = *GetParam().pack;
  const Vector& vector = pack.vectors[static_cast<std::size_t>(GetParam().index)];
  const auto evaluation = Evaluate(pack, vector.method, vector.inputs);
  ASSERT_EQ(evaluation.ok(), vector.error.empty());
  if (!evaluation.ok()) return;
  const std::string canonical = CanonicalJson(ToJson(*evaluation));
  const Json account = *ParseJson(canonical);
  EXPECT_EQ(CanonicalJson(account), canonical);
  EXPECT_THAT(CheckAccount(pack, account), IsOk());
}

INSTANTIATE_TEST_SUITE_P(Rules, ShippedVector, ::testing::ValuesIn(AllVectors()), NameOf);

// 2.4: three categories of aspects make one of the result; the rule book's expanded table.
TEST(PermenPanRb8, CombinesThreeCategoriesAsTheExpandedTable) {
  const PolicyPack& pack = *FindShippedPack("permenpanrb-8-2021");
  const std::pair<const char*, std::vector<const char*>> table[] = {
      {"SANGAT_BAIK", {"SB SB SB", "SB SB B", "SB B B"}},
      {"BAIK", {"SB SB C", "SB SB K", "SB B C", "B B B", "B B C"}},
      {"CUKUP",
       {"SB SB SK",
        "SB B K",
        "SB B SK",
        "SB C C",
        "SB C K",
        "SB C SK",
        "SB K K",
        "SB K SK",
        "B B K",
        "B B SK",
        "B C C",
        "B C K",
        "B C SK",
        "B K K",
        "C C C",
        "C C K"}},
      {"KURANG",
       {"SB SK SK",
        "B K SK",
        "B SK SK",
        "C C SK",
        "C K K",
        "C K SK",
        "C SK SK",
        "K K K",
        "K K SK"}},
      {"SANGAT_KURANG", {"K SK SK", "SK SK SK"}},
  };
  const std::map<std::string, const char*> names = {{"SB", "SANGAT_BAIK"},
                                                    {"B", "BAIK"},
                                                    {"C", "CUKUP"},
                                                    {"K", "KURANG"},
                                                    {"SK", "SANGAT_KURANG"}};
  int rows = 0;
  for (const auto& [category, combinations] : table) {
    for (const std::string combination : combinations) {
      Json list = Json::Array();
      std::istringstream words(combination);
      for (std::string word; words >> word;) {
        list.items.push_back(Json::Object().Set("category", names.at(word)));
      }
      const auto result =
          Evaluate(pack, "combine_categories", Json::Object().Set("categories", std::move(list)));
      ASSERT_THAT(result, IsOk());
      EXPECT_EQ(result->predicate, category) << combination;
      ++rows;
    }
  }
  EXPECT_EQ(rows, 35);  // all multisets of three out of five
}

// 3.4: the pack's patterns are those of the library.
TEST(PermenPanRb6, CarriesTheDistributionOfTheCircular) {
  const DistributionRules& rules = *FindShippedPack("permenpanrb-6-2022")->distribution;
  EXPECT_EQ(rules.most, Most::kPlurality);
  for (const UnitPredicate unit : kUnitPredicates) {
    const auto& pattern = rules.Of(unit);
    const auto& standard = StandardDistribution().Of(unit);
    ASSERT_EQ(pattern.size(), standard.size());
    for (std::size_t i = 0; i < pattern.size(); ++i) {
      EXPECT_EQ(pattern[i].code, standard[i].code);
      EXPECT_EQ(pattern[i].of, standard[i].of);
      EXPECT_EQ(pattern[i].kind, standard[i].kind);
      EXPECT_EQ(pattern[i].amount, standard[i].amount);
    }
  }
}

}  // namespace
}  // namespace teraju::rules
