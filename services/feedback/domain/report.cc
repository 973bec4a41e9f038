#include "services/feedback/domain/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdlib>
#include <random>
#include <string_view>
#include <utility>

#include "common/decimal/proto_decimal.h"
#include "common/engines/statistics/disclosure.h"
#include "common/engines/statistics/distributions.h"
#include "common/engines/statistics/group_report.h"
#include "common/engines/statistics/suppression.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/domain/estimate.h"

namespace teraju::feedback::domain {
namespace {

using statistics::GroupAnswers;
using statistics::GroupMean;
using statistics::GroupReport;
using statistics::GroupRule;
using statistics::ReportRules;

constexpr std::array kGroups = {v1::SUPERIOR, v1::PEER, v1::SUBORDINATE, v1::SELF};

bool WasAsked(const RateeFeedback& feedback, v1::RaterGroup group) {
  return std::find(feedback.asked.begin(), feedback.asked.end(), group) != feedback.asked.end();
}

ReportRules RulesOf(const v1::Campaign& campaign, const RateeFeedback& feedback) {
  ReportRules rules;
  for (const v1::RaterGroup group : kGroups) {
    if (!WasAsked(feedback, group)) continue;
    GroupRule& rule = rules.groups.emplace_back();
    rule.group = v1::RaterGroup_Name(group);
    rule.threshold = IsAnonymous(group) ? campaign.threshold() : 1;
    for (const v1::GroupWeight& weight : campaign.group_weights()) {
      if (weight.group() == group) rule.weight = weight.weight();
    }
  }
  return rules;
}

v1::RaterGroup GroupOf(const GroupRule& rule) {
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  v1::RaterGroup_Parse(rule.group, &group);
  return group;
}

absl::StatusOr<GroupAnswers> AnswersOf(const v1::Questionnaire& questionnaire,
                                       const RateeFeedback& feedback,
                                       v1::RaterGroup group) {
  GroupAnswers answers{.group = v1::RaterGroup_Name(group)};
  for (const v1::QuestionnaireItem& item : questionnaire.items()) {
    answers.items.push_back({.item = item.item_id()});
  }
  for (const GivenAnswer& answer : feedback.answers) {
    if (answer.group != group) continue;
    if (answer.values.size() != answers.items.size()) {
      return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                     "An answer has another number of items.");
    }
    ++answers.answers;
    for (std::size_t i = 0; i < answer.values.size(); ++i) {
      answers.items[i].sum += answer.values[i];
      ++answers.items[i].answers;
    }
  }
  return answers;
}

std::vector<const GivenAnswer*> OfGroup(const RateeFeedback& feedback, v1::RaterGroup group) {
  std::vector<const GivenAnswer*> answers;
  for (const GivenAnswer& answer : feedback.answers)
    if (answer.group == group) answers.push_back(&answer);
  return answers;
}

// The mean of the group, and with `items` those of its items, as numbers over its answers.
statistics::Publication NumbersOf(const std::vector<const GivenAnswer*>& answers,
                                  bool items,
                                  const v1::Questionnaire& questionnaire,
                                  const GroupRule& rule,
                                  const ReportRules& rules) {
  statistics::Publication publication;
  publication.threshold = rule.threshold;
  publication.scale_minimum = questionnaire.scale_minimum();
  publication.scale_maximum = questionnaire.scale_maximum();
  const auto add = [&](const std::vector<int>& of) {
    std::int64_t sum = 0;
    const int count = questionnaire.items_size();
    for (const int answer : of) sum += answers[answer / count]->values[answer % count];
    publication.numbers.push_back(statistics::MeanOf(
        "",
        of,
        Round(Rational(sum, static_cast<std::int64_t>(of.size())), rules.digits, rules.rounding)));
  };
  std::vector<int> all;
  std::vector<std::vector<int>> by_item(questionnaire.items_size());
  for (int rater = 0; rater < static_cast<int>(answers.size()); ++rater) {
    for (std::vector<int>& item : by_item) {
      item.push_back(static_cast<int>(publication.person.size()));
      all.push_back(static_cast<int>(publication.person.size()));
      publication.person.push_back(rater);
    }
  }
  add(all);
  if (items)
    for (const std::vector<int>& item : by_item) add(item);
  return publication;
}

bool GivesAway(const std::vector<const GivenAnswer*>& answers,
               bool items,
               const v1::Questionnaire& questionnaire,
               const GroupRule& rule,
               const ReportRules& rules) {
  return !statistics::AuditPublication(NumbersOf(answers, items, questionnaire, rule, rules))
              .empty();
}

// Whether answers to the item could be exchanged with those to another: both points as far below
// `value` as above were given there, so that sums and distribution stay as they are.
bool Exchangeable(const std::vector<const GivenAnswer*>& answers, int item, int value, int scale) {
  for (int other = 0; other < static_cast<int>(answers.front()->values.size()); ++other) {
    if (other == item) continue;
    const auto given = [&](int point) {
      return std::any_of(answers.begin(), answers.end(), [&](const GivenAnswer* answer) {
        return answer->values[other] == point;
      });
    };
    for (int step = 1; step <= scale; ++step) {
      if (given(value - step) && given(value + step)) return true;
    }
  }
  return false;
}

// Where an item's mean is a whole number, everybody may have answered just that, and together with
// the distribution it may be the only possibility. Looked at is every such item, whether its
// answers are all the same or not: so neither a distribution nor its absence says that they are.
bool TellsItems(const std::vector<const GivenAnswer*>& answers,
                const v1::Questionnaire& questionnaire,
                const v1::GroupResult& result) {
  for (int item = 0; item < result.items_size(); ++item) {
    const std::string& mean = result.items(item).mean().value();
    if (!mean.ends_with(".0")) continue;
    const int scale = questionnaire.scale_maximum() - questionnaire.scale_minimum();
    if (!Exchangeable(answers, item, std::atoi(mean.c_str()), scale)) return true;
  }
  return false;
}

// Adds the interval of the mean and the distribution to the result of a group large enough for
// them. Of answers that are all the same nothing is added: it would tell each of them.
void AddDetail(const std::vector<const GivenAnswer*>& answers,
               const v1::Questionnaire& questionnaire,
               v1::GroupResult& result) {
  const int low = questionnaire.scale_minimum();
  const int high = questionnaire.scale_maximum();
  std::vector<int> counts(high - low + 1);
  double mean = 0;
  std::vector<double> means;
  for (const GivenAnswer* answer : answers) {
    double sum = 0;
    for (const int value : answer->values) {
      ++counts[value - low];
      sum += value;
    }
    means.push_back(sum / static_cast<double>(answer->values.size()));
    mean += means.back() / static_cast<double>(answers.size());
  }
  if (std::count_if(counts.begin(), counts.end(), [](int count) { return count > 0; }) < 2) return;
  if (!TellsItems(answers, questionnaire, result)) {
    for (const int count : counts) result.add_distribution(count);
  }
  double squares = 0;
  for (const double rater : means) squares += (rater - mean) * (rater - mean);
  const auto raters = static_cast<double>(means.size());
  const double margin = statistics::StudentQuantile(kIntervalTail, raters - 1) *
                        std::sqrt(squares / (raters - 1) / raters);
  *result.mutable_lower() = ToDecimal(std::max(mean - margin, static_cast<double>(low)), 1);
  *result.mutable_upper() = ToDecimal(std::min(mean + margin, static_cast<double>(high)), 1);
}

v1::GroupResult ToResult(const GroupMean& mean,
                         const v1::Questionnaire& questionnaire,
                         bool with_items) {
  v1::GroupResult result;
  v1::RaterGroup group = v1::RATER_GROUP_UNSPECIFIED;
  v1::RaterGroup_Parse(mean.group, &group);
  result.set_group(group);
  result.set_withheld(mean.withheld);
  if (mean.withheld) return result;
  result.set_answers(mean.answers);
  *result.mutable_mean() = ToProto(mean.mean);
  for (int i = 0; with_items && i < questionnaire.items_size(); ++i) {
    v1::ItemResult& item = *result.add_items();
    item.set_item_id(questionnaire.items(i).item_id());
    item.set_topic(questionnaire.items(i).topic());
    if (mean.items[i].mean) *item.mutable_mean() = ToProto(*mean.items[i].mean);
  }
  return result;
}

struct GroupWords {
  std::string_view id;
  std::string_view en;
};
GroupWords WordsOf(const std::string& group) {
  if (group == "SUPERIOR") return {"atasan", "superior"};
  if (group == "PEER") return {"rekan kerja", "peers"};
  return {"bawahan", "subordinates"};
}

void AddOverall(const GroupReport& means, v1::Report& report) {
  if (!means.overall) {
    report.set_overall_explanation_id("Tidak ada kelompok berbobot yang dapat ditampilkan.");
    report.set_overall_explanation_en("No group with a weight can be shown.");
    return;
  }
  *report.mutable_overall_mean() = ToProto(*means.overall);
  std::string parts_id;
  std::string parts_en;
  for (const statistics::Share& share : means.shares) {
    const GroupWords words = WordsOf(share.group);
    const std::string weight = share.weight.ToString();
    const std::string_view comma = parts_id.empty() ? "" : ", ";
    parts_id += fmt::format("{}{} {}", comma, words.id, weight);
    parts_en += fmt::format("{}{} {}", comma, words.en, weight);
  }
  report.set_overall_explanation_id(fmt::format(
      "Rata-rata tertimbang kelompok yang ditampilkan, dengan bobot {}; penilaian diri tidak"
      " dihitung.",
      parts_id));
  report.set_overall_explanation_en(fmt::format(
      "Mean of the groups shown, weighted {}; self feedback does not count.", parts_en));
}

void AddComments(const v1::Campaign& campaign,
                 const RateeFeedback& feedback,
                 std::uint64_t seed,
                 v1::Report& report) {
  std::vector<std::string> comments;
  for (const v1::GroupResult& group : report.groups()) {
    if (!IsAnonymous(group.group()) || group.answers() < campaign.text_threshold()) continue;
    for (const GivenAnswer& answer : feedback.answers) {
      if (answer.group == group.group() && !answer.comment.empty()) {
        comments.push_back(answer.comment);
      }
    }
  }
  std::mt19937_64 random(seed);
  std::shuffle(comments.begin(), comments.end(), random);
  for (std::string& comment : comments) report.add_comments(std::move(comment));
}

}  // namespace

