// From what is known about people to what they should learn: weighed, merged and ranked, each with
// its reason. What it weighs is stated here once, so that anybody can recompute it.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/decimal.h"
#include "common/engines/allocation/text.h"

namespace teraju::allocation {

enum class NeedSource {
  kResult,   // results rated below expectation: 5, and 1 per 10 percent short of the target, to 9
  kConduct,  // conduct rated below expectation: 7
  kCompetency,  // below the standard of the post: 3 per level, at most 9
  kFeedback,    // mean of a 360 item below three fifths of its scale: 2 per tenth of the scale
  kSuperior,    // the superior's wish: 4
  kSelf,        // the own wish: 2
};
// `RESULT`, `CONDUCT`, `COMPETENCY`, `FEEDBACK`, `SUPERIOR`, `SELF`.
std::string NeedSourceCode(NeedSource source);

// One observation about one person that asks for one topic.
struct NeedObservation {
  std::string person;
  std::string topic;
  NeedSource source = NeedSource::kSelf;
  // kResult: mean achievement in percent, if known. kCompetency: the level that the person has.
  // kFeedback: the mean.
  std::optional<Decimal> figure = std::nullopt;
  // kCompetency: the level that the post requires (1 to 5). kFeedback: the top of the scale.
  Decimal reference = 0;
  // kFeedback: the bottom of the scale.
  Decimal bottom = 1;
};

struct RankedNeed {
  std::string person;
  std::string topic;
  Decimal weight;                   // 0.1 to 10, one digit
  std::vector<NeedSource> sources;  // the weightiest first
  int rank = 0;                     // from 1; equal weights share a rank
  Text reason;                      // every source with its figures, and how the weight comes about
};

// One need per person and topic, the most urgent first; equals by person and topic. The weight is
// that of the weightiest observation, and 1 more where another source says the same, at most 10;
// rounded half up to one digit. What shows no gap gives no need.
// INVALID_ARGUMENT (FIELD_INVALID): levels outside 0 to 5, a scale without width, a mean outside
// it, no person or topic.
absl::StatusOr<std::vector<RankedNeed>> MergeNeeds(
    const std::vector<NeedObservation>& observations);

// The legal duty to learn (PP 11/2017 art. 203: at least 20 JP a year for a PNS; Peraturan LAN
// 15/2020: at most 24 JP a contract year for a PPPK), as TrainingPerson takes it.
struct LearningDuty {
  int hours_missing = 0;
  int hours_limit = 0;
};
// `earned`: JP of this year, at least 0.
LearningDuty DutyOf(bool pppk, int earned);

}  // namespace teraju::allocation
