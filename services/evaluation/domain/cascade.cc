#include "services/evaluation/domain/cascade.h"

#include <algorithm>
#include <functional>
#include <optional>
#include <set>
#include <tuple>
#include <utility>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kFindingsShown = 1000;
constexpr std::size_t kPeersNeeded = 3;
const Decimal kHundred(100);

struct Result {
  const v1::WorkPlanItem* item;
  bool of_leader;
};

class CascadeWriter {
 public:
  CascadeWriter(std::span<const v1::WorkPlan> plans, std::span<const CascadeGoal> goals)
      : goals_(goals) {
    for (const v1::WorkPlan& plan : plans) {
      if (plan.items().empty()) continue;
      report_.set_plans(report_.plans() + 1);
      for (const v1::WorkPlanItem& item : plan.items()) {
        results_[absl::StrCat(plan.name(), "/items/", item.item_id())] = {
            &item, plan.snapshot().leads_unit()};
      }
    }
  }

  v1::CascadeReport Write() {
    report_.set_results(static_cast<int>(results_.size()));
    LookAtLinks();
    LookForCircles();
    LookAtGoals();
    LookAtLeaders();
    LookAtShares();
    for (const auto& [kind, count] : counts_) {
      v1::CascadeCount& one = *report_.add_counts();
      one.set_kind(kind);
      one.set_count(count);
    }
    return std::move(report_);
  }

 private:
  void Find(v1::CascadeFinding::Kind kind,
            const std::vector<std::string>& names,
            const std::string& title,
            const std::string& share = "") {
    if (++counts_[kind] > kFindingsShown) return;
    v1::CascadeFinding& finding = *report_.add_findings();
    finding.set_kind(kind);
    finding.mutable_names()->Assign(names.begin(), names.end());
    finding.set_title(title);
    if (!share.empty()) finding.mutable_share()->set_value(share);
  }

  void LookAtLinks() {
    for (const auto& [name, result] : results_) {
      const v1::WorkPlanItem& item = *result.item;
      if (item.supports().empty() && item.proposed_support().empty()) {
        Find(v1::CascadeFinding::ORPHAN, {name}, item.title());
        continue;
      }
      report_.set_linked_results(report_.linked_results() + 1);
      served_.insert(item.supports());
    }
    for (const auto& [name, result] : results_) {
      if (result.item->supports_state() == v1::WorkPlanItem::PROPOSED)
        Find(v1::CascadeFinding::PROPOSED_LINK, {name}, result.item->title());
    }
  }

  // Each result serves at most one other, so that following the links from each finds every circle.
  void LookForCircles() {
    std::set<std::string> done;
    for (const auto& [start, unused] : results_) {
      std::vector<std::string> path;
      std::set<std::string> on_path;
      std::string at = start;
      while (results_.contains(at) && !done.contains(at) && on_path.insert(at).second) {
        path.push_back(at);
        at = results_.at(at).item->supports();
      }
      if (on_path.contains(at)) {
        std::vector<std::string> circle(std::find(path.begin(), path.end(), at), path.end());
        Find(v1::CascadeFinding::CYCLE, circle, results_.at(at).item->title());
      }
      done.insert(path.begin(), path.end());
    }
  }

  void LookAtGoals() {
    std::map<std::string, std::vector<const CascadeGoal*>> children;
    for (const CascadeGoal& goal : goals_) children[goal.parent].push_back(&goal);
    const std::function<bool(const CascadeGoal&)> covered = [&](const CascadeGoal& goal) {
      if (served_.contains(goal.name)) return true;
      if (std::any_of(goal.indicators.begin(), goal.indicators.end(), [&](const std::string& one) {
            return served_.contains(one);
          })) {
        return true;
      }
      const std::vector<const CascadeGoal*>& below = children[goal.name];
      return std::any_of(
          below.begin(), below.end(), [&](const CascadeGoal* child) { return covered(*child); });
    };
    for (const CascadeGoal& goal : goals_) {
      if (!covered(goal)) Find(v1::CascadeFinding::UNCOVERED_GOAL, {goal.name}, goal.title);
    }
  }

  void LookAtLeaders() {
    for (const auto& [name, result] : results_) {
      if (result.of_leader && !served_.contains(name))
        Find(v1::CascadeFinding::UNCOVERED_RESULT, {name}, result.item->title());
    }
  }

  void LookAtShares() {
    std::map<std::string, Decimal> sums;
    for (const auto& [name, result] : results_) {
      const v1::WorkPlanItem& item = *result.item;
      if (item.supports_kind() != v1::WorkPlanItem::DIRECT || !item.has_supports_share()) continue;
      const auto share = FromProto(item.supports_share());
      if (share.ok()) sums[item.supports()] = sums[item.supports()] + *share;
    }
    for (const auto& [name, sum] : sums) {
      if (sum <= kHundred) continue;
      const auto found = results_.find(name);
      Find(v1::CascadeFinding::DOUBLE_COUNTING,
           {name},
           found == results_.end() ? "" : found->second.item->title(),
           sum.Normalized().ToString());
    }
  }

  std::span<const CascadeGoal> goals_;
  std::map<std::string, Result> results_;  // by name
  std::set<std::string> served_;
  std::map<v1::CascadeFinding::Kind, int> counts_;
  v1::CascadeReport report_;
};

