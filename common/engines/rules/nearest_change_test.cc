#include "common/engines/rules/nearest_change.h"

#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::rules {
namespace {

using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> ChangesOf(const char* pack, const char* method, const char* inputs) {
  std::vector<std::string> lines;
  const auto changes = NearestChanges(*FindShippedPack(pack), method, *ParseJson(inputs)).value();
  for (const Change& change : changes) {
    lines.push_back(change.input + " " + change.from + " -> " + change.to + ": " +
                    change.predicate);
  }
  return lines;
}

TEST(NearestChanges, FindsTheLeastRealisationThatReachesTheNextPredicate) {
  // 0.7 x + 31.2 >= 90 from x = 84 on; 0.3 y + 56 >= 90 from y = 113.33 on, rounded up to 113.34.
  EXPECT_THAT(
      ChangesOf("permenpanrb-8-2021",
                "final",
                R"({"skp": 80, "behavior": 104, "others_consulted": false, "new_idea": false})"),
      ElementsAre("skp 80 -> 84: BAIK", "behavior 104 -> 113.34: BAIK"));
}

TEST(NearestChanges, CountsAnIdeaWhereItIsWhatIsMissing) {
  EXPECT_THAT(
      ChangesOf("permenpanrb-8-2021",
                "final",
                R"({"skp": 115, "behavior": 115, "others_consulted": false, "new_idea": false})"),
      ElementsAre("new_idea NO -> YES: SANGAT_BAIK"));
}

TEST(NearestChanges, KnowsThatLessIsBetterWhereItIs) {
  EXPECT_THAT(
      ChangesOf(
          "rakumpit",
          "quarter",
          R"({"indicators": [{"weight": 1, "formula": "LOWER_IS_BETTER", "target": 24, "realised": 30}]})"),
      ElementsAre("indicators[0].realised 30 -> 27.6: GOOD"));
}

TEST(NearestChanges, FindsARangeFromOutside) {
  // 150 is above the range 90 to 100: 50 %. From 130 down it is 70 %.
  EXPECT_THAT(
      ChangesOf(
          "rakumpit",
          "quarter",
          R"({"indicators": [{"weight": 1, "formula": "RANGE", "target": 90, "target_high": 100, "realised": 150}]})"),
      ElementsAre("indicators[0].realised 150 -> 130: NEEDS_IMPROVEMENT"));
}

TEST(NearestChanges, MovesRatingsByTheFewestSteps) {
  EXPECT_THAT(
      ChangesOf("permenpanrb-6-2022",
                "annual",
                R"({"result_rating": "AS_EXPECTED", "behavior_rating": "BELOW_EXPECTATION"})"),
      ElementsAre("behavior_rating BELOW_EXPECTATION -> AS_EXPECTED: GOOD"));
}

TEST(NearestChanges, LooksIntoTheSegmentsOfAYear) {
  EXPECT_THAT(
      ChangesOf("permenpanrb-6-2022",
                "year",
                R"({"decided": false, "segments": [
                  {"days": 100, "inputs": {"result_rating": "AS_EXPECTED", "behavior_rating": "AS_EXPECTED"}},
                  {"days": 265, "inputs": {"result_rating": "ABOVE_EXPECTATION", "behavior_rating": "AS_EXPECTED"}}]})"),
      ElementsAre(
          "segments[1].inputs.behavior_rating AS_EXPECTED -> ABOVE_EXPECTATION: VERY_GOOD"));
}

TEST(NearestChanges, HasNothingToSayAboutTheBest) {
  EXPECT_THAT(
      ChangesOf(
          "permenpanrb-6-2022",
          "annual",
          R"({"result_rating": "ABOVE_EXPECTATION", "behavior_rating": "ABOVE_EXPECTATION"})"),
      IsEmpty());
}

TEST(NearestChanges, EveryChangeReachesItsPredicateAndNoSmallerOneDoes) {
  const PolicyPack& pack = *FindShippedPack("plaju");
  const Method& method = *pack.FindMethod("annual");
  const Json inputs = *ParseJson(
      R"({"attendance": 80, "violation": "LIGHT", "contributions": [{"level": 3}], "indicators": [
        {"weight": 2, "formula": "HIGHER_IS_BETTER", "target": 75, "realised": 71.5},
        {"weight": 1, "formula": "LOWER_IS_BETTER", "target": 8, "realised": 7.1}]})");
  const auto changes = NearestChanges(pack, "annual", inputs).value();
  ASSERT_FALSE(changes.empty());
  for (const Change& change : changes) {
    if (change.input != "indicators[0].realised") continue;
    Json changed = inputs;
    Json& realised = *changed.Find("indicators")->items[0].Find("realised");
    realised = Json(*Decimal::Parse(change.to));
    EXPECT_EQ(pack.codes[static_cast<std::size_t>(*Score(pack, method, changed)->predicate)],
              change.predicate);
    realised = Json(*Decimal::Parse(change.to) - Decimal(Integer(1), 2));
    EXPECT_NE(pack.codes[static_cast<std::size_t>(*Score(pack, method, changed)->predicate)],
              change.predicate);
  }
}

TEST(NearestChanges, NeedsAPredicate) {
  EXPECT_THAT(
      NearestChanges(*FindShippedPack("ikm"), "sample_size", *ParseJson("{\"population\": 5}")),
      StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace teraju::rules
