// A02. From everything that is published of a group no answer follows: an attacker who knows how
// many answered and how numbers are rounded looks for answers that all possibilities agree on.
#include <algorithm>
#include <array>
#include <cstdint>
#include <functional>
#include <limits>
#include <optional>
#include <random>

#include "common/decimal/proto_decimal.h"
#include "common/testing/check_line.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "services/feedback/domain/report.h"

namespace teraju::feedback::domain {
namespace {

constexpr int kPoints = 5;
using Counts = std::array<int, kPoints>;  // answers at each point of the scale

int SumOf(const Counts& counts) {
  int sum = 0;
  for (int point = 0; point < kPoints; ++point) sum += (point + 1) * counts[point];
  return sum;
}

// Whether a sum of `count` values can be printed as this mean (half up, to 0.1).
bool Gives(int sum, int count, const google::type::Decimal& mean) {
  const Decimal tenths = FromProto(mean).value_or(Decimal(0)) * Decimal(20);
  const Decimal twenty_sum = Decimal(20) * Decimal(sum);
  return (tenths - Decimal(1)) * Decimal(count) <= twenty_sum &&
         twenty_sum < (tenths + Decimal(1)) * Decimal(count);
}

// Every way in which n people can have answered an item.
std::vector<Counts> Ways(int n) {
  std::vector<Counts> ways;
  Counts counts{};
  for (counts[0] = 0; counts[0] <= n; ++counts[0])
    for (counts[1] = 0; counts[1] <= n - counts[0]; ++counts[1])
      for (counts[2] = 0; counts[2] <= n - counts[0] - counts[1]; ++counts[2])
        for (counts[3] = 0; counts[3] <= n - counts[0] - counts[1] - counts[2]; ++counts[3]) {
          counts[4] = n - counts[0] - counts[1] - counts[2] - counts[3];
          ways.push_back(counts);
        }
  return ways;
}

bool AllAlike(const Counts& counts) {
  return std::count(counts.begin(), counts.end(), 0) == kPoints - 1;
}

// What a group's published numbers leave possible.
class Attacker {
 public:
  Attacker(const v1::GroupResult& group, int items) : ways_(items) {
    const int n = group.answers();
    const std::vector<Counts> all = Ways(n);
    for (int item = 0; item < items; ++item) {
      for (const Counts& way : all) {
        const bool fits = group.items_size() == 0 || Gives(SumOf(way), n, group.items(item).mean());
        if (fits) ways_[item].push_back(way);
      }
    }
    for (int sum = n * items; sum <= kPoints * n * items; ++sum) {
      if (!Gives(sum, n * items, group.mean())) continue;
      least_ = std::min(least_, sum);
      most_ = std::max(most_, sum);
    }
    most_of_item_ = kPoints * n;
    if (group.distribution_size() == kPoints) {
      left_.emplace();
      std::copy(group.distribution().begin(), group.distribution().end(), left_->begin());
    }
  }

  // People are alike to the attacker: an answer to an item is determined where in every possibility
  // all answers to it are the same.
  bool Determines(int item) {
    unlike_ = item;
    return !Possible(0, 0);
  }

 private:
  // Whether items from `item` on can be filled so that those to `unlike_` are not all the same.
  bool Possible(int item, int sum) {
    const int items = static_cast<int>(ways_.size());
    if (item == items) return (!left_ || *left_ == Counts{}) && sum >= least_ && sum <= most_;
    if (sum > most_ || sum + (items - item) * most_of_item_ < least_) return false;
    for (const Counts& way : ways_[item]) {
      if (item == unlike_ && AllAlike(way)) continue;
      if (!Take(way, 1)) continue;
      const bool possible = Possible(item + 1, sum + SumOf(way));
      Take(way, -1);
      if (possible) return true;
    }
    return false;
  }
  bool Take(const Counts& way, int times) {
    if (!left_) return true;
    Counts rest = *left_;
    for (int point = 0; point < kPoints; ++point) rest[point] -= times * way[point];
    if (std::any_of(rest.begin(), rest.end(), [](int count) { return count < 0; })) return false;
    *left_ = rest;
    return true;
  }

