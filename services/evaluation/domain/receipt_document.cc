#include "services/evaluation/domain/receipt_document.h"

#include <utility>

#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/json.h"
#include "common/engines/rules/nearest_change.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "services/evaluation/domain/receipt_changes.h"
#include "services/evaluation/domain/scoring.h"
#include "services/evaluation/domain/work_plan.h"

namespace teraju::evaluation::domain {
namespace {

using google::protobuf::util::TimeUtil;
using rules::Json;

constexpr char kOfficial[] = "permenpanrb-6-2022";

absl::StatusOr<Json> IndicatorInputs(const v1::ItemIndicator& indicator,
                                     const v1::IndicatorAchievement& figure,
                                     const ElapsedShare& share) {
  const ElapsedShare due = DueShare(indicator, share);
  ASSIGN_OR_RETURN(const Decimal target, FromProto(indicator.target()));
  ASSIGN_OR_RETURN(const Decimal realised, FromProto(figure.realisation()));
  Json inputs = Json::Object();
  inputs.Set("key", AccountKey(indicator.title() + " (" + indicator.unit_of_measure() + ")"));
  inputs.Set("formula",
             indicator.polarity() == v1::ItemIndicator::LOWER_IS_BETTER ? "LOWER_IS_BETTER"
                                                                        : "HIGHER_IS_BETTER");
  inputs.Set("target", target);
  if (indicator.has_target_upper()) {
    ASSIGN_OR_RETURN(const Decimal upper, FromProto(indicator.target_upper()));
    inputs.Set("target_high", upper);
  }
  inputs.Set("realised", realised);
  inputs.Set("elapsed", due.elapsed);
  inputs.Set("days", due.days);
  return inputs;
}

absl::Status Contradiction(std::string_view what) {
  return errors::Internal(errors::reasons::INTERNAL_FAULT,
                          "The policy pack and the stored result contradict one another.")
      .With("what", what);
}

}  // namespace

const rules::PolicyPack& OfficialPack() {
  static const rules::PolicyPack& pack = *rules::FindShippedPack(kOfficial);
  return pack;
}

std::string OfficialPackText() { return std::string(rules::ShippedPackText(kOfficial)); }

Json EvaluationFacts(const v1::Evaluation& evaluation, const time::Period& period) {
  const v1::Snapshot& snapshot = evaluation.snapshot();
  Json facts = Json::Object();
  facts.Set("name", evaluation.name());
  facts.Set("work_plan", evaluation.work_plan());
  facts.Set("period", evaluation.period());
  facts.Set("period_start", time::FormatDay(period.start()));
  facts.Set("period_end", time::FormatDay(period.last()));
  facts.Set("employee", snapshot.employee());
  facts.Set("unit", snapshot.unit());
  facts.Set("position", snapshot.position_title());
  facts.Set("appraiser", snapshot.appraiser());
  facts.Set("appraiser_reason_id", snapshot.explanation_id());
  facts.Set("appraiser_reason_en", snapshot.explanation_en());
  facts.Set("result_rating", v1::Rating_Name(evaluation.result_rating()));
  facts.Set("result_reason", evaluation.result_reason());
  facts.Set("behavior_rating", v1::Rating_Name(evaluation.behavior_rating()));
  facts.Set("behavior_reason", evaluation.behavior_reason());
  facts.Set("rated_by", evaluation.rated_by());
  facts.Set("rate_time", TimeUtil::ToString(evaluation.rate_time()));
  facts.Set("final_time", TimeUtil::ToString(evaluation.final_time()));
  facts.Set("predicate", v1::Predicate_Name(evaluation.predicate()));
  if (evaluation.computed().has_feedback_mean()) {
    facts.Set("feedback_mean", evaluation.computed().feedback_mean().value());
    facts.Set("feedback_report", evaluation.computed().feedback_report());
  }
  Json warnings = Json::Array();
  for (const v1::Warning& warning : evaluation.computed().warnings())
    warnings.items.push_back(warning.code());
  facts.Set("warnings", std::move(warnings));
  return facts;
}

absl::StatusOr<Json> EvidenceInputs(const ReceiptInput& input) {
  ASSIGN_OR_RETURN(const ElapsedShare share, ShareOf(input.evaluation.snapshot(), input.period));
  Json results = Json::Array();
  for (const v1::ItemAchievement& scored : input.evaluation.computed().items()) {
    const v1::WorkPlanItem* item = FindItem(input.plan, scored.item_id());
    if (item == nullptr) continue;
    Json indicators = Json::Array();
    for (const v1::IndicatorAchievement& figure : scored.indicators()) {
      const v1::ItemIndicator* indicator = FindIndicator(*item, figure.indicator_id());
      if (indicator == nullptr || !figure.has_realisation()) continue;
      ASSIGN_OR_RETURN(Json one, IndicatorInputs(*indicator, figure, share));
      indicators.items.push_back(std::move(one));
    }
    if (indicators.items.empty()) continue;
    Json result = Json::Object();
    result.Set("key", AccountKey(item->title()));
    result.Set("indicators", std::move(indicators));
    results.items.push_back(std::move(result));
  }
  Json inputs = Json::Object();
  inputs.Set("results", std::move(results));
  return inputs;
}

ResultMethod MethodOf(const ReceiptInput& input) {
  ResultMethod method{"periodic", Json::Object()};
  if (input.own_unit.has_value()) {
    method.name = "head_of_unit";
    method.inputs.Set("unit_predicate", v1::UnitPredicate_Name(*input.own_unit));
  } else {
    if (input.evaluation.period().ends_with("/periods/year")) method.name = "annual";
    method.inputs.Set("result_rating", v1::Rating_Name(input.evaluation.result_rating()));
  }
  method.inputs.Set("behavior_rating", v1::Rating_Name(input.evaluation.behavior_rating()));
  return method;
}

absl::StatusOr<Json> MakeDocument(const ReceiptInput& input,
                                  const rules::PolicyPack& pack,
                                  const std::optional<rules::Evaluation>& local) {
  Json document = Json::Object();
  document.Set("format", kDocumentFormat);
  document.Set("salt", input.salt);
  document.Set("evaluation", EvaluationFacts(input.evaluation, input.period));
  if (input.evaluation.computed().has_mean_achievement()) {
    ASSIGN_OR_RETURN(const Json inputs, EvidenceInputs(input));
    ASSIGN_OR_RETURN(const rules::Evaluation evidence, rules::Evaluate(pack, "evidence", inputs));
    ASSIGN_OR_RETURN(const Decimal mean, FromProto(input.evaluation.computed().mean_achievement()));
    if (!evidence.score.has_value() || *evidence.score != mean) return Contradiction("evidence");
    document.Set("evidence", rules::ToJson(evidence));
  }
  const ResultMethod method = MethodOf(input);
  ASSIGN_OR_RETURN(const rules::Evaluation result,
                   rules::Evaluate(pack, method.name, method.inputs));
  if (result.predicate != v1::Predicate_Name(input.evaluation.predicate()))
    return Contradiction("predicate");
  document.Set("result", rules::ToJson(result));
  if (!input.calibrations.empty())
    document.Set("calibrations", CalibrationFacts(input.calibrations));
  if (HasLocalResult(input)) {
    ASSIGN_OR_RETURN(Json part,
                     LocalDocument(*input.local_pack, input.evaluation.local_result(), local));
    document.Set("local", std::move(part));
  }
  return document;
}

absl::StatusOr<Json> LocalDocument(const LocalPack& pack,
                                   const v1::LocalResult& local,
                                   const std::optional<rules::Evaluation>& evaluated) {
  if (evaluated.has_value()) return rules::ToJson(*evaluated);
  ASSIGN_OR_RETURN(const Json inputs, rules::ParseJson(local.inputs()));
  if (rules::Evaluate(pack.rules, local.method(), inputs).ok()) return Contradiction("local");
  Json missing = Json::Array();
  for (const v1::MissingInput& one : local.missing()) {
    missing.items.push_back(Json::Object().Set("input", one.input()).Set("reason", one.reason()));
  }
  Json document = Json::Object();
  document.Set("pack",
               Json::Object()
                   .Set("name", pack.rules.name)
                   .Set("revision", pack.rules.revision)
                   .Set("digest", pack.rules.digest));
  document.Set("method", local.method());
  document.Set("inputs", inputs);
  document.Set("missing", std::move(missing));
  return document;
}

absl::StatusOr<std::vector<v1::ReceiptChange>> ChangesOf(const ReceiptInput& input,
                                                         const rules::PolicyPack& pack) {
  const ResultMethod method = MethodOf(input);
  ASSIGN_OR_RETURN(const std::vector<rules::Change> changes,
                   rules::NearestChanges(pack, method.name, method.inputs));
  std::vector<v1::ReceiptChange> nearest;
  for (const rules::Change& change : changes) {
    v1::ReceiptChange& one = nearest.emplace_back();
    one.set_input(change.input);
    one.set_from(change.from);
    one.set_to(change.to);
    v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
    v1::Predicate_Parse(change.predicate, &predicate);
    one.set_predicate(predicate);
    one.set_text_id(change.text.id);
    one.set_text_en(change.text.en);
  }
  return nearest;
}

}  // namespace teraju::evaluation::domain
