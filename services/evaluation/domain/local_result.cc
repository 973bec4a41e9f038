#include "services/evaluation/domain/local_result.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/evaluation.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/domain/work_plan.h"

namespace teraju::evaluation::domain {
namespace {

using rules::InputField;
using rules::Json;

constexpr int kDueDigits = 6;

std::string_view PeriodIdOf(const v1::Evaluation& evaluation) {
  const std::string_view period = evaluation.period();
  return period.substr(period.rfind('/') + 1);
}

bool Declares(const InputField& list, std::string_view field) {
  return std::any_of(list.fields.begin(), list.fields.end(), [&](const InputField& one) {
    return one.name == field;
  });
}

Decimal DuePart(const Decimal& target, const ElapsedShare& due) {
  if (due.elapsed == due.days) return target;
  return Round(ToRational(target) * Rational(due.elapsed, due.days), kDueDigits, Rounding::kHalfUp)
      .Normalized();
}

// One indicator as an entry of `list`, with the fields that it declares.
absl::StatusOr<Json> EntryOf(const InputField& list,
                             const v1::ItemIndicator& indicator,
                             const v1::IndicatorAchievement* figure,
                             const ElapsedShare& share) {
  const ElapsedShare due = DueShare(indicator, share);
  Json entry = Json::Object();
  const auto set = [&](std::string_view field, Json value) {
    if (Declares(list, field)) entry.Set(field, std::move(value));
  };
  entry.Set("key", AccountKey(indicator.title()));
  Decimal weight(1);
  if (indicator.has_weight()) {
    ASSIGN_OR_RETURN(weight, FromProto(indicator.weight()));
  }
  set("weight", weight);
  set("formula",
      indicator.polarity() == v1::ItemIndicator::LOWER_IS_BETTER ? "LOWER_IS_BETTER"
                                                                 : "HIGHER_IS_BETTER");
  ASSIGN_OR_RETURN(const Decimal target, FromProto(indicator.target()));
  // A pack that knows no ranges gets no target for one, and says so.
  if (!indicator.has_target_upper() || Declares(list, "target_high"))
    set("target", DuePart(target, due));
  if (indicator.has_target_upper()) {
    ASSIGN_OR_RETURN(const Decimal upper, FromProto(indicator.target_upper()));
    set("target_high", DuePart(upper, due));
  }
  if (figure != nullptr && figure->has_realisation()) {
    ASSIGN_OR_RETURN(const Decimal realised, FromProto(figure->realisation()));
    set("realised", realised);
  }
  return entry;
}

const v1::IndicatorAchievement* FigureOf(const v1::ComputedEvidence& computed,
                                         const std::string& item_id,
                                         const std::string& indicator_id) {
  for (const v1::ItemAchievement& item : computed.items()) {
    if (item.item_id() != item_id) continue;
    for (const v1::IndicatorAchievement& figure : item.indicators()) {
      if (figure.indicator_id() == indicator_id) return &figure;
    }
  }
  return nullptr;
}

// Every indicator of the approved plan; null without one.
absl::StatusOr<Json> IndicatorList(const LocalSubject& subject, const InputField& list) {
  if (subject.plan.state() != v1::WorkPlan::APPROVED) return Json();
  ASSIGN_OR_RETURN(const ElapsedShare share,
                   ShareOf(subject.evaluation.snapshot(), subject.period));
  Json entries = Json::Array();
  for (const v1::WorkPlanItem& item : subject.plan.items()) {
    for (const v1::ItemIndicator& indicator : item.indicators()) {
      const v1::IndicatorAchievement* figure =
          FigureOf(subject.evaluation.computed(), item.item_id(), indicator.indicator_id());
      ASSIGN_OR_RETURN(Json entry, EntryOf(list, indicator, figure, share));
      entries.items.push_back(std::move(entry));
    }
  }
  return entries;
}

Json RatingInput(v1::Rating rating) {
  return rating == v1::RATING_UNSPECIFIED ? Json() : Json(v1::Rating_Name(rating));
}

// Days of the segment within the period.
absl::StatusOr<Json> DaysInput(const LocalSubject& subject) {
  const v1::Snapshot& segment = subject.evaluation.snapshot();
  ASSIGN_OR_RETURN(const absl::CivilDay start, time::ToCivilDay(segment.start_date()));
  ASSIGN_OR_RETURN(const absl::CivilDay last, time::ToCivilDay(segment.end_date()));
  const auto days =
      std::min(last + 1, subject.period.end()) - std::max(start, subject.period.start());
  return Json(static_cast<int>(days));
}

absl::StatusOr<Json> ComputedValue(const LocalSubject& subject, const InputField& input) {
  if (input.kind == InputField::Kind::kList) return IndicatorList(subject, input);
  if (input.name == "result_rating") return RatingInput(subject.evaluation.result_rating());
  if (input.name == "behavior_rating") return RatingInput(subject.evaluation.behavior_rating());
  if (input.name == "days") return DaysInput(subject);
  if (!subject.feedback.has_value()) return Json();
  const auto group = subject.feedback->groups.find(input.name);
  return group == subject.feedback->groups.end() ? Json() : Json(group->second);
}

// The label of the input that a path such as `indicators[0].realised` begins with.
Text LabelOf(const rules::Method& method, std::string_view path) {
  const std::string_view name = path.substr(0, path.find_first_of("[."));
  for (const InputField& input : method.inputs) {
    if (input.name == name) return input.label;
  }
  return {std::string(name), std::string(name)};
}

// INVALID_ARGUMENT with violations is an answer here; everything else is a fault.
absl::Status NoteMissing(const absl::Status& refusal,
                         const rules::Method& method,
                         v1::LocalResult& result) {
  const auto faults = errors::GetDetail<google::rpc::BadRequest>(refusal);
  if (refusal.code() != absl::StatusCode::kInvalidArgument || !faults.has_value()) return refusal;
  for (const auto& fault : faults->field_violations()) {
    const Text label = LabelOf(method, fault.field());
    v1::MissingInput& missing = *result.add_missing();
    missing.set_input(fault.field());
    missing.set_reason(fault.reason());
    missing.set_text_id(label.id + ": " + fault.localized_message().message());
    missing.set_text_en(label.en + ": " + fault.description());
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<v1::LocalResult> LocalResultOf(const LocalPack& pack,
                                              const rules::Method& method,
                                              const Json& inputs,
                                              absl::Time now) {
  v1::LocalResult result;
  result.set_pack(pack.name);
  result.set_digest(pack.rules.digest);
  result.set_method(method.name);
  result.set_inputs(rules::CanonicalJson(inputs));
  SetTime(*result.mutable_compute_time(), now);
  const absl::StatusOr<rules::Outcome> outcome = rules::Score(pack.rules, method, inputs);
  if (!outcome.ok()) {
    RETURN_IF_ERROR(NoteMissing(outcome.status(), method, result));
    return result;
  }
  if (outcome->score.has_value()) *result.mutable_score() = ToProto(*outcome->score);
  if (outcome->predicate.has_value()) {
    const Text label = pack.rules.LabelOf(*outcome->predicate);
    result.set_predicate(pack.rules.codes[static_cast<std::size_t>(*outcome->predicate)]);
    result.set_predicate_id(label.id);
    result.set_predicate_en(label.en);
  }
  return result;
}

absl::StatusOr<Json> LocalInputs(const LocalSubject& subject, const rules::Method& method) {
  Json inputs = Json::Object();
  for (const InputField& input : method.inputs) {
    Json value;
    if (IsComputed(input)) {
      ASSIGN_OR_RETURN(value, ComputedValue(subject, input));
    } else {
      for (const v1::Figure& figure : subject.evaluation.figures()) {
        if (figure.name() == input.name) value = ToInput(figure);
      }
    }
    if (!value.Is(Json::Kind::kNull)) inputs.Set(input.name, std::move(value));
  }
  return inputs;
}

absl::StatusOr<std::optional<v1::LocalResult>> MakeLocalResult(const LocalPack& pack,
                                                               const LocalSubject& subject,
                                                               absl::Time now) {
  const rules::Method* method = LocalMethod(pack.rules, PeriodIdOf(subject.evaluation));
  if (method == nullptr) return std::nullopt;
  ASSIGN_OR_RETURN(const Json inputs, LocalInputs(subject, *method));
  ASSIGN_OR_RETURN(v1::LocalResult result, LocalResultOf(pack, *method, inputs, now));
  return result;
}

absl::StatusOr<std::optional<rules::Evaluation>> LocalEvaluation(const LocalPack& pack,
                                                                 const v1::LocalResult& local) {
  if (!local.missing().empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const Json inputs, rules::ParseJson(local.inputs()));
  absl::StatusOr<rules::Evaluation> again = rules::Evaluate(pack.rules, local.method(), inputs);
  const bool same = again.ok() && again->digest == local.digest() &&
                    again->predicate == local.predicate() &&
                    (again->score ? again->score->ToString() : "") == local.score().value();
  if (same) return *std::move(again);
  return errors::Internal(errors::reasons::INTERNAL_FAULT,
                          "The policy pack and the stored result contradict one another.")
      .With("what", "local");
}

absl::Status AddAccount(const LocalPack& pack, v1::LocalResult& local) {
  ASSIGN_OR_RETURN(const std::optional<rules::Evaluation> again, LocalEvaluation(pack, local));
  if (again.has_value()) local.set_account(rules::CanonicalJson(rules::ToJson(*again)));
  return absl::OkStatus();
}

absl::StatusOr<v1::LocalResult> FinalLocalResult(const LocalPack& pack,
                                                 const v1::Evaluation& evaluation,
                                                 absl::Time now) {
  const v1::LocalResult& scored = evaluation.local_result();
  const rules::Method* method = pack.rules.FindMethod(scored.method());
  if (method == nullptr) {
    return errors::Internal(errors::reasons::INTERNAL_FAULT,
                            "The policy pack lacks the method of a local result.");
  }
  ASSIGN_OR_RETURN(Json inputs, rules::ParseJson(scored.inputs()));
  bool rated = false;
  for (const InputField& input : method->inputs) {
    if (!IsComputed(input) || input.kind != InputField::Kind::kChoice) continue;
    inputs.Set(input.name,
               RatingInput(input.name == "result_rating" ? evaluation.result_rating()
                                                         : evaluation.behavior_rating()));
    rated = true;
  }
  if (!rated) return scored;
  return LocalResultOf(pack, *method, inputs, now);
}

}  // namespace teraju::evaluation::domain
