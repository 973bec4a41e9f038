#include "services/evaluation/domain/receipt.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/achievement.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/json.h"
#include "common/engines/rules/predicate.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/local_result.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/receipt_changes.h"
#include "services/evaluation/domain/receipt_document.h"
#include "services/evaluation/domain/scoring.h"
#include "services/evaluation/domain/work_plan.h"

namespace teraju::evaluation::domain {
namespace {

constexpr char kIki[] = "PermenPANRB 8/2021, capaian IKI";
constexpr char kMatrixSource[] = "PermenPANRB 6/2022, kuadran kinerja";
constexpr char kUnitSource[] = "SE MenPANRB 3/2023";

std::string PercentText(const Rational& value) {
  return Round(value, 2, Rounding::kHalfUp).ToString();
}

// `(1 + (1 - 6.5 / 7)) * 100`, with the part that is due where it is not the whole target.
std::string AchievementFormula(const v1::ItemIndicator& indicator,
                               const Decimal& realised,
                               const ElapsedShare& due) {
  const Decimal target = FromProto(indicator.target()).value_or(Decimal());
  if (target.sign() == 0) return absl::StrCat(realised.ToString(), " <= 0 ? 100 : 0");
  rules::Target scaled{target * Decimal(due.elapsed), std::nullopt};
  std::string divisor_text = indicator.target().value();
  if (indicator.has_target_upper()) {
    const Decimal upper = FromProto(indicator.target_upper()).value_or(Decimal());
    scaled.high = upper * Decimal(due.elapsed);
    const std::optional<Decimal> divisor = rules::DivisorOf(scaled, realised * Decimal(due.days));
    if (!divisor.has_value()) {
      return absl::StrCat(indicator.target().value(),
                          " <= ",
                          realised.ToString(),
                          " <= ",
                          indicator.target_upper().value(),
                          ", 100");
    }
    divisor_text =
        *divisor == *scaled.high ? indicator.target_upper().value() : indicator.target().value();
  }
  if (due.elapsed != due.days)
    divisor_text = absl::StrCat("(", divisor_text, " * ", due.elapsed, "/", due.days, ")");
  const std::string quotient = absl::StrCat(realised.ToString(), " / ", divisor_text);
  return indicator.polarity() == v1::ItemIndicator::LOWER_IS_BETTER
             ? absl::StrCat("(1 + (1 - ", quotient, ")) * 100")
             : absl::StrCat(quotient, " * 100");
}

// Writes the steps and the two texts side by side.
class Account {
 public:
  explicit Account(v1::ScoreReceipt& receipt) : receipt_(receipt) {}

  void Step(const std::string& operation,
            const std::string& subject,
            const std::string& formula,
            const std::string& result,
            const std::string& source) {
    v1::ReceiptStep& step = *receipt_.add_steps();
    step.set_operation(operation);
    step.set_subject(subject);
    step.set_formula(formula);
    step.set_result(result);
    step.set_source(source);
  }
  void Line(const std::string& id, const std::string& en) {
    absl::StrAppend(receipt_.mutable_text_id(), id, "\n");
    absl::StrAppend(receipt_.mutable_text_en(), en, "\n");
  }

 private:
  v1::ScoreReceipt& receipt_;
};

class ReceiptWriter {
 public:
  ReceiptWriter(const ReceiptInput& input, v1::ScoreReceipt& receipt)
      : input_(input), evaluation_(input.evaluation), account_(receipt) {}

  absl::Status Write() {
    WriteHead();
    ASSIGN_OR_RETURN(const ElapsedShare share, ShareOf(evaluation_.snapshot(), input_.period));
    for (const v1::ItemAchievement& scored : evaluation_.computed().items())
      RETURN_IF_ERROR(WriteItem(scored, share));
    WriteMean();
    WriteFeedback();
    RETURN_IF_ERROR(WriteDecisions());
    return absl::OkStatus();
  }