using IndicatorKey = std::tuple<std::string, std::string, int>;

IndicatorKey KeyOf(const v1::ItemIndicator& indicator) {
  return {absl::AsciiStrToLower(indicator.title()),
          absl::AsciiStrToLower(indicator.unit_of_measure()),
          indicator.polarity()};
}

// Whether `target` asks for less than `other`.
bool Easier(const v1::ItemIndicator& indicator, const Decimal& target, const Decimal& other) {
  return indicator.polarity() == v1::ItemIndicator::LOWER_IS_BETTER ? target > other
                                                                    : target < other;
}

// The lower one of the two in the middle.
Decimal MedianOf(std::vector<Decimal> values) {
  std::sort(values.begin(), values.end());
  return values[(values.size() - 1) / 2];
}

class HintWriter {
 public:
  HintWriter(std::span<const v1::WorkPlan> peers, std::span<const PastPlan> past) : past_(past) {
    for (const v1::WorkPlan& plan : peers) {
      for (const v1::WorkPlanItem& item : plan.items()) {
        for (const v1::ItemIndicator& indicator : item.indicators()) {
          const auto target = FromProto(indicator.target());
          if (target.ok()) targets_[KeyOf(indicator)].push_back(*target);
        }
      }
    }
  }

  std::vector<v1::TargetHint> Write(const v1::WorkPlan& plan) {
    for (const v1::WorkPlanItem& item : plan.items()) {
      for (const v1::ItemIndicator& indicator : item.indicators()) {
        const auto target = FromProto(indicator.target());
        if (!target.ok() || indicator.has_target_upper()) continue;
        CompareWithPast(item, indicator, *target);
        CompareWithPeers(item, indicator, *target);
      }
    }
    return std::move(hints_);
  }

 private:
  v1::TargetHint& Hint(const v1::WorkPlanItem& item,
                       const v1::ItemIndicator& indicator,
                       const char* code,
                       const Decimal& compared) {
    v1::TargetHint& hint = hints_.emplace_back();
    hint.set_item_id(item.item_id());
    hint.set_indicator_id(indicator.indicator_id());
    hint.set_code(code);
    hint.mutable_compared()->set_value(compared.Normalized().ToString());
    return hint;
  }

  std::optional<Decimal> LastRealised(const v1::ItemIndicator& indicator) const {
    for (const PastPlan& past : past_) {
      for (const v1::WorkPlanItem& item : past.plan.items()) {
        for (const v1::ItemIndicator& old : item.indicators()) {
          if (KeyOf(old) != KeyOf(indicator)) continue;
          const auto found = past.realised.find(item.item_id() + "/" + old.indicator_id());
          if (found != past.realised.end()) return found->second;
        }
      }
    }
    return std::nullopt;
  }

  void CompareWithPast(const v1::WorkPlanItem& item,
                       const v1::ItemIndicator& indicator,
                       const Decimal& target) {
    const std::optional<Decimal> realised = LastRealised(indicator);
    if (!realised.has_value() || !Easier(indicator, target, *realised)) return;
    v1::TargetHint& hint = Hint(item, indicator, "EASIER_THAN_BEFORE", *realised);
    hint.set_text_id(
        "Target lebih mudah daripada yang sudah tercapai sebelumnya. Bicarakan alasannya.");
    hint.set_text_en("The target asks for less than what was reached before. Talk about why.");
  }

  void CompareWithPeers(const v1::WorkPlanItem& item,
                        const v1::ItemIndicator& indicator,
                        const Decimal& target) {
    const auto found = targets_.find(KeyOf(indicator));
    if (found == targets_.end() || found->second.size() < kPeersNeeded) return;
    const Decimal median = MedianOf(found->second);
    if (target == median) return;
    const bool easier = Easier(indicator, target, median);
    v1::TargetHint& hint =
        Hint(item, indicator, easier ? "EASIER_THAN_PEERS" : "HARDER_THAN_PEERS", median);
    hint.set_peers(static_cast<int>(found->second.size()));
    hint.set_text_id(
        easier ? "Target lebih mudah daripada rata-rata tengah rekan sejabatan. Bicarakan "
                 "alasannya."
               : "Target lebih berat daripada rata-rata tengah rekan sejabatan. Bicarakan "
                 "dukungan yang diperlukan.");
    hint.set_text_en(
        easier ? "The target asks for less than the middle one of others in this post. Talk "
                 "about why."
               : "The target asks for more than the middle one of others in this post. Talk "
                 "about the support that it needs.");
  }

  std::span<const PastPlan> past_;
  std::map<IndicatorKey, std::vector<Decimal>> targets_;
  std::vector<v1::TargetHint> hints_;
};

}  // namespace

v1::CascadeReport MakeCascadeReport(std::span<const v1::WorkPlan> plans,
                                    std::span<const CascadeGoal> goals) {
  return CascadeWriter(plans, goals).Write();
}

std::vector<v1::TargetHint> MakeTargetHints(const v1::WorkPlan& plan,
                                            std::span<const v1::WorkPlan> peers,
                                            std::span<const PastPlan> past) {
  return HintWriter(peers, past).Write(plan);
}

}  // namespace teraju::evaluation::domain
