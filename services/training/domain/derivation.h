// From results and feedback to needs: which gap asks for which topic. How urgent a need is, and
// why, is the engine's (common/engines/allocation/needs.h).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/decimal/decimal.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training::domain {

// A final result of one person's segment, as evaluation published it.
struct Appraisal {
  std::string employee;  // `agencies/{agency}/employees/{employee}`
  std::vector<std::string> unit_path;
  std::string appraiser;
  absl::CivilDay segment_start;
  absl::CivilDay segment_end;
  bool result_above = false;
  bool result_below = false;
  bool behavior_above = false;
  bool behavior_below = false;
  std::optional<Decimal> mean_achievement;  // percent
};

// What others say about one person's conduct in one topic, as feedback published it; the person's
// own view is not in it.
struct TopicFeedback {
  std::string employee;
  std::string topic;
  Decimal mean;
  int scale_minimum = 1;
  int scale_maximum = 5;
};

// What one person lacks of what the post requires, by a final competency assessment.
struct CompetencyGap {
  std::string employee;
  std::string topic;  // the competency's id
  int level = 0;
  int required_level = 0;
};

// A result below expectation is a gap of competence; conduct below expectation, where no feedback
// says in which value, one of accountability.
inline constexpr char kResultTopic[] = "KOMPETEN";
inline constexpr char kBehaviorTopic[] = "AKUNTABEL";
// More would not be learnt in a year.
inline constexpr int kFeedbackTopicsPerPerson = 3;

// One need per person and topic, the most urgent first:
// * result below expectation asks for kResultTopic;
// * conduct below expectation for the topic with the lowest feedback, else kBehaviorTopic;
// * feedback below three fifths of its scale for its topic: the lowest kFeedbackTopicsPerPerson;
// * a competency below the standard of the post for its topic.
// The source is RESULT when a result or conduct is among the reasons, else COMPETENCY when a
// competency is. A person with several segments is under the appraiser of the last; a person
// without a result has no need from feedback or competencies, because nobody answers for it.
// Employee, topic, source, weight, reasons, unit, unit path, appraiser and state are set.
// INVALID_ARGUMENT (FIELD_INVALID) for a mean outside its scale.
absl::StatusOr<std::vector<v1::Need>> DeriveNeeds(const std::vector<Appraisal>& appraisals,
                                                  const std::vector<TopicFeedback>& feedback,
                                                  const std::vector<CompetencyGap>& gaps);

// The last segment of each person.
std::map<std::string, const Appraisal*> LastSegments(const std::vector<Appraisal>& appraisals);

}  // namespace teraju::training::domain
