#include "services/training/domain/derivation.h"

#include <algorithm>
#include <random>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::training::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::StatusIs;

constexpr char kBudi[] = "agencies/dumai/employees/budi";

// Of good input.
std::vector<v1::Need> Derive(const std::vector<Appraisal>& appraisals,
                             const std::vector<TopicFeedback>& feedback,
                             const std::vector<CompetencyGap>& gaps = {}) {
  auto needs = DeriveNeeds(appraisals, feedback, gaps);
  EXPECT_TRUE(needs.ok()) << needs.status();
  return needs.ok() ? *std::move(needs) : std::vector<v1::Need>();
}

Decimal D(std::string_view text) { return *Decimal::Parse(text); }

Appraisal MakeAppraisal(const std::string& employee = kBudi) {
  return {.employee = employee,
          .unit_path = {"agencies/dumai/units/bidang", "agencies/dumai/units/dinas"},
          .appraiser = "agencies/dumai/employees/ani",
          .segment_start = absl::CivilDay(2025, 1, 1)};
}

TopicFeedback Said(const std::string& topic, std::string_view mean) {
  return {.employee = kBudi, .topic = topic, .mean = D(mean)};
}

TEST(DeriveNeeds, FindsNoneWhereAllIsAsExpected) {
  EXPECT_THAT(Derive({MakeAppraisal()}, {Said("LOYAL", "3.4"), Said("ADAPTIF", "5")}), IsEmpty());
}

TEST(DeriveNeeds, AResultBelowExpectationWeighsItsShortfall) {
  Appraisal appraisal = MakeAppraisal();
  appraisal.result_below = true;
  struct Case {
    const char* achievement;
    const char* weight;
  };
  for (const Case& c : {Case{"62.50", "8.8"},  // 5 + 3.75, half up
                        Case{"100", "5.0"},
                        Case{"130", "5.0"},
                        Case{"10", "9.0"}}) {
    appraisal.mean_achievement = D(c.achievement);
    const auto needs = Derive({appraisal}, {});
    ASSERT_EQ(needs.size(), 1u);
    EXPECT_EQ(needs[0].topic(), kResultTopic);
    EXPECT_EQ(needs[0].weight().value(), c.weight) << c.achievement;
    EXPECT_EQ(needs[0].source(), v1::Need::RESULT);
  }
}

TEST(DeriveNeeds, ACompetencyBelowTheStandardOfThePostSaysBothLevels) {
  const std::vector<CompetencyGap> gaps = {{kBudi, "DATA_KEPENDUDUKAN", 1, 3},
                                           {kBudi, "KERJA_SAMA", 2, 3},
                                           {"agencies/dumai/employees/new", "KERJA_SAMA", 1, 3}};
  const auto needs = Derive({MakeAppraisal()}, {}, gaps);
  ASSERT_EQ(needs.size(), 2u);  // nobody answers for who has no result
  EXPECT_EQ(needs[0].topic(), "DATA_KEPENDUDUKAN");
  EXPECT_EQ(needs[0].source(), v1::Need::COMPETENCY);
  EXPECT_EQ(needs[0].weight().value(), "6.0");
  EXPECT_EQ(needs[0].appraiser(), "agencies/dumai/employees/ani");
  EXPECT_THAT(needs[0].reason_id(), HasSubstr("tingkat 1, standar jabatan 3"));
  EXPECT_THAT(needs[0].reason_en(), HasSubstr("level 1, the post requires 3"));
  EXPECT_EQ(needs[1].weight().value(), "3.0");
}

TEST(DeriveNeeds, ACompetencyThatFeedbackSeesTooIsOneNeed) {
  const auto needs =
      Derive({MakeAppraisal()}, {Said("ADAPTIF", "2.0")}, {{kBudi, "ADAPTIF", 2, 3}});
  ASSERT_EQ(needs.size(), 1u);
  EXPECT_EQ(needs[0].source(), v1::Need::COMPETENCY);
  EXPECT_THAT(needs[0].reason_en(), HasSubstr("several sources agree"));
}

TEST(DeriveNeeds, SaysWhyInBothLanguagesWithFigures) {
  Appraisal appraisal = MakeAppraisal();
  appraisal.result_below = true;
  appraisal.mean_achievement = D("62.5");
  const auto needs = Derive({appraisal}, {Said("ADAPTIF", "2.25")});
  ASSERT_EQ(needs.size(), 2u);
  EXPECT_THAT(needs[0].reason_id(), HasSubstr("Bobot 8,8: hasil kerja di bawah ekspektasi"));
  EXPECT_THAT(needs[0].reason_en(), HasSubstr("mean achievement 62.5% (8.8)"));
  EXPECT_THAT(needs[1].reason_id(), HasSubstr("umpan balik rata-rata 2,25 pada skala 1-5"));
  EXPECT_THAT(needs[1].reason_en(), HasSubstr("2.25 on a scale of 1-5"));
}

