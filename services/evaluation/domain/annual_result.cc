#include "services/evaluation/domain/annual_result.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/json.h"
#include "common/engines/rules/predicate.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "services/evaluation/domain/annual_credit.h"
#include "services/evaluation/domain/local_result.h"
#include "services/evaluation/domain/receipt_document.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using rules::Json;

constexpr char kMethod[] = "year";

absl::Status Fault(std::string_view what) {
  return errors::Internal(errors::reasons::INTERNAL_FAULT, "The year cannot be combined.")
      .With("what", what);
}

std::string PlaceOf(const v1::AnnualSegment& segment) {
  return absl::StrCat(time::FormatDay(*time::ToCivilDay(segment.start_date())),
                      " – ",
                      time::FormatDay(*time::ToCivilDay(segment.end_date())),
                      ", ",
                      segment.position_title());
}

absl::StatusOr<v1::AnnualSegment> SegmentOf(const AnnualPart& part, const time::Period& year) {
  const v1::Evaluation& evaluation = part.evaluation;
  const v1::Snapshot& snapshot = evaluation.snapshot();
  ASSIGN_OR_RETURN(const absl::CivilDay start, time::ToCivilDay(snapshot.start_date()));
  ASSIGN_OR_RETURN(const absl::CivilDay last, time::ToCivilDay(snapshot.end_date()));
  const absl::CivilDay from = std::max(start, year.start());
  const absl::CivilDay until = std::min(last, year.last());
  v1::AnnualSegment segment;
  segment.set_evaluation(evaluation.name());
  segment.set_unit(snapshot.unit());
  segment.set_position_title(snapshot.position_title());
  segment.set_position_kind(snapshot.position_kind());
  segment.set_appraiser(snapshot.appraiser());
  *segment.mutable_start_date() = time::ToDate(from);
  *segment.mutable_end_date() = time::ToDate(until);
  segment.set_days(static_cast<int>(until - from) + 1);
  segment.set_predicate(evaluation.predicate());
  if (evaluation.local_result().has_score())
    *segment.mutable_local_score() = evaluation.local_result().score();
  segment.set_local_predicate(evaluation.local_result().predicate());
  segment.set_receipt_digest(part.receipt_digest);
  return segment;
}

Json OfficialInputs(const v1::AnnualResult& result) {
  Json segments = Json::Array();
  for (const v1::AnnualSegment& segment : result.segments()) {
    segments.items.push_back(Json::Object()
                                 .Set("key", AccountKey(PlaceOf(segment)))
                                 .Set("days", segment.days())
                                 .Set("predicate", v1::Predicate_Name(segment.predicate())));
  }
  Json inputs = Json::Object();
  inputs.Set("segments", std::move(segments));
  inputs.Set("decided", result.has_decision());
  if (result.has_decision())
    inputs.Set("decision", v1::Predicate_Name(result.decision().predicate()));
  return inputs;
}

// A segment as the local pack's list declares it; what the segment does not have stays out.
absl::StatusOr<Json> LocalEntry(const rules::InputField& list, const v1::AnnualSegment& segment) {
  Json entry = Json::Object();
  entry.Set("key", AccountKey(PlaceOf(segment)));
  for (const rules::InputField& field : list.fields) {
    if (field.name == "days") entry.Set("days", segment.days());
    if (field.name == "score" && segment.has_local_score()) {
      ASSIGN_OR_RETURN(const Decimal score, FromProto(segment.local_score()));
      entry.Set("score", score);
    }
    if (field.name == "predicate" && !segment.local_predicate().empty())
      entry.Set("predicate", segment.local_predicate());
  }
  return entry;
}

// Lists are the segments, the decision is as for the official pack, everything else is a figure of
// the last segment.
absl::StatusOr<Json> LocalYearInputs(const rules::Method& method,
                                     const v1::AnnualResult& result,
                                     const v1::Evaluation& last) {
  const Json official = OfficialInputs(result);
  Json inputs = Json::Object();
  for (const rules::InputField& input : method.inputs) {
    if (input.kind == rules::InputField::Kind::kList) {
      Json entries = Json::Array();
      for (const v1::AnnualSegment& segment : result.segments()) {
        ASSIGN_OR_RETURN(Json entry, LocalEntry(input, segment));
        entries.items.push_back(std::move(entry));
      }
      inputs.Set(input.name, std::move(entries));
      continue;
    }
    if (const Json* decision = official.Find(input.name)) inputs.Set(input.name, *decision);
    for (const v1::Figure& figure : last.figures()) {
      if (figure.name() == input.name) inputs.Set(input.name, ToInput(figure));
    }
  }
  return inputs;
}

Text LabelOfPredicate(v1::Predicate predicate) {
  const auto known = rules::PredicateOf(predicate);
  return known.ok() ? rules::Label(*known) : Text{"belum dinilai", "not rated yet"};
}

void AddLine(v1::AnnualResult& result, const std::string& id, const std::string& en) {
  absl::StrAppend(result.mutable_text_id(), id, "\n");
  absl::StrAppend(result.mutable_text_en(), en, "\n");
}

