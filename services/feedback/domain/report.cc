#include "services/feedback/domain/report.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <random>
#include <string_view>
#include <utility>

#include "common/decimal/proto_decimal.h"
#include "common/engines/statistics/group_report.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::feedback::domain {
namespace {

using statistics::GroupAnswers;
using statistics::GroupMean;
using statistics::GroupReport;
using statistics::GroupRule;
using statistics::ItemAnswers;
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

// Whether the rounded mean of `total` can only come from answers that are all at one end of the
// scale.
bool TellsAll(const ItemAnswers& total,
              const v1::Questionnaire& questionnaire,
              const ReportRules& rules) {
  const auto tells = [&](int extreme, int step) {
    if (total.answers == 0 || total.sum != std::int64_t{extreme} * total.answers) return false;
    const auto rounded = [&](std::int64_t sum) {
      return Round(Rational(sum, total.answers), rules.digits, rules.rounding);
    };
    return rounded(total.sum) != rounded(total.sum + step);
  };
  return tells(questionnaire.scale_minimum(), +1) || tells(questionnaire.scale_maximum(), -1);
}

bool ItemsTellAll(const GroupAnswers& group,
                  const v1::Questionnaire& questionnaire,
                  const ReportRules& rules) {
  return std::any_of(group.items.begin(), group.items.end(), [&](const ItemAnswers& item) {
    return TellsAll(item, questionnaire, rules);
  });
}

bool GroupTellsAll(const GroupAnswers& group,
                   const v1::Questionnaire& questionnaire,
                   const ReportRules& rules) {
  ItemAnswers total;
  for (const ItemAnswers& item : group.items) {
    total.sum += item.sum;
    total.answers += item.answers;
  }
  return TellsAll(total, questionnaire, rules);
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
  for (const v1::RaterGroup group : kGroups) {
    if (!WasAsked(feedback, group)) continue;
    ASSIGN_OR_RETURN(GroupAnswers answers, AnswersOf(questionnaire, feedback, group));
    if (IsAnonymous(group) && GroupTellsAll(answers, questionnaire, rules)) continue;
    if (IsAnonymous(group) && ItemsTellAll(answers, questionnaire, rules)) {
      without_items.push_back(answers.group);
    }
    groups.push_back(std::move(answers));
  }
  ASSIGN_OR_RETURN(const GroupReport means, statistics::MakeGroupReport(groups, rules));
  v1::Report report;
  for (const GroupMean& mean : means.groups) {
    const bool with_items =
        std::find(without_items.begin(), without_items.end(), mean.group) == without_items.end();
    *report.add_groups() = ToResult(mean, questionnaire, with_items);
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