TEST(DeriveNeeds, KeepsTheSnapshotOfTheLastSegment) {
  Appraisal first = MakeAppraisal();
  first.result_below = true;
  Appraisal last = MakeAppraisal();
  last.segment_start = absl::CivilDay(2025, 7, 1);
  last.appraiser = "agencies/dumai/employees/citra";
  last.behavior_below = true;
  for (const auto& order : {std::vector{first, last}, std::vector{last, first}}) {
    const auto needs = Derive(order, {});
    ASSERT_EQ(needs.size(), 1u);
    EXPECT_EQ(needs[0].topic(), kBehaviorTopic);
    EXPECT_EQ(needs[0].appraiser(), last.appraiser);
    EXPECT_EQ(needs[0].unit(), "agencies/dumai/units/bidang");
    EXPECT_EQ(needs[0].unit_path_size(), 2);
  }
}

TEST(DeriveNeeds, ConductBelowExpectationLooksForTheValueInTheFeedback) {
  Appraisal appraisal = MakeAppraisal();
  appraisal.behavior_below = true;
  const auto needs = Derive({appraisal}, {Said("LOYAL", "4"), Said("HARMONIS", "3.9")});
  ASSERT_EQ(needs.size(), 1u);
  EXPECT_EQ(needs[0].topic(), "HARMONIS");
  EXPECT_EQ(needs[0].weight().value(), "7.0");
}

TEST(DeriveNeeds, TakesTheLowestTopicsOfAPerson) {
  const auto needs =
      Derive({MakeAppraisal()},
             {Said("A", "3"), Said("B", "2"), Said("C", "3.39"), Said("D", "1"), Said("E", "3.4")});
  std::vector<std::string> topics, weights;
  for (const v1::Need& need : needs) {
    topics.push_back(need.topic());
    weights.push_back(need.weight().value());
    EXPECT_EQ(need.source(), v1::Need::FEEDBACK);
  }
  EXPECT_THAT(topics, ElementsAre("D", "B", "A"));
  // (3/5 - position) * 20, at most 10.
  EXPECT_THAT(weights, ElementsAre("10.0", "7.0", "2.0"));
}

TEST(DeriveNeeds, MergesTheSameTopicFromResultAndFeedback) {
  Appraisal appraisal = MakeAppraisal();
  appraisal.result_below = true;
  const auto needs = Derive({appraisal}, {Said(kResultTopic, "2.2")});
  ASSERT_EQ(needs.size(), 1u);
  EXPECT_EQ(needs[0].source(), v1::Need::RESULT);
  EXPECT_EQ(needs[0].weight().value(), "7.0");  // max(5, 6) + 1
  EXPECT_THAT(needs[0].reason_en(),
              HasSubstr("feedback averages 2.2 on a scale of 1-5 (6); results below"));
}

TEST(DeriveNeeds, RefusesAMeanOutsideItsScale) {
  EXPECT_THAT(DeriveNeeds({MakeAppraisal()}, {Said("LOYAL", "0.5")}, {}),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

TEST(DeriveNeeds, NobodyWithoutAResultHasANeed) {
  EXPECT_THAT(Derive({}, {Said("LOYAL", "1")}), IsEmpty());
}

TEST(DeriveNeeds, DoesNotDependOnTheOrderOfItsInputs) {
  std::vector<Appraisal> appraisals;
  std::vector<TopicFeedback> feedback;
  for (int i = 0; i < 50; ++i) {
    Appraisal appraisal = MakeAppraisal(kBudi + std::to_string(i));
    appraisal.result_below = i % 3 == 0;
    appraisal.behavior_below = i % 5 == 0;
    appraisals.push_back(appraisal);
    for (const char* topic : {"A", "B", "C", "D"}) {
      TopicFeedback said = Said(topic, std::to_string(1 + (i * 7 + topic[0]) % 5));
      said.employee = appraisal.employee;
      feedback.push_back(said);
    }
  }
  const auto texts = [&] {
    std::vector<std::string> all;
    for (const v1::Need& need : Derive(appraisals, feedback)) {
      all.push_back(need.ShortDebugString());
    }
    return all;
  };
  const auto expected = texts();
  std::mt19937 random(7);
  std::shuffle(appraisals.begin(), appraisals.end(), random);
  std::shuffle(feedback.begin(), feedback.end(), random);
  EXPECT_EQ(texts(), expected);
}

}  // namespace
}  // namespace teraju::training::domain