void WriteLocal(const LocalPack& pack, v1::AnnualResult& result) {
  const v1::LocalResult& local = result.local_result();
  const std::string name = absl::StrCat(pack.rules.name, "@", pack.rules.revision);
  std::string figures = local.score().value();
  if (!local.predicate().empty() && !figures.empty()) figures += ", ";
  const bool none = !local.missing().empty();
  AddLine(result,
          absl::StrCat("Menurut paket kebijakan instansi ",
                       name,
                       ": ",
                       none ? "tidak ada nilai, yang kosong tidak dianggap nol"
                            : figures + local.predicate_id(),
                       "."),
          absl::StrCat("By the agency's own policy pack ",
                       name,
                       ": ",
                       none ? "no result, what is missing does not count as zero"
                            : figures + local.predicate_en(),
                       "."));
  for (const v1::MissingInput& missing : local.missing())
    AddLine(result, "- " + missing.text_id(), "- " + missing.text_en());
}

void WriteCredits(v1::AnnualResult& result) {
  const std::string& credits = result.credits().credits().value();
  AddLine(result,
          absl::StrCat("Angka kredit setahun (", result.credits().pack(), "): ", credits, "."),
          absl::StrCat("Credits of the year (", result.credits().pack(), "): ", credits, "."));
}

void WriteText(v1::AnnualResult& result, const time::Period& year, const LocalPack* local_pack) {
  result.clear_text_id();
  result.clear_text_en();
  const std::string days =
      absl::StrCat(time::FormatDay(year.start()), " – ", time::FormatDay(year.last()));
  AddLine(
      result,
      absl::StrCat("Hasil setahun ", days, " dari ", result.segments_size(), " penugasan:"),
      absl::StrCat("Result of the year ", days, " of ", result.segments_size(), " assignments:"));
  for (const v1::AnnualSegment& segment : result.segments()) {
    const Text label = LabelOfPredicate(segment.predicate());
    AddLine(result,
            absl::StrCat("- ", PlaceOf(segment), " (", segment.days(), " hari): ", label.id, "."),
            absl::StrCat("- ", PlaceOf(segment), " (", segment.days(), " days): ", label.en, "."));
  }
  const Text label = LabelOfPredicate(result.predicate());
  if (result.has_decision()) {
    AddLine(result,
            absl::StrCat("Predikat tahunan ditetapkan pejabat penilai terakhir: ",
                         label.id,
                         ". Alasan: ",
                         result.decision().reason()),
            absl::StrCat("Predicate of the year, decided by the last appraiser: ",
                         label.en,
                         ". Reason: ",
                         result.decision().reason()));
  } else {
    AddLine(
        result,
        absl::StrCat("Predikat tahunan adalah predikat penugasan terakhir: ", label.id, "."),
        absl::StrCat("The predicate of the year is that of the last assignment: ", label.en, "."));
  }
  if (local_pack != nullptr && result.has_local_result()) WriteLocal(*local_pack, result);
}

}  // namespace

std::string_view ActionName(AnnualAction action) {
  switch (action) {
    case AnnualAction::kDecide:
      return "decide";
    case AnnualAction::kPublish:
      return "publish";
    case AnnualAction::kChangeByObjection:
      return "changeByObjection";
  }
  return "";
}

absl::Status Combine(v1::AnnualResult& result,
                     std::vector<AnnualPart> parts,
                     const time::Period& year,
                     const LocalPack* local_pack,
                     absl::Time now) {
  if (parts.empty()) return Fault("segments");
  result.clear_segments();
  result.clear_predicate();
  result.clear_local_result();
  std::vector<std::pair<std::pair<absl::CivilDay, absl::CivilDay>, std::size_t>> order;
  bool rated = true;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const v1::Snapshot& snapshot = parts[i].evaluation.snapshot();
    ASSIGN_OR_RETURN(const absl::CivilDay last, time::ToCivilDay(snapshot.end_date()));
    ASSIGN_OR_RETURN(const absl::CivilDay start, time::ToCivilDay(snapshot.start_date()));
    order.push_back({{last, start}, i});
    rated = rated && parts[i].evaluation.predicate() != v1::PREDICATE_UNSPECIFIED;
  }
  std::sort(order.begin(), order.end());
  for (const auto& [days, i] : order) {
    ASSIGN_OR_RETURN(*result.add_segments(), SegmentOf(parts[i], year));
  }
  RETURN_IF_ERROR(CountMonths(year, result));
  result.clear_credits();
  if (rated) {
    RETURN_IF_ERROR(SetCredits(result));
    ASSIGN_OR_RETURN(const rules::Evaluation official,
                     rules::Evaluate(OfficialPack(), kMethod, OfficialInputs(result)));
    v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
    if (!v1::Predicate_Parse(official.predicate, &predicate)) return Fault("predicate");
    result.set_predicate(predicate);
  }
  const rules::Method* local =
      local_pack == nullptr ? nullptr : local_pack->rules.FindMethod(kMethod);
  if (local != nullptr) {
    ASSIGN_OR_RETURN(const Json inputs,
                     LocalYearInputs(*local, result, parts[order.back().second].evaluation));
    ASSIGN_OR_RETURN(*result.mutable_local_result(),
                     LocalResultOf(*local_pack, *local, inputs, now));
  }
  WriteText(result, year, local_pack);
  if (result.has_credits()) WriteCredits(result);
  return absl::OkStatus();
}