 private:
  void WriteHead() {
    const std::string days =
        time::FormatDay(input_.period.start()) + " – " + time::FormatDay(input_.period.last());
    account_.Line(absl::StrCat("Penilaian kinerja periode ",
                               days,
                               ", jabatan ",
                               evaluation_.snapshot().position_title(),
                               "."),
                  absl::StrCat("Appraisal of the period ",
                               days,
                               ", post ",
                               evaluation_.snapshot().position_title(),
                               "."));
    account_.Line(absl::StrCat("Pejabat penilai: ", evaluation_.snapshot().explanation_id()),
                  absl::StrCat("Appraiser: ", evaluation_.snapshot().explanation_en()));
  }

  absl::Status WriteItem(const v1::ItemAchievement& scored, const ElapsedShare& share) {
    const v1::WorkPlanItem* item = FindItem(input_.plan, scored.item_id());
    if (item == nullptr) return absl::OkStatus();
    std::vector<Rational> exact;
    std::vector<std::string> terms;
    for (const v1::IndicatorAchievement& figure : scored.indicators()) {
      const v1::ItemIndicator* indicator = FindIndicator(*item, figure.indicator_id());
      if (indicator == nullptr) continue;
      ASSIGN_OR_RETURN(const std::optional<Rational> value,
                       WriteIndicator(*item, *indicator, figure, share));
      if (!value.has_value()) continue;
      exact.push_back(*value);
      terms.push_back(FormatExact(*value));
    }
    const std::optional<Rational> mean = MeanOf(exact);
    if (!mean.has_value()) return absl::OkStatus();
    items_.push_back(*mean);
    account_.Step("mean", item->title(), MeanFormula(terms, *mean), PercentText(*mean), "");
    account_.Line(
        absl::StrCat("Hasil kerja \"", item->title(), "\": rata-rata ", PercentText(*mean), "%."),
        absl::StrCat("Result \"", item->title(), "\": mean ", PercentText(*mean), "%."));
    return absl::OkStatus();
  }

  absl::StatusOr<std::optional<Rational>> WriteIndicator(const v1::WorkPlanItem& item,
                                                         const v1::ItemIndicator& indicator,
                                                         const v1::IndicatorAchievement& figure,
                                                         const ElapsedShare& share) {
    const std::string subject = absl::StrCat(item.title(), ": ", indicator.title());
    if (!figure.has_realisation()) {
      account_.Step("absent", subject, "", "", "");
      account_.Line(
          absl::StrCat("- ", indicator.title(), ": belum ada realisasi, tidak ikut dihitung."),
          absl::StrCat("- ", indicator.title(), ": no realisation, does not count."));
      return std::nullopt;
    }
    ASSIGN_OR_RETURN(const Decimal realised, FromProto(figure.realisation()));
    const ElapsedShare due = DueShare(indicator, share);
    ASSIGN_OR_RETURN(const Rational exact, AchievementOf(indicator, realised, due));
    const std::string formula =
        absl::StrCat(AchievementFormula(indicator, realised, due), " = ", FormatExact(exact));
    account_.Step("achievement", subject, formula, PercentText(exact), kIki);
    const rules::Category category = rules::CategoryOf(exact);
    const std::string whole = Round(exact, 0, Rounding::kHalfUp).ToString();
    account_.Step("round",
                  subject,
                  absl::StrCat("HALF_UP(", FormatExact(exact), ", 0) = ", whole),
                  std::string(rules::CategoryName(category)),
                  kIki);
    const std::string& unit = indicator.unit_of_measure();
    account_.Line(absl::StrCat("- ",
                               indicator.title(),
                               " (",
                               unit,
                               "): ",
                               formula,
                               "%, dibulatkan ",
                               whole,
                               "%, ",
                               rules::Label(category).id,
                               "."),
                  absl::StrCat("- ",
                               indicator.title(),
                               " (",
                               unit,
                               "): ",
                               formula,
                               "%, rounded ",
                               whole,
                               "%, ",
                               rules::Label(category).en,
                               "."));
    return exact;
  }