bool IsAnonymous(v1::RaterGroup group) { return group == v1::PEER || group == v1::SUBORDINATE; }

absl::StatusOr<v1::Report> MakeReport(const v1::Questionnaire& questionnaire,
                                      const v1::Campaign& campaign,
                                      const RateeFeedback& feedback,
                                      std::uint64_t seed) {
  const ReportRules rules = RulesOf(campaign, feedback);
  std::vector<GroupAnswers> groups;
  std::vector<std::string> without_items;
  for (const GroupRule& rule : rules.groups) {
    const v1::RaterGroup group = GroupOf(rule);
    ASSIGN_OR_RETURN(GroupAnswers answers, AnswersOf(questionnaire, feedback, group));
    if (IsAnonymous(group) && answers.answers >= rule.threshold) {
      const auto given = OfGroup(feedback, group);
      if (GivesAway(given, /*items=*/false, questionnaire, rule, rules)) continue;
      if (GivesAway(given, /*items=*/true, questionnaire, rule, rules))
        without_items.push_back(rule.group);
    }
    groups.push_back(std::move(answers));
  }
  ASSIGN_OR_RETURN(const GroupReport means, statistics::MakeGroupReport(groups, rules));
  v1::Report report;
  report.set_scale_minimum(questionnaire.scale_minimum());
  report.set_scale_maximum(questionnaire.scale_maximum());
  for (const GroupMean& mean : means.groups) {
    const bool with_items =
        std::find(without_items.begin(), without_items.end(), mean.group) == without_items.end();
    v1::GroupResult& result = *report.add_groups() = ToResult(mean, questionnaire, with_items);
    const auto given = OfGroup(feedback, result.group());
    if (IsAnonymous(result.group()) && !result.withheld() && with_items &&
        statistics::DetailFor(static_cast<int>(given.size()), campaign.threshold()) ==
            statistics::Detail::kAll)
      AddDetail(given, questionnaire, result);
  }
  AddOverall(means, report);
  AddComments(campaign, feedback, seed, report);
  return report;
}

bool PublishesItems(const v1::Report& report, v1::RaterGroup group) {
  return IsAnonymous(group) &&
         std::any_of(report.groups().begin(), report.groups().end(), [&](const auto& result) {
           return result.group() == group && result.items_size() > 0;
         });
}

}  // namespace teraju::feedback::domain