absl::Status DecideYear(v1::AnnualResult& result,
                        const YearContext& context,
                        const Deciding& deciding,
                        absl::Time now) {
  if (!Next(std::span<const AnnualTransition>(kAnnualTransitions),
            result.state(),
            AnnualAction::kDecide)) {
    return errors::FailedPrecondition(v1::ANNUAL_RESULT_FINAL, "The result is final.");
  }
  if (context.confirmed) {
    return errors::FailedPrecondition(v1::UNIT_RESULT_CONFIRMED,
                                      "The distribution of the unit is confirmed.");
  }
  if (context.segments < 2) {
    return errors::FailedPrecondition(v1::ANNUAL_RESULT_SINGLE, "The year has one segment only.");
  }
  if (deciding.predicate == v1::PREDICATE_UNSPECIFIED) {
    result.clear_decision();
    return absl::OkStatus();
  }
  if (deciding.reason.empty()) {
    errors::FieldViolations violations;
    violations.Add("reason",
                   "REQUIRED",
                   "Isi alasan mengapa predikat tahunan bukan predikat penugasan terakhir.",
                   "Say why the predicate of the year is not that of the last assignment.");
    return violations.ToStatus();
  }
  v1::AnnualDecision& decision = *result.mutable_decision();
  decision.set_predicate(deciding.predicate);
  decision.set_reason(deciding.reason);
  decision.set_decided_by(deciding.by);
  SetTime(*decision.mutable_decide_time(), now);
  return absl::OkStatus();
}

Json YearFacts(const v1::AnnualResult& result, const time::Period& year) {
  const v1::Snapshot& snapshot = result.snapshot();
  Json facts = Json::Object();
  facts.Set("name", result.name());
  facts.Set("period", result.period());
  facts.Set("period_start", time::FormatDay(year.start()));
  facts.Set("period_end", time::FormatDay(year.last()));
  facts.Set("employee", snapshot.employee());
  facts.Set("unit", snapshot.unit());
  facts.Set("predicate", v1::Predicate_Name(result.predicate()));
  facts.Set("final_time", google::protobuf::util::TimeUtil::ToString(result.final_time()));
  if (!result.digest().empty()) facts.Set("replaces", result.digest());
  if (result.has_decision()) {
    facts.Set("decision_reason", result.decision().reason());
    facts.Set("decided_by", result.decision().decided_by());
    facts.Set("decide_time",
              google::protobuf::util::TimeUtil::ToString(result.decision().decide_time()));
  }
  Json segments = Json::Array();
  for (const v1::AnnualSegment& segment : result.segments()) {
    segments.items.push_back(Json::Object()
                                 .Set("evaluation", segment.evaluation())
                                 .Set("receipt", segment.receipt_digest())
                                 .Set("unit", segment.unit())
                                 .Set("appraiser", segment.appraiser()));
  }
  facts.Set("segments", std::move(segments));
  return facts;
}

absl::StatusOr<std::string> FinaliseYear(v1::AnnualResult& result,
                                         AnnualAction action,
                                         const time::Period& year,
                                         const LocalPack* local_pack,
                                         std::string_view salt,
                                         absl::Time now) {
  const auto next =
      Next(std::span<const AnnualTransition>(kAnnualTransitions), result.state(), action);
  if (!next.has_value()) return Fault("state");
  if (result.predicate() == v1::PREDICATE_UNSPECIFIED) return Fault("predicate");
  result.set_state(*next);
  SetTime(*result.mutable_final_time(), now);
  ASSIGN_OR_RETURN(const rules::Evaluation official,
                   rules::Evaluate(OfficialPack(), kMethod, OfficialInputs(result)));
  Json document = Json::Object();
  document.Set("format", kDocumentFormat);
  document.Set("salt", std::string(salt));
  document.Set("evaluation", YearFacts(result, year));
  document.Set("result", rules::ToJson(official));
  ASSIGN_OR_RETURN(const std::optional<rules::Evaluation> credits, CreditsOf(result));
  if (credits.has_value()) document.Set("credits", rules::ToJson(*credits));
  if (local_pack != nullptr && result.has_local_result()) {
    ASSIGN_OR_RETURN(const std::optional<rules::Evaluation> evaluated,
                     LocalEvaluation(*local_pack, result.local_result()));
    ASSIGN_OR_RETURN(Json local, LocalDocument(*local_pack, result.local_result(), evaluated));
    document.Set("local", std::move(local));
  }
  result.set_digest(rules::DigestOf(document));
  return rules::CanonicalJson(document);
}

}  // namespace teraju::evaluation::domain
