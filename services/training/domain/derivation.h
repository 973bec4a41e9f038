// From results and feedback to needs: which gap asks for which topic, how urgently, and why in
// words. What it weighs is stated here once, so that anybody can recompute a need.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

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
  bool result_above = false;
  bool result_below = false;
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

// A result below expectation is a gap of competence; conduct below expectation, where no feedback
// says in which value, one of accountability.
inline constexpr char kResultTopic[] = "KOMPETEN";
inline constexpr char kBehaviorTopic[] = "AKUNTABEL";
// More would not be learnt in a year.
inline constexpr int kFeedbackTopicsPerPerson = 3;

// One need per person and topic, in the order of person and topic:
// * result below expectation: kResultTopic, weight 5 and 1 more per 10 percent short of the target,
//   at most 9;
// * conduct below expectation: the topic with the lowest feedback, else kBehaviorTopic, weight 7;
// * feedback below three fifths of the scale: its topic, weight 2 per tenth of the scale below;
//   the lowest kFeedbackTopicsPerPerson of a person;
// * the same topic from several: the largest weight and 1 more, at most 10, all reasons, the source
//   RESULT when a result is among them.
// Weights are rounded half up to one digit. A person with several segments is under the appraiser
// of the last; a person without a result has no need from feedback, because nobody answers for it.
// Employee, topic, source, weight, reasons, unit, unit path, appraiser and state are set.
std::vector<v1::Need> DeriveNeeds(const std::vector<Appraisal>& appraisals,
                                  const std::vector<TopicFeedback>& feedback);

// The last segment of each person.
std::map<std::string, const Appraisal*> LastSegments(const std::vector<Appraisal>& appraisals);

}  // namespace teraju::training::domain
