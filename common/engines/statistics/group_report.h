// The report of a 360-degree campaign about one person: means by group of raters, small groups
// withheld. Neither extremes nor the answers behind a withheld mean leave it.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/rounding.h"

namespace teraju::statistics {

// The answers of a group to one item. Raters may leave items out.
struct ItemAnswers {
  std::string item;
  std::int64_t sum = 0;
  int answers = 0;
};

struct GroupAnswers {
  std::string group;
  int answers = 0;  // raters of the group who answered
  std::vector<ItemAnswers> items;
};

struct GroupRule {
  std::string group;
  int threshold = 3;  // 1 for the superior and for the person, who are known anyway
  Decimal weight;     // in the overall mean; 0: shown, not counted (the person's own view)
};

struct ReportRules {
  std::vector<GroupRule> groups;
  int digits = 1;          // of means of groups and items
  int overall_digits = 2;  // of the overall mean
  Rounding rounding = Rounding::kHalfUp;
};

struct ItemMean {
  std::string item;
  std::optional<Decimal> mean;  // absent: fewer answers to it than the threshold
};

struct GroupMean {
  std::string group;
  bool withheld = true;
  int answers = 0;  // 0 where withheld
  Decimal mean;
  std::vector<ItemMean> items;  // empty where withheld
};

// A group's part of the overall mean, renormalised over the groups that are shown: the shares add
// up to 1.
struct Share {
  std::string group;
  Decimal weight;
  Rational share;
};

struct GroupReport {
  std::vector<GroupMean> groups;   // in the order of the rules
  std::optional<Decimal> overall;  // absent where no weighted group is shown
  std::vector<Share> shares;
};

// A group's mean is the mean of its items' exact means, over the items that are shown; the overall
// mean is made of the groups' means as they are shown. So nothing withheld is part of anything
// shown, and anybody can recompute the overall mean. INVALID_ARGUMENT (FIELD_INVALID) for a group
// without a rule, or for more answers to an item than raters.
absl::StatusOr<GroupReport> MakeGroupReport(std::span<const GroupAnswers> groups,
                                            const ReportRules& rules);

}  // namespace teraju::statistics
