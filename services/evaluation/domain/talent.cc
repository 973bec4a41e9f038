#include "services/evaluation/domain/talent.h"

#include <string>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/receipt_document.h"

namespace teraju::evaluation::domain {
namespace {

// Predicates as scores, the best highest: Sangat Baik is above expectation, Baik as expected.
constexpr int kScoreAbove = 5;
constexpr int kScoreAsExpected = 4;
int ScoreOf(v1::Predicate predicate) { return kScoreAbove + 1 - static_cast<int>(predicate); }

Text PredicateLabel(v1::Predicate predicate) {
  for (const rules::PredicateEntry& entry : OfficialPack().predicates) {
    if (entry.number == static_cast<int>(predicate)) return entry.label;
  }
  return {};
}

Text CodeLabel(const rules::PolicyPack& pack, const rules::Json& steps, const char* step) {
  return pack.LabelOf(pack.code_numbers.find(steps.Find(step)->text)->second);
}

absl::StatusOr<rules::Json> Steps(const rules::PolicyPack& pack,
                                  const TalentCutoffs& cutoffs,
                                  const v1::TalentPlacement& placement) {
  ASSIGN_OR_RETURN(const Decimal match, FromProto(placement.match_percent()));
  rules::Json inputs = rules::Json::Object();
  inputs.Set("performance", ScoreOf(placement.predicate()));
  inputs.Set("performance_high", kScoreAbove);
  inputs.Set("performance_low", kScoreAsExpected);
  inputs.Set("potential", match);
  inputs.Set("potential_high", cutoffs.high);
  inputs.Set("potential_low", cutoffs.medium);
  return rules::StepValues(pack, *pack.FindMethod("scores"), inputs);
}

}  // namespace

absl::StatusOr<TalentCutoffs> CutoffsOf(const v1::ListTalentPlacementsRequest& request) {
  TalentCutoffs cutoffs;
  if (request.has_high_from()) {
    ASSIGN_OR_RETURN(cutoffs.high, FromProto(request.high_from()));
  }
  if (request.has_medium_from()) {
    ASSIGN_OR_RETURN(cutoffs.medium, FromProto(request.medium_from()));
  }
  if (cutoffs.medium.sign() >= 0 && cutoffs.medium < cutoffs.high && cutoffs.high <= Decimal(100))
    return cutoffs;
  errors::FieldViolations violations;
  violations.Add("highFrom",
                 "CUTOFFS_INVALID",
                 "Batas tinggi harus lebih besar dari batas menengah; keduanya antara 0 dan 100.",
                 "The cut-off of high must be above that of medium; both lie between 0 and 100.");
  return violations.ToStatus();
}

absl::Status Place(const TalentCutoffs& cutoffs, v1::TalentPlacement& placement) {
  if (!placement.has_match_percent()) {
    placement.set_reason_id(
        "Tidak ada penilaian kompetensi final pada siklus ini, jadi potensial tidak diketahui. "
        "Nilai kompetensi pegawai ini lebih dahulu.");
    placement.set_reason_en(
        "There is no final competency assessment in this cycle, so potential is not known. Assess "
        "the competencies of this person first.");
    return absl::OkStatus();
  }
  const rules::PolicyPack& pack = *rules::FindShippedPack("nine-box");
  ASSIGN_OR_RETURN(const rules::Json steps, Steps(pack, cutoffs, placement));
  const Text performance = CodeLabel(pack, steps, "performance_level");
  const Text potential = CodeLabel(pack, steps, "potential_level");
  const Text predicate = PredicateLabel(placement.predicate());
  const rules::PredicateEntry& box =
      *pack.FindPredicate(pack.code_numbers.find(steps.Find("box")->text)->second);
  const std::string cutoff_text =
      absl::StrCat(cutoffs.high.ToString(), "%", " / ", cutoffs.medium.ToString(), "%");
  placement.set_box(box.number);
  placement.set_reason_id(absl::StrCat("Kinerja ",
                                       performance.id,
                                       " (predikat tahunan ",
                                       predicate.id,
                                       "), potensial ",
                                       potential.id,
                                       " (JPM ",
                                       placement.match_percent().value(),
                                       "%; batas tinggi / menengah ",
                                       cutoff_text,
                                       "): ",
                                       box.label.id));
  placement.set_reason_en(absl::StrCat("Performance ",
                                       performance.en,
                                       " (annual predicate ",
                                       predicate.en,
                                       "), potential ",
                                       potential.en,
                                       " (match ",
                                       placement.match_percent().value(),
                                       "%; high / medium from ",
                                       cutoff_text,
                                       "): ",
                                       box.label.en));
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
