#include "services/feedback/domain/measurement.h"

#include <cmath>

#include "absl/time/time.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/domain/timestamp.h"

namespace teraju::feedback::domain {
namespace {

using testing::IsOk;

double Number(const google::type::Decimal& decimal) { return std::stod(decimal.value()); }

// Everybody is rated by the eight who follow in a ring of twelve, on two items. Worth rises by
// tenths; one rater is a point and a half below the others.
class MeasureTest : public ::testing::Test {
 protected:
  static constexpr int kPeople = 12;
  static constexpr int kSevere = 4;

  MeasureTest() {
    questionnaire_.set_scale_minimum(1);
    questionnaire_.set_scale_maximum(5);
    questionnaire_.add_items()->set_item_id("a");
    questionnaire_.add_items()->set_item_id("b");
    *campaign_.mutable_end_time() = ToTimestamp(absl::FromUnixSeconds(10));
    EXPECT_THAT(PrepareCampaign(campaign_, absl::UnixEpoch()), IsOk());
  }

  static std::string Person(int i) { return "p" + std::to_string(i); }
  void Answer(int ratee, int rater, std::vector<int> values, v1::RaterGroup group = v1::PEER) {
    sent_.push_back({Person(rater), Person(ratee), {group, std::move(values), ""}});
  }
  // `shown`: whether the group's mean is in the report.
  void Report(int ratee, v1::RaterGroup group, bool shown) {
    if (reports_.empty() || reports_.back().ratee != Person(ratee))
      reports_.push_back({Person(ratee), {}});
    v1::GroupResult& result = *reports_.back().report.add_groups();
    result.set_group(group);
    result.set_withheld(!shown);
  }
  void Ring(int raters = 8) {
    for (int ratee = 0; ratee < kPeople; ++ratee) {
      for (int step = 1; step <= raters; ++step) {
        const int rater = (ratee + step) % kPeople;
        const double wanted = 2.5 + 0.1 * ratee - (rater == kSevere ? 1.5 : 0.0);
        const int low = static_cast<int>(std::floor(wanted));
        // The fraction says how many answers are one higher, spread over the raters.
        const bool higher = (step * 7 + ratee * 3) % 10 < std::lround((wanted - low) * 10);
        Answer(ratee, rater, {low + (higher ? 1 : 0), low + ((step + ratee) % 2)});
      }
      Report(ratee, v1::PEER, true);
    }
  }
  // The mean of the answers about somebody, of all raters or of all but the severe one.
  double MeanOf(int ratee, bool with_severe) const {
    double sum = 0;
    int count = 0;
    for (const SentAnswer& sent : sent_) {
      if (sent.ratee != Person(ratee)) continue;
      if (!with_severe && sent.pseudonym == Person(kSevere)) continue;
      sum += (sent.answer.values[0] + sent.answer.values[1]) / 2.0;
      ++count;
    }
    return sum / count;
  }
  Measurement Measured() { return Measure(questionnaire_, campaign_, sent_, reports_); }

