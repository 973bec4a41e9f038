#include "services/training/domain/derivation.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/decimal/rounding.h"

namespace teraju::training::domain {
namespace {

// What one observation adds.
struct Finding {
  v1::Need::Source source;
  Rational weight;
  std::string reason_id;
  std::string reason_en;
};

// Of one person, by topic.
using Findings = std::map<std::string, std::vector<Finding>>;

std::string Text(const Decimal& value, int digits) {
  return Round(value, digits, Rounding::kHalfUp).ToString();
}

// In Indonesian the comma parts the decimals.
std::string TextId(const Decimal& value, int digits) {
  std::string text = Text(value, digits);
  std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

// Where a mean stands on its scale, 0 to 1.
Rational Position(const TopicFeedback& feedback) {
  const int width = std::max(feedback.scale_maximum - feedback.scale_minimum, 1);
  return (ToRational(feedback.mean) - feedback.scale_minimum) / width;
}

const Rational kExpectedPosition(3, 5);

Finding ResultFinding(const Appraisal& appraisal) {
  Finding finding{.source = v1::Need::RESULT,
                  .weight = 5,
                  .reason_id = "Rating hasil kerja di bawah ekspektasi.",
                  .reason_en = "Results were rated below expectation."};
  if (appraisal.mean_achievement) {
    const Rational shortfall = (Rational(100) - ToRational(*appraisal.mean_achievement)) / 10;
    finding.weight += std::clamp(shortfall, Rational(0), Rational(4));
    finding.reason_id = absl::StrCat("Rating hasil kerja di bawah ekspektasi; capaian rata-rata ",
                                     TextId(*appraisal.mean_achievement, 2),
                                     "%.");
    finding.reason_en = absl::StrCat("Results were rated below expectation; mean achievement ",
                                     Text(*appraisal.mean_achievement, 2),
                                     "%.");
  }
  return finding;
}

Finding BehaviorFinding() {
  return {.source = v1::Need::RESULT,
          .weight = 7,
          .reason_id = "Rating perilaku kerja di bawah ekspektasi.",
          .reason_en = "Conduct was rated below expectation."};
}

Finding FeedbackFinding(const TopicFeedback& feedback) {
  const std::string scale_id = absl::StrCat(feedback.scale_minimum, "-", feedback.scale_maximum);
  return {.source = v1::Need::FEEDBACK,
          .weight = (kExpectedPosition - Position(feedback)) * 20,
          .reason_id = absl::StrCat(
              "Umpan balik rata-rata ", TextId(feedback.mean, 2), " pada skala ", scale_id, "."),
          .reason_en = absl::StrCat(
              "Feedback averages ", Text(feedback.mean, 2), " on a scale of ", scale_id, ".")};
}

// Feedback of each person, lowest first; equals by topic.
std::map<std::string, std::vector<const TopicFeedback*>> LowestFirst(
    const std::vector<TopicFeedback>& feedback) {
  std::map<std::string, std::vector<const TopicFeedback*>> by_person;
  for (const TopicFeedback& one : feedback) by_person[one.employee].push_back(&one);
  for (auto& [person, topics] : by_person) {
    std::sort(topics.begin(), topics.end(), [](const TopicFeedback* a, const TopicFeedback* b) {
      return std::pair(Position(*a), a->topic) < std::pair(Position(*b), b->topic);
    });
  }
  return by_person;
}

v1::Need Merge(const Appraisal& appraisal,
               const std::string& topic,
               const std::vector<Finding>& findings) {
  v1::Need need;
  need.set_employee(appraisal.employee);
  need.set_topic(topic);
  need.set_source(v1::Need::FEEDBACK);
  need.set_state(v1::Need::PROPOSED);
  need.mutable_unit_path()->Assign(appraisal.unit_path.begin(), appraisal.unit_path.end());
  if (!appraisal.unit_path.empty()) need.set_unit(appraisal.unit_path.front());
  need.set_appraiser(appraisal.appraiser);
  Rational weight = 0;
  for (const Finding& finding : findings) {
    weight = std::max(weight, finding.weight);
    if (finding.source == v1::Need::RESULT) need.set_source(v1::Need::RESULT);
    const char* gap = need.reason_id().empty() ? "" : " ";
    absl::StrAppend(need.mutable_reason_id(), gap, finding.reason_id);
    absl::StrAppend(need.mutable_reason_en(), gap, finding.reason_en);
  }
  if (findings.size() > 1) weight += 1;
  *need.mutable_weight() = ToProto(Round(std::min(weight, Rational(10)), 1, Rounding::kHalfUp));
  return need;
}

}  // namespace

std::map<std::string, const Appraisal*> LastSegments(const std::vector<Appraisal>& appraisals) {
  std::map<std::string, const Appraisal*> last;
  for (const Appraisal& appraisal : appraisals) {
    const Appraisal*& kept = last[appraisal.employee];
    if (kept == nullptr || kept->segment_start < appraisal.segment_start) kept = &appraisal;
  }
  return last;
}

std::vector<v1::Need> DeriveNeeds(const std::vector<Appraisal>& appraisals,
                                  const std::vector<TopicFeedback>& feedback) {
  const auto last = LastSegments(appraisals);
  const auto topics = LowestFirst(feedback);
  std::map<std::string, Findings> findings;
  for (const auto& [person, appraisal] : last) {
    Findings& of_person = findings[person];
    const auto said = topics.find(person);
    if (appraisal->result_below) of_person[kResultTopic].push_back(ResultFinding(*appraisal));
    if (appraisal->behavior_below) {
      const std::string topic = said == topics.end() ? kBehaviorTopic : said->second.front()->topic;
      of_person[topic].push_back(BehaviorFinding());
    }
    if (said == topics.end()) continue;
    for (int i = 0; i < std::min<int>(said->second.size(), kFeedbackTopicsPerPerson); ++i) {
      const TopicFeedback& low = *said->second[i];
      if (Position(low) < kExpectedPosition) of_person[low.topic].push_back(FeedbackFinding(low));
    }
  }
  std::vector<v1::Need> needs;
  for (const auto& [person, of_person] : findings) {
    for (const auto& [topic, of_topic] : of_person) {
      needs.push_back(Merge(*last.at(person), topic, of_topic));
    }
  }
  return needs;
}

}  // namespace teraju::training::domain