  void WriteMean() {
    const std::optional<Rational> mean = MeanOf(items_);
    if (!mean.has_value()) {
      account_.Line("Tidak ada realisasi, sehingga tidak ada rata-rata capaian.",
                    "There is no realisation, hence no mean achievement.");
      return;
    }
    std::vector<std::string> terms;
    for (const Rational& item : items_) terms.push_back(FormatExact(item));
    const std::string whole = Round(*mean, 0, Rounding::kHalfUp).ToString();
    const v1::Rating suggested = evaluation_.computed().suggested_result_rating();
    account_.Step("mean", "mean achievement", MeanFormula(terms, *mean), PercentText(*mean), "");
    account_.Step("suggestion",
                  std::string(kMeanCategoryRule.name),
                  absl::StrCat("HALF_UP(", FormatExact(*mean), ", 0) = ", whole),
                  v1::Rating_Name(suggested),
                  kIki);
    account_.Line(absl::StrCat("Rata-rata capaian ",
                               PercentText(*mean),
                               "%; angka menunjukkan ",
                               LabelOf(suggested).id,
                               "."),
                  absl::StrCat("Mean achievement ",
                               PercentText(*mean),
                               "%; the figures suggest ",
                               LabelOf(suggested).en,
                               "."));
  }

  void WriteFeedback() {
    const v1::ComputedEvidence& computed = evaluation_.computed();
    if (!computed.has_feedback_mean()) return;
    account_.Step("input", computed.feedback_report(), "", computed.feedback_mean().value(), "");
    account_.Line(
        absl::StrCat("Rata-rata umpan balik 360 derajat: ", computed.feedback_mean().value(), "."),
        absl::StrCat("Mean of the 360-degree feedback: ", computed.feedback_mean().value(), "."));
  }

  absl::Status WriteDecisions() {
    const v1::Rating results = evaluation_.result_rating();
    const v1::Rating behavior = evaluation_.behavior_rating();
    if (input_.own_unit.has_value()) {
      account_.Step("decision",
                    "result_rating",
                    v1::UnitPredicate_Name(*input_.own_unit),
                    v1::Rating_Name(results),
                    kUnitSource);
      account_.Line(
          "Rating hasil kerja mengikuti predikat unit yang dipimpin: " + LabelOf(results).id + ".",
          "The rating of results follows from the predicate of the unit that the person leads: " +
              LabelOf(results).en + ".");
    } else {
      account_.Step("decision",
                    "result_rating",
                    evaluation_.result_reason(),
                    v1::Rating_Name(results),
                    kMatrixSource);
      account_.Line("Rating hasil kerja oleh " + Rater().id + ": " + LabelOf(results).id +
                        Reason(evaluation_.result_reason(), ". Alasan: "),
                    "Rating of results by " + Rater().en + ": " + LabelOf(results).en +
                        Reason(evaluation_.result_reason(), ". Reason: "));
    }
    account_.Step("decision",
                  "behavior_rating",
                  evaluation_.behavior_reason(),
                  v1::Rating_Name(behavior),
                  kMatrixSource);
    account_.Line("Rating perilaku kerja oleh " + Rater().id + ": " + LabelOf(behavior).id +
                      Reason(evaluation_.behavior_reason(), ". Alasan: "),
                  "Rating of behaviour by " + Rater().en + ": " + LabelOf(behavior).en +
                      Reason(evaluation_.behavior_reason(), ". Reason: "));
    account_.Step("matrix",
                  "predicate",
                  absl::StrCat(v1::Rating_Name(results), " x ", v1::Rating_Name(behavior)),
                  v1::Predicate_Name(evaluation_.predicate()),
                  kMatrixSource);
    ASSIGN_OR_RETURN(const rules::Predicate predicate, rules::PredicateOf(evaluation_.predicate()));
    account_.Line("Predikat kinerja menurut kuadran: " + rules::Label(predicate).id + ".",
                  "Predicate by the matrix: " + rules::Label(predicate).en + ".");
    return absl::OkStatus();
  }

