#include "common/engines/statistics/group_report.h"

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::statistics {
namespace {

absl::Status Refuse(std::string_view why) {
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID, why);
}

absl::Status Check(const GroupAnswers& group, const ReportRules& rules) {
  const bool known = std::any_of(rules.groups.begin(),
                                 rules.groups.end(),
                                 [&](const GroupRule& rule) { return rule.group == group.group; });
  if (!known) return Refuse("Every group of raters has a rule.");
  for (const ItemAnswers& item : group.items) {
    if (item.answers < 0 || item.answers > group.answers) {
      return Refuse("An item has at most as many answers as its group has raters.");
    }
  }
  return absl::OkStatus();
}

GroupMean MeanOf(const GroupAnswers& group, const GroupRule& rule, const ReportRules& rules) {
  GroupMean result;
  result.group = rule.group;
  const int threshold = std::max(rule.threshold, 1);
  Rational sum;
  int shown = 0;
  for (const ItemAnswers& item : group.items) {
    ItemMean& line = result.items.emplace_back();
    line.item = item.item;
    if (item.answers < threshold) continue;
    const Rational mean(item.sum, item.answers);
    line.mean = Round(mean, rules.digits, rules.rounding);
    sum += mean;
    ++shown;
  }
  result.withheld = shown == 0;
  if (result.withheld) {
    result.items.clear();
    return result;
  }
  result.answers = group.answers;
  result.mean = Round(sum / shown, rules.digits, rules.rounding);
  return result;
}

void AddOverall(const ReportRules& rules, GroupReport& report) {
  Rational sum;
  Rational weights;
  for (std::size_t i = 0; i < rules.groups.size(); ++i) {
    const Decimal& weight = rules.groups[i].weight;
    if (report.groups[i].withheld || weight.sign() <= 0) continue;
    sum += ToRational(weight * report.groups[i].mean);
    weights += ToRational(weight);
    report.shares.push_back({report.groups[i].group, weight, 0});
  }
  if (report.shares.empty()) return;
  for (Share& share : report.shares) share.share = ToRational(share.weight) / weights;
  report.overall = Round(sum / weights, rules.overall_digits, rules.rounding);
}

}  // namespace

absl::StatusOr<GroupReport> MakeGroupReport(std::span<const GroupAnswers> groups,
                                            const ReportRules& rules) {
  for (const GroupAnswers& group : groups) RETURN_IF_ERROR(Check(group, rules));
  GroupReport report;
  for (const GroupRule& rule : rules.groups) {
    const auto answers = std::find_if(groups.begin(), groups.end(), [&](const GroupAnswers& group) {
      return group.group == rule.group;
    });
    report.groups.push_back(
        MeanOf(answers == groups.end() ? GroupAnswers() : *answers, rule, rules));
  }
  AddOverall(rules, report);
  return report;
}

}  // namespace teraju::statistics
