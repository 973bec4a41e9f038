// What the figures say about a segment and period: achievements of indicators, their mean, a
// suggestion for the appraiser. Evidence, never a predicate by itself.
#pragma once

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/decimal/rounding.h"
#include "common/time/period.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

// What the progress entries until the end of a period say about an item, or about an indicator of
// it.
struct Activity {
  std::string item_id;
  std::string indicator_id;            // empty: about the item itself
  std::optional<Decimal> realisation;  // the latest one, cumulative since the segment began
  int entries = 0;                     // realisations
  int initiatives = 0;
  int evidence = 0;  // files
  int recent = 0;    // of realisations and initiatives: those of the last kRecentDays
};
inline constexpr int kRecentDays = 30;

// How much of a segment has passed.
struct ElapsedShare {
  int elapsed = 1;  // days of the segment until the end of the period
  int days = 1;     // of the segment
};
absl::StatusOr<ElapsedShare> ShareOf(const v1::Snapshot& segment, const time::Period& period);

// Whether the target grows with the days of the segment: a quantity of which more is better, unless
// it is counted in a unit that does not add up (percent, index, score). Of everything else the
// whole target is due at any time.
bool IsDueByDay(const v1::ItemIndicator& indicator);
// The share that counts for the indicator: `share`, or the whole.
ElapsedShare DueShare(const v1::ItemIndicator& indicator, const ElapsedShare& share);

// In percent, exact. A target of zero, which only indicators have where lower is better, is met
// with zero (100) or not (0).
absl::StatusOr<Rational> AchievementOf(const v1::ItemIndicator& indicator,
                                       const Decimal& realised,
                                       const ElapsedShare& share);

// Which rating of results is suggested for the category of the mean achievement.
struct SuggestionRule {
  std::string_view name;
  std::array<v1::Rating, 5> ratings;  // Sangat Baik to Sangat Kurang
};
// The categories are those of PermenPANRB 8/2021. Baik and Cukup are as expected.
inline constexpr SuggestionRule kMeanCategoryRule{"mean-category@1",
                                                  {v1::ABOVE_EXPECTATION,
                                                   v1::AS_EXPECTED,
                                                   v1::AS_EXPECTED,
                                                   v1::BELOW_EXPECTATION,
                                                   v1::BELOW_EXPECTATION}};

// Unspecified without a mean.
v1::Rating Suggest(const std::optional<Rational>& mean, const SuggestionRule& rule);

// 360-degree feedback taken over from a report.
struct Feedback {
  std::string report;
  std::optional<Decimal> mean;  // absent where withheld
  // Of the groups, by the names of local packs' inputs; those that are shown.
  std::map<std::string, Decimal, std::less<>> groups;
};

// Computes the evidence of one evaluation. A plan that is not approved counts as none. What has no
// realisation is absent, never zero, and gets a warning.
absl::StatusOr<v1::ComputedEvidence> ComputeEvidence(
    const v1::WorkPlan& plan,
    std::span<const Activity> activities,
    const ElapsedShare& share,
    const std::optional<Feedback>& feedback,
    absl::Time now,
    const SuggestionRule& rule = kMeanCategoryRule);

// The mean of exact values; nothing of none.
std::optional<Rational> MeanOf(std::span<const Rational> values);

// What an account calls something by its title: cut to the 200 bytes that a pack's key may have,
// between letters.
std::string AccountKey(std::string_view title);

void AddWarning(v1::ComputedEvidence& evidence, std::string_view code);

}  // namespace teraju::evaluation::domain
