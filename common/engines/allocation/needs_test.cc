#include "common/engines/allocation/needs.h"

#include "common/engines/allocation/training.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::allocation {
namespace {

using ::teraju::testing::StatusIs;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

Decimal D(const char* text) { return Decimal::Parse(text).value(); }

// Without a figure where it is empty.
NeedObservation Of(NeedSource source, const char* figure = "", const char* reference = "0") {
  NeedObservation observation = {
      .person = "ani", .topic = "TI", .source = source, .reference = D(reference)};
  if (*figure != '\0') observation.figure = D(figure);
  return observation;
}

TEST(MergeNeeds, WeighsEachSource) {
  struct Case {
    NeedObservation observation;
    const char* weight;  // empty: no need
  };
  const Case cases[] = {
      {Of(NeedSource::kResult), "5"},
      {Of(NeedSource::kResult, "84.5"), "6.6"},  // 5 + 1.55
      {Of(NeedSource::kResult, "30"), "9"},
      {Of(NeedSource::kResult, "120"), "5"},
      {Of(NeedSource::kConduct), "7"},
      {Of(NeedSource::kCompetency, "2", "3"), "3"},
      {Of(NeedSource::kCompetency, "1", "5"), "9"},
      {Of(NeedSource::kCompetency, "3", "3"), ""},
      {Of(NeedSource::kCompetency, "4", "3"), ""},
      {Of(NeedSource::kFeedback, "2.2", "5"), "6"},  // 0.3 of the scale, 0.3 below 0.6
      {Of(NeedSource::kFeedback, "3.4", "5"), ""},   // exactly three fifths
      {Of(NeedSource::kFeedback, "1", "5"), "10"},   // 12 at most 10
      {Of(NeedSource::kSuperior), "4"},
      {Of(NeedSource::kSelf), "2"},
  };
  for (const Case& test : cases) {
    const auto needs = MergeNeeds({test.observation}).value();
    if (*test.weight == '\0') {
      EXPECT_THAT(needs, IsEmpty());
    } else {
      ASSERT_EQ(needs.size(), 1u);
      EXPECT_EQ(needs[0].weight, D(test.weight)) << NeedSourceCode(test.observation.source);
    }
  }
}

TEST(MergeNeeds, AddsOneWhereSourcesAgreeAndSaysWhy) {
  const auto needs = MergeNeeds({Of(NeedSource::kSelf),
                                 Of(NeedSource::kCompetency, "2", "4"),
                                 Of(NeedSource::kFeedback, "2.333", "5")})
                         .value();
  ASSERT_EQ(needs.size(), 1u);
  EXPECT_EQ(needs[0].weight, D("7"));
  EXPECT_THAT(needs[0].sources,
              ElementsAre(NeedSource::kCompetency, NeedSource::kFeedback, NeedSource::kSelf));
  EXPECT_EQ(needs[0].reason.en,
            "Weight 7: level 2, the post requires 4 (6); feedback averages 2.33 on a scale of 1-5 "
            "(5.3); the own wish (2); +1 because several sources agree.");
  EXPECT_EQ(needs[0].reason.id,
            "Bobot 7: tingkat 2, standar jabatan 4 (6); umpan balik rata-rata 2,33 pada skala 1-5 "
            "(5,3); usulan sendiri (2); +1 karena beberapa sumber sepakat.");
}

TEST(MergeNeeds, NamesTheAchievementWhereItIsKnown) {
  EXPECT_EQ(MergeNeeds({Of(NeedSource::kResult)})->at(0).reason.en,
            "Weight 5: results below expectation (5).");
  EXPECT_EQ(MergeNeeds({Of(NeedSource::kResult, "62.504")})->at(0).reason.id,
            "Bobot 8,7: hasil kerja di bawah ekspektasi, capaian rata-rata 62,5% (8,7).");
}

TEST(MergeNeeds, OneSourceTwiceIsNoAgreement) {
  const auto needs = MergeNeeds({Of(NeedSource::kSuperior), Of(NeedSource::kSuperior)}).value();
  EXPECT_EQ(needs[0].weight, D("4"));
  EXPECT_EQ(MergeNeeds({Of(NeedSource::kResult, "20"), Of(NeedSource::kConduct)})->at(0).weight,
            D("10"));
}

TEST(MergeNeeds, RanksTheMostUrgentFirst) {
  NeedObservation other = Of(NeedSource::kConduct);
  other.person = "budi";
  NeedObservation wish = Of(NeedSource::kSelf);
  wish.topic = "DATA";
  const auto needs = MergeNeeds({wish, Of(NeedSource::kConduct), other}).value();
  ASSERT_EQ(needs.size(), 3u);
  EXPECT_EQ(needs[0].person, "ani");
  EXPECT_EQ(needs[0].rank, 1);
  EXPECT_EQ(needs[1].person, "budi");
  EXPECT_EQ(needs[1].rank, 1);
  EXPECT_EQ(needs[2].topic, "DATA");
  EXPECT_EQ(needs[2].rank, 3);
}

TEST(MergeNeeds, RefusesWhatCannotBe) {
  EXPECT_THAT(MergeNeeds({Of(NeedSource::kCompetency, "6", "3")}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeNeeds({Of(NeedSource::kFeedback, "3", "1")}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeNeeds({Of(NeedSource::kFeedback, "6", "5")}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeNeeds({Of(NeedSource::kFeedback, "", "5")}),
              StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeNeeds({NeedObservation{}}), StatusIs(absl::StatusCode::kInvalidArgument));
  EXPECT_THAT(MergeNeeds({}).value(), IsEmpty());
}

TEST(DutyOf, IsTwentyHoursForAPnsAndAtMostTwentyFourForAPppk) {
  EXPECT_EQ(DutyOf(false, 0).hours_missing, 20);
  EXPECT_EQ(DutyOf(false, 12).hours_missing, 8);
  EXPECT_EQ(DutyOf(false, 25).hours_missing, 0);
  EXPECT_EQ(DutyOf(false, 25).hours_limit, kUnlimited);
  EXPECT_EQ(DutyOf(true, 4).hours_missing, 0);
  EXPECT_EQ(DutyOf(true, 4).hours_limit, 20);
  EXPECT_EQ(DutyOf(true, 30).hours_limit, 0);
}

}  // namespace
}  // namespace teraju::allocation
