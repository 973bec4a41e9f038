#include "services/training/domain/derivation.h"

#include <algorithm>
#include <utility>

#include "common/decimal/proto_decimal.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/needs.h"
#include "common/errors/status_macros.h"

namespace teraju::training::domain {
namespace {

using allocation::NeedObservation;
using allocation::NeedSource;

// Where a mean stands on its scale, 0 to 1.
Rational Position(const TopicFeedback& feedback) {
  const int width = std::max(feedback.scale_maximum - feedback.scale_minimum, 1);
  return (ToRational(feedback.mean) - feedback.scale_minimum) / width;
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

// What one person's result and feedback (lowest first) ask for.
void Observe(const Appraisal& appraisal,
             const std::vector<const TopicFeedback*>& lowest,
             std::vector<NeedObservation>& observations) {
  const auto add = [&](NeedObservation observation) {
    observation.person = appraisal.employee;
    observations.push_back(std::move(observation));
  };
  if (appraisal.result_below) {
    add({.topic = kResultTopic,
         .source = NeedSource::kResult,
         .figure = appraisal.mean_achievement});
  }
  if (appraisal.behavior_below) {
    add({.topic = lowest.empty() ? kBehaviorTopic : lowest.front()->topic,
         .source = NeedSource::kConduct});
  }
  for (int i = 0; i < std::min<int>(lowest.size(), kFeedbackTopicsPerPerson); ++i) {
    add({.topic = lowest[i]->topic,
         .source = NeedSource::kFeedback,
         .figure = lowest[i]->mean,
         .reference = lowest[i]->scale_maximum,
         .bottom = lowest[i]->scale_minimum});
  }
}

v1::Need::Source SourceOf(const allocation::RankedNeed& ranked) {
  const auto has = [&](NeedSource source) {
    return std::find(ranked.sources.begin(), ranked.sources.end(), source) != ranked.sources.end();
  };
  if (has(NeedSource::kResult) || has(NeedSource::kConduct)) return v1::Need::RESULT;
  return has(NeedSource::kCompetency) ? v1::Need::COMPETENCY : v1::Need::FEEDBACK;
}

v1::Need MakeNeed(const Appraisal& appraisal, const allocation::RankedNeed& ranked) {
  v1::Need need;
  need.set_employee(appraisal.employee);
  need.set_topic(ranked.topic);
  need.set_source(SourceOf(ranked));
  need.set_state(v1::Need::PROPOSED);
  *need.mutable_weight() = ToProto(ranked.weight);
  need.set_reason_id(ranked.reason.id);
  need.set_reason_en(ranked.reason.en);
  need.mutable_unit_path()->Assign(appraisal.unit_path.begin(), appraisal.unit_path.end());
  if (!appraisal.unit_path.empty()) need.set_unit(appraisal.unit_path.front());
  need.set_appraiser(appraisal.appraiser);
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

absl::StatusOr<std::vector<v1::Need>> DeriveNeeds(const std::vector<Appraisal>& appraisals,
                                                  const std::vector<TopicFeedback>& feedback,
                                                  const std::vector<CompetencyGap>& gaps) {
  const auto last = LastSegments(appraisals);
  auto lowest = LowestFirst(feedback);
  std::vector<NeedObservation> observations;
  for (const auto& [person, appraisal] : last) Observe(*appraisal, lowest[person], observations);
  for (const CompetencyGap& gap : gaps) {
    if (!last.contains(gap.employee)) continue;
    observations.push_back({.person = gap.employee,
                            .topic = gap.topic,
                            .source = NeedSource::kCompetency,
                            .figure = Decimal(gap.level),
                            .reference = gap.required_level});
  }
  ASSIGN_OR_RETURN(const auto ranked, allocation::MergeNeeds(observations));
  std::vector<v1::Need> needs;
  needs.reserve(ranked.size());
  for (const allocation::RankedNeed& need : ranked) {
    needs.push_back(MakeNeed(*last.at(need.person), need));
  }
  return needs;
}

}  // namespace teraju::training::domain
