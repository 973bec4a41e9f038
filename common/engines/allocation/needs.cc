#include "common/engines/allocation/needs.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/training.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"

namespace teraju::allocation {
namespace {

constexpr int kHoursPerYear = 20;
constexpr int kMostHoursOfPppk = 24;
const Rational kHeaviest = 10;
const Rational kExpectedPosition(3, 5);

Text Rounded(const Rational& value, int digits) {
  return NumberText(Round(value, digits, Rounding::kHalfUp));
}

// Where a mean stands on its scale, 0 to 1.
Rational PositionOf(const NeedObservation& observation) {
  return ToRational(*observation.figure - observation.bottom) /
         ToRational(observation.reference - observation.bottom);
}

Rational WeightOf(const NeedObservation& observation) {
  switch (observation.source) {
    case NeedSource::kResult: {
      if (!observation.figure) return 5;
      const Rational shortfall = (Rational(100) - ToRational(*observation.figure)) / 10;
      return Rational(5) + std::clamp(shortfall, Rational(0), Rational(4));
    }
    case NeedSource::kConduct:
      return 7;
    case NeedSource::kCompetency:
      return std::min(ToRational(observation.reference - *observation.figure) * 3, Rational(9));
    case NeedSource::kFeedback:
      return (kExpectedPosition - PositionOf(observation)) * 20;
    case NeedSource::kSuperior:
      return 4;
    case NeedSource::kSelf:
      return 2;
  }
  return 0;
}

Text ReasonOf(const NeedObservation& observation) {
  const Text figure = Rounded(ToRational(observation.figure.value_or(Decimal(0))), 2);
  const Text reference = NumberText(observation.reference);
  switch (observation.source) {
    case NeedSource::kResult:
      if (!observation.figure) {
        return {"hasil kerja di bawah ekspektasi", "results below expectation"};
      }
      return {absl::StrCat("hasil kerja di bawah ekspektasi, capaian rata-rata ", figure.id, "%"),
              absl::StrCat("results below expectation, mean achievement ", figure.en, "%")};
    case NeedSource::kConduct:
      return {"perilaku kerja di bawah ekspektasi", "conduct below expectation"};
    case NeedSource::kCompetency:
      return {absl::StrCat("tingkat ", figure.id, ", standar jabatan ", reference.id),
              absl::StrCat("level ", figure.en, ", the post requires ", reference.en)};
    case NeedSource::kFeedback: {
      const Text bottom = NumberText(observation.bottom);
      return {
          absl::StrCat(
              "umpan balik rata-rata ", figure.id, " pada skala ", bottom.id, "-", reference.id),
          absl::StrCat(
              "feedback averages ", figure.en, " on a scale of ", bottom.en, "-", reference.en)};
    }
    case NeedSource::kSuperior:
      return {"usulan atasan", "the superior's wish"};
    case NeedSource::kSelf:
      return {"usulan sendiri", "the own wish"};
  }
  return {};
}

void CheckOne(const NeedObservation& observation,
              const std::string& at,
              errors::FieldViolations& violations) {
  if (observation.person.empty() || observation.topic.empty()) {
    violations.Add(at, "REQUIRED", "Sebut pegawai dan topik.", "Name the person and the topic.");
  }
  if (observation.source == NeedSource::kCompetency) {
    const auto level = [](const Decimal& value) {
      return value.sign() >= 0 && value <= Decimal(5);
    };
    const bool good =
        observation.figure && level(*observation.figure) && level(observation.reference);
    if (!good) {
      violations.Add(absl::StrCat(at, ".figure"),
                     "OUT_OF_RANGE",
                     "Isi tingkat kompetensi dari 0 sampai 5.",
                     "Give levels of competence from 0 to 5.");
    }
  }
  if (observation.source != NeedSource::kFeedback) return;
  const bool good = observation.figure && observation.bottom < observation.reference &&
                    *observation.figure >= observation.bottom &&
                    *observation.figure <= observation.reference;
  if (!good) {
    violations.Add(absl::StrCat(at, ".figure"),
                   "OUT_OF_RANGE",
                   "Isi skala yang mempunyai lebar dan rata-rata di dalamnya.",
                   "Give a scale that has a width, and a mean within it.");
  }
}

// One topic of one person.
RankedNeed Merge(const std::pair<std::string, std::string>& key,
                 std::vector<const NeedObservation*> observations) {
  std::stable_sort(observations.begin(), observations.end(), [](const auto* a, const auto* b) {
    return std::pair(WeightOf(*b), a->source) < std::pair(WeightOf(*a), b->source);
  });
  RankedNeed need{.person = key.first, .topic = key.second, .weight = {}, .sources = {}};
  Rational weight = WeightOf(*observations.front());
  for (const NeedObservation* observation : observations) {
    const Text own = Rounded(WeightOf(*observation), 1);
    const Text reason = ReasonOf(*observation);
    const char* gap = need.reason.id.empty() ? "" : "; ";
    absl::StrAppend(&need.reason.id, gap, reason.id, " (", own.id, ")");
    absl::StrAppend(&need.reason.en, gap, reason.en, " (", own.en, ")");
    if (std::find(need.sources.begin(), need.sources.end(), observation->source) ==
        need.sources.end()) {
      need.sources.push_back(observation->source);
    }
  }
  if (need.sources.size() > 1) {
    weight += 1;
    need.reason.id += "; +1 karena beberapa sumber sepakat";
    need.reason.en += "; +1 because several sources agree";
  }
  need.weight = Round(std::min(weight, kHeaviest), 1, Rounding::kHalfUp);
  const Text total = NumberText(need.weight);
  need.reason.id = absl::StrCat("Bobot ", total.id, ": ", need.reason.id, ".");
  need.reason.en = absl::StrCat("Weight ", total.en, ": ", need.reason.en, ".");
  return need;
}

}  // namespace

std::string NeedSourceCode(NeedSource source) {
  switch (source) {
    case NeedSource::kResult:
      return "RESULT";
    case NeedSource::kConduct:
      return "CONDUCT";
    case NeedSource::kCompetency:
      return "COMPETENCY";
    case NeedSource::kFeedback:
      return "FEEDBACK";
    case NeedSource::kSuperior:
      return "SUPERIOR";
    case NeedSource::kSelf:
      return "SELF";
  }
  return "";
}

absl::StatusOr<std::vector<RankedNeed>> MergeNeeds(
    const std::vector<NeedObservation>& observations) {
  errors::FieldViolations violations;
  for (std::size_t i = 0; i < observations.size(); ++i) {
    CheckOne(observations[i], absl::StrCat("observations[", i, "]"), violations);
  }
  RETURN_IF_ERROR(violations.ToStatus());
  std::map<std::pair<std::string, std::string>, std::vector<const NeedObservation*>> by_topic;
  for (const NeedObservation& observation : observations) {
    if (WeightOf(observation) <= 0) continue;
    by_topic[{observation.person, observation.topic}].push_back(&observation);
  }
  std::vector<RankedNeed> needs;
  for (auto& [key, of_topic] : by_topic) {
    RankedNeed need = Merge(key, std::move(of_topic));
    if (need.weight.sign() > 0) needs.push_back(std::move(need));
  }
  std::stable_sort(needs.begin(), needs.end(), [](const RankedNeed& a, const RankedNeed& b) {
    return a.weight > b.weight;
  });
  for (std::size_t i = 0; i < needs.size(); ++i) {
    const bool equal = i > 0 && needs[i].weight == needs[i - 1].weight;
    needs[i].rank = equal ? needs[i - 1].rank : static_cast<int>(i) + 1;
  }
  return needs;
}

LearningDuty DutyOf(bool pppk, int earned) {
  if (pppk) return {.hours_missing = 0, .hours_limit = std::max(0, kMostHoursOfPppk - earned)};
  return {.hours_missing = std::max(0, kHoursPerYear - earned), .hours_limit = kUnlimited};
}

}  // namespace teraju::allocation