  std::vector<std::vector<Counts>> ways_;  // of each item, that its mean allows
  int least_ = std::numeric_limits<int>::max();
  int most_ = 0;
  int most_of_item_ = 0;
  int unlike_ = 0;
  std::optional<Counts> left_;
};

class DeterminedAnswersTest : public ::testing::Test {
 protected:
  DeterminedAnswersTest() {
    questionnaire_.set_scale_minimum(1);
    questionnaire_.set_scale_maximum(kPoints);
    campaign_.set_threshold(3);
    campaign_.set_text_threshold(5);
  }
  void Items(int count) {
    questionnaire_.clear_items();
    for (int i = 0; i < count; ++i)
      questionnaire_.add_items()->set_item_id("i" + std::to_string(i));
  }
  v1::Report Publish(const RateeFeedback& feedback) {
    const auto report = MakeReport(questionnaire_, campaign_, feedback, 1);
    EXPECT_TRUE(report.ok()) << report.status();
    return report.value_or(v1::Report());
  }
  // Half of the groups agree, or nearly: those are the ones that give themselves away.
  RateeFeedback Draw(int items) {
    RateeFeedback feedback{.asked = {v1::PEER, v1::SUBORDINATE}};
    for (const v1::RaterGroup group : {v1::PEER, v1::SUBORDINATE}) {
      const int n = static_cast<int>(random_() % 8);
      const bool agree = random_() % 2 == 0;
      const int usual = 1 + static_cast<int>(random_() % kPoints);
      for (int i = 0; i < n; ++i) {
        std::vector<int> values;
        for (int item = 0; item < items; ++item) {
          const bool other = !agree || random_() % 8 == 0;
          values.push_back(other ? 1 + static_cast<int>(random_() % kPoints) : usual);
        }
        feedback.answers.push_back({group, values, ""});
      }
    }
    return feedback;
  }
  // What is published is attacked; only where all answered alike there is something to find.
  int Determined(const RateeFeedback& feedback, const v1::Report& report, int items) {
    int found = 0;
    for (const v1::GroupResult& group : report.groups()) {
      if (group.withheld()) continue;
      EXPECT_GE(group.answers(), campaign_.threshold());
      Attacker attacker(group, items);
      for (int item = 0; item < items; ++item) {
        std::vector<int> values;
        for (const GivenAnswer& answer : feedback.answers) {
          if (answer.group == group.group()) values.push_back(answer.values[item]);
        }
        if (std::adjacent_find(values.begin(), values.end(), std::not_equal_to<>()) != values.end())
          continue;
        found += attacker.Determines(item) ? 1 : 0;
      }
    }
    return found;
  }

  std::mt19937 random_{7};
  v1::Questionnaire questionnaire_;
  v1::Campaign campaign_;
};

TEST_F(DeterminedAnswersTest, NoneFollowFromWhatIsPublishedOfTenThousandGroups) {
  testing::CheckLine line("A02", "answers that published numbers determine", "0", 7);
  int groups = 0;
  int determined = 0;
  while (groups < 10'000) {
    const int items = 1 + groups % 3;
    Items(items);
    const RateeFeedback feedback = Draw(items);
    const v1::Report report = Publish(feedback);
    groups += report.groups_size();
    const int found = Determined(feedback, report, items);
    EXPECT_EQ(found, 0) << report.DebugString();
    determined += found;
  }
  line.Set(determined, groups);
}

// The control: means printed without being looked at give themselves away.
TEST_F(DeterminedAnswersTest, TheAttackerFindsWhatIsPlanted) {
  Items(2);
  v1::GroupResult group;
  group.set_group(v1::PEER);
  group.set_answers(4);
  group.mutable_mean()->set_value("4.5");
  group.add_items()->mutable_mean()->set_value("5.0");
  group.add_items()->mutable_mean()->set_value("4.0");
  EXPECT_TRUE(Attacker(group, 2).Determines(0));
  EXPECT_FALSE(Attacker(group, 2).Determines(1));
  // With the distribution the second follows as well.
  for (const int count : {0, 0, 0, 4, 4}) group.add_distribution(count);
  EXPECT_TRUE(Attacker(group, 2).Determines(1));
}

// The control: were a report shown after each answer, the last answer would be the difference.
TEST_F(DeterminedAnswersTest, ReportsWhileAnswersComeWouldGiveThemAway) {
  Items(1);
  int told = 0;
  for (int turn = 0; turn < 200; ++turn) {
    RateeFeedback feedback{.asked = {v1::PEER}};
    std::optional<int> before;
    for (int i = 0; i < 7; ++i) {
      feedback.answers.push_back({v1::PEER, {1 + static_cast<int>(random_() % kPoints)}, ""});
      const v1::Report report = Publish(feedback);
      const v1::GroupResult& group = report.groups(0);
      std::vector<int> sums;
      for (int sum = i + 1; !group.withheld() && sum <= kPoints * (i + 1); ++sum) {
        if (Gives(sum, i + 1, group.mean())) sums.push_back(sum);
      }
      const std::optional<int> now = sums.size() == 1 ? std::optional(sums[0]) : std::nullopt;
      if (before && now) {
        EXPECT_EQ(*now - *before, feedback.answers.back().values[0]);
        ++told;
      }
      before = now;
    }
  }
  EXPECT_GT(told, 500);
}

}  // namespace
}  // namespace teraju::feedback::domain