  static std::string MeanFormula(const std::vector<std::string>& terms, const Rational& mean) {
    return absl::StrCat(
        "(", absl::StrJoin(terms, " + "), ") / ", terms.size(), " = ", FormatExact(mean));
  }
  Text Rater() const {
    return input_.on_objection ? Text{"yang memutus keberatan", "who decided the objection"}
                               : Text{"pejabat penilai", "the appraiser"};
  }
  static Text LabelOf(v1::Rating rating) {
    const auto known = rules::RatingOf(rating);
    return known.ok() ? rules::Label(*known) : Text{};
  }
  static std::string Reason(const std::string& reason, const char* lead) {
    return reason.empty() ? "." : absl::StrCat(lead, reason);
  }

  const ReceiptInput& input_;
  const v1::Evaluation& evaluation_;
  Account account_;
  std::vector<Rational> items_;
};

// The section of the agency's own policy pack: the result with its account, or what is missing.
void WriteLocalResult(const ReceiptInput& input,
                      const std::optional<rules::Evaluation>& evaluated,
                      v1::ScoreReceipt& receipt) {
  const v1::LocalResult& local = input.evaluation.local_result();
  const rules::PolicyPack& pack = input.local_pack->rules;
  const std::string name = absl::StrCat(pack.name, "@", pack.revision);
  Account account(receipt);
  account.Line("", "");
  account.Line(absl::StrCat("Menurut paket kebijakan instansi ",
                            name,
                            " (",
                            pack.source,
                            "), di samping predikat resmi:"),
               absl::StrCat("By the agency's own policy pack ",
                            name,
                            " (",
                            pack.source,
                            "), beside the official predicate:"));
  for (const v1::MissingInput& missing : local.missing())
    account.Line("- " + missing.text_id(), "- " + missing.text_en());
  if (!evaluated.has_value()) {
    account.Line("Tidak ada nilai lokal: yang kosong tidak dianggap nol.",
                 "There is no local result: what is missing does not count as zero.");
    return;
  }
  account.Step("local",
               name,
               "",
               absl::StrCat(local.score().value(),
                            local.has_score() && !local.predicate().empty() ? " " : "",
                            local.predicate()),
               pack.source);
  absl::StrAppend(receipt.mutable_text_id(),
                  rules::Render(evaluated->account, Language::kIndonesian));
  absl::StrAppend(receipt.mutable_text_en(), rules::Render(evaluated->account, Language::kEnglish));
}

}  // namespace

absl::StatusOr<v1::ScoreReceipt> MakeReceipt(const ReceiptInput& input) {
  v1::ScoreReceipt receipt;
  receipt.set_engine(kEngine);
  *receipt.mutable_evaluation() = input.evaluation;
  receipt.mutable_evaluation()->clear_etag();
  if (input.evaluation.has_local_result()) {
    // The document has them.
    receipt.mutable_evaluation()->mutable_local_result()->clear_inputs();
  }
  RETURN_IF_ERROR(ReceiptWriter(input, receipt).Write());
  RETURN_IF_ERROR(WriteCalibrations(input.calibrations, receipt));
  std::optional<rules::Evaluation> local;
  if (HasLocalResult(input)) {
    ASSIGN_OR_RETURN(local, LocalEvaluation(*input.local_pack, input.evaluation.local_result()));
  }
  ASSIGN_OR_RETURN(const rules::Json document, MakeDocument(input, OfficialPack(), local));
  receipt.set_document(rules::CanonicalJson(document));
  receipt.set_digest(rules::DigestOf(document));
  ASSIGN_OR_RETURN(const std::vector<v1::ReceiptChange> changes, ChangesOf(input, OfficialPack()));
  for (const v1::ReceiptChange& change : changes) {
    *receipt.add_changes() = change;
    absl::StrAppend(receipt.mutable_text_id(), change.text_id(), "\n");
    absl::StrAppend(receipt.mutable_text_en(), change.text_en(), "\n");
  }
  if (HasLocalResult(input)) WriteLocalResult(input, local, receipt);
  return receipt;
}

std::string FormatExact(const Rational& value) {
  const Decimal cut = Round(value, 6, Rounding::kDown);
  const std::string text = cut.Normalized().ToString();
  return ToRational(cut) == value ? text : cut.ToString() + "…";
}

}  // namespace teraju::evaluation::domain