  v1::Questionnaire questionnaire_;
  v1::Campaign campaign_;
  std::vector<SentAnswer> sent_;
  std::vector<RateeReport> reports_;
};

TEST_F(MeasureTest, TakesTheSeverityOut) {
  Ring();
  const Measurement measured = Measured();
  EXPECT_EQ(measured.quality.refusals_size(), 0) << measured.quality.DebugString();
  EXPECT_EQ(measured.quality.raters(), kPeople);
  EXPECT_GT(Number(measured.quality.severity_deviation()), 0.2);
  EXPECT_GT(measured.quality.raters_needed(), 1);
  EXPECT_TRUE(measured.quality.has_alpha());
  ASSERT_EQ(measured.adjusted.size(), static_cast<std::size_t>(kPeople));
  double raw_error = 0;
  double adjusted_error = 0;
  for (int i = 0; i < kPeople; ++i) {
    const v1::AdjustedValue& value = measured.adjusted.at(Person(i));
    ASSERT_TRUE(value.has_value()) << value.DebugString();
    EXPECT_EQ(value.raters(), 8);
    EXPECT_LE(Number(value.lower()), Number(value.value()));
    EXPECT_GE(Number(value.upper()), Number(value.value()));
    const double others = MeanOf(i, /*with_severe=*/false);
    raw_error += std::abs(MeanOf(i, /*with_severe=*/true) - others);
    adjusted_error += std::abs(Number(value.value()) - others);
  }
  EXPECT_LT(adjusted_error, raw_error);
  EXPECT_EQ(measured.severity.at(Person(kSevere)), v1::RaterNote::SEVERE);
  EXPECT_EQ(measured.severity.at(Person(0)), v1::RaterNote::USUAL);
  // A count of one severe rater would tell of that one.
  EXPECT_FALSE(measured.quality.has_severe_raters());
}

TEST_F(MeasureTest, WhatIsWithheldIsInNoNumber) {
  Ring();
  Report(kPeople - 1, v1::SUBORDINATE, false);
  Answer(kPeople - 1, 0, {1, 1}, v1::SUBORDINATE);
  const Measurement one = Measured();
  sent_.back().answer.values = {5, 5};
  const Measurement other = Measured();
  EXPECT_EQ(one.quality.SerializeAsString(), other.quality.SerializeAsString());
  for (const auto& [ratee, value] : one.adjusted)
    EXPECT_EQ(value.SerializeAsString(), other.adjusted.at(ratee).SerializeAsString());
  // The control: of a group that is shown it is.
  reports_.back().report.mutable_groups(1)->set_withheld(false);
  EXPECT_NE(Measured().quality.SerializeAsString(), other.quality.SerializeAsString());
}

TEST_F(MeasureTest, SelfFeedbackDoesNotCount) {
  Ring();
  const std::string without = Measured().quality.SerializeAsString();
  reports_.back().report.add_groups()->set_group(v1::SELF);
  Answer(kPeople - 1, kPeople - 1, {5, 5}, v1::SELF);
  EXPECT_EQ(Measured().quality.SerializeAsString(), without);
}

TEST_F(MeasureTest, FewAnswersAreNotAdjusted) {
  Ring(5);
  const Measurement measured = Measured();
  EXPECT_EQ(measured.quality.refusals_size(), 0);
  const v1::AdjustedValue& value = measured.adjusted.at(Person(0));
  EXPECT_FALSE(value.has_value());
  EXPECT_EQ(value.refusal().code(), "TOO_FEW_ANSWERS");
  EXPECT_NE(value.refusal().text_id(), "");
}

TEST_F(MeasureTest, RefusesACampaignWithoutAnswers) {
  Report(0, v1::PEER, false);
  const Measurement measured = Measured();
  EXPECT_EQ(measured.quality.raters(), 0);
  EXPECT_FALSE(measured.quality.has_mean());
  ASSERT_GE(measured.quality.refusals_size(), 1);
  EXPECT_NE(measured.quality.refusals(0).text_en(), "");
}

TEST_F(MeasureTest, RefusesConstantAnswers) {
  for (int ratee = 0; ratee < 3; ++ratee) {
    for (int rater = 10; rater < 17; ++rater) Answer(ratee, rater, {4, 4});
    Report(ratee, v1::PEER, true);
  }
  const Measurement measured = Measured();
  EXPECT_EQ(measured.adjusted.at(Person(0)).refusal().code(), "CONSTANT_ANSWERS");
  EXPECT_TRUE(measured.severity.empty());
}

TEST_F(MeasureTest, MeasuresTheLargestPartOfRatersWhoShareNobody) {
  for (int ratee = 0; ratee < 5; ++ratee) {
    for (int rater = 0; rater < 7; ++rater)
      Answer(ratee, (ratee < 2 ? 10 : 20) + rater, {1 + (ratee + rater) % 4, 2 + rater % 3});
    Report(ratee, v1::PEER, true);
  }
  const Measurement measured = Measured();
  EXPECT_EQ(measured.adjusted.at(Person(0)).refusal().code(), "UNCONNECTED");
  EXPECT_FALSE(measured.adjusted.at(Person(0)).has_value());
  EXPECT_TRUE(measured.adjusted.at(Person(2)).has_value());
  EXPECT_FALSE(measured.adjusted.at(Person(2)).has_refusal());
  EXPECT_EQ(measured.quality.raters(), 7);
  EXPECT_THAT(measured.quality.refusals(),
              ::testing::Contains(::testing::Property(&v1::Refusal::code, "UNCONNECTED")));
}

TEST(NoteOf, SaysSomethingForEveryBand) {
  for (const auto band : {v1::RaterNote::UNKNOWN,
                          v1::RaterNote::SEVERE,
                          v1::RaterNote::USUAL,
                          v1::RaterNote::LENIENT}) {
    const v1::RaterNote note = NoteOf(band);
    EXPECT_EQ(note.severity(), band);
    EXPECT_NE(note.text_id(), "");
    EXPECT_NE(note.text_en(), "");
  }
}

}  // namespace
}  // namespace teraju::feedback::domain
