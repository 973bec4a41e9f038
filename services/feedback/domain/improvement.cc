#include "services/feedback/domain/improvement.h"

#include <cmath>
#include <string>

#include "common/decimal/proto_decimal.h"
#include "common/engines/statistics/distributions.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/feedback/domain/estimate.h"
#include "services/feedback/domain/timestamp.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

using Effect = v1::ImprovementEffect;

constexpr int kBoundDigits = 2;

const v1::ElementResult* FindElement(const v1::SurveyResult& result, std::string_view element) {
  for (const v1::ElementResult& one : result.elements()) {
    if (one.element() == element) return &one;
  }
  return nullptr;
}

// Of a mean; nullopt where the deviation is not known.
std::optional<double> VarianceOf(const v1::ElementResult& element, int answers) {
  if (!element.has_deviation() || answers == 0) return std::nullopt;
  return std::pow(std::stod(element.deviation().value()), 2) / answers;
}

void SetText(Effect& effect) {
  switch (effect.verdict()) {
    case Effect::IMPROVED:
      effect.set_text_id("Lebih baik daripada survei sebelumnya; selisihnya melampaui kebetulan.");
      effect.set_text_en("Better than in the survey before; the difference is more than chance.");
      return;
    case Effect::WORSENED:
      effect.set_text_id("Lebih buruk daripada survei sebelumnya; selisihnya melampaui kebetulan.");
      effect.set_text_en("Worse than in the survey before; the difference is more than chance.");
      return;
    case Effect::NO_SIGNIFICANT_CHANGE:
      effect.set_text_id("Tidak ada perubahan yang dapat dibedakan dari kebetulan.");
      effect.set_text_en("No change that could be told from chance.");
      return;
    default:
      effect.set_text_id(
          "Jawaban terlalu sedikit atau semuanya sama; perubahan tidak dapat dinilai.");
      effect.set_text_en("Too few answers, or all alike: a change cannot be judged.");
  }
}

// Around the change, where both variances are known and not both zero.
void SetVerdict(std::optional<double> before, std::optional<double> after, Effect& effect) {
  effect.set_verdict(Effect::UNKNOWN);
  if (!before || !after || *before + *after == 0) return;
  const double change = std::stod(effect.change().value());
  const double half = statistics::NormalQuantile(kIntervalTail) * std::sqrt(*before + *after);
  *effect.mutable_lower() = ToDecimal(change - half, kBoundDigits);
  *effect.mutable_upper() = ToDecimal(change + half, kBoundDigits);
  effect.set_verdict(change - half > 0   ? Effect::IMPROVED
                     : change + half < 0 ? Effect::WORSENED
                                         : Effect::NO_SIGNIFICANT_CHANGE);
}

}  // namespace

absl::Status CheckImprovement(const v1::ImprovementAction& action, const v1::SurveyResult& result) {
  if (result.withheld()) {
    return errors::FailedPrecondition(v1::SURVEY_RESULT_WITHHELD, "The result is withheld.")
        .With("unit", action.unit());
  }
  if (FindElement(result, action.element()) == nullptr) {
    return errors::FailedPrecondition(v1::SURVEY_ELEMENT_UNKNOWN, "No such element.")
        .With("element", action.element());
  }
  return absl::OkStatus();
}

absl::Status RequirePlanned(const v1::ImprovementAction& action) {
  if (action.state() == v1::ImprovementAction::PLANNED) return absl::OkStatus();
  return errors::FailedPrecondition(v1::IMPROVEMENT_ENDED, "The improvement has ended.");
}

absl::Status EndImprovement(v1::ImprovementAction& action,
                            v1::ImprovementAction::State state,
                            std::string_view outcome,
                            absl::Time now) {
  RETURN_IF_ERROR(RequirePlanned(action));
  action.set_state(state);
  action.set_outcome(std::string(outcome));
  *action.mutable_end_time() = ToTimestamp(now);
  return absl::OkStatus();
}

std::optional<Effect> MakeEffect(std::string_view element,
                                 const v1::SurveyResult& before,
                                 const v1::SurveyResult& after) {
  const v1::ElementResult* first = FindElement(before, element);
  const v1::ElementResult* second = FindElement(after, element);
  if (first == nullptr || second == nullptr) return std::nullopt;
  const auto was = teraju::FromProto(first->mean());
  const auto is = teraju::FromProto(second->mean());
  if (!was.ok() || !is.ok()) return std::nullopt;
  Effect effect;
  *effect.mutable_before() = *first;
  *effect.mutable_after() = *second;
  effect.set_answers_before(before.answers());
  effect.set_answers_after(after.answers());
  *effect.mutable_change() = ToProto(*is - *was);
  SetVerdict(VarianceOf(*first, before.answers()), VarianceOf(*second, after.answers()), effect);
  SetText(effect);
  return effect;
}

}  // namespace teraju::feedback::domain
