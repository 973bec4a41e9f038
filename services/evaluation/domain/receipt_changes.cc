#include "services/evaluation/domain/receipt_changes.h"

#include <string>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/predicate.h"
#include "common/errors/status_macros.h"
#include "google/protobuf/util/time_util.h"

namespace teraju::evaluation::domain {
namespace {

using google::protobuf::util::TimeUtil;
using rules::Json;

Json PairFacts(const v1::RatingPair& pair) {
  return Json::Object()
      .Set("result_rating", v1::Rating_Name(pair.result_rating()))
      .Set("behavior_rating", v1::Rating_Name(pair.behavior_rating()))
      .Set("predicate", v1::Predicate_Name(pair.predicate()));
}

}  // namespace

absl::StatusOr<Text> RatingWords(const v1::RatingPair& pair) {
  ASSIGN_OR_RETURN(const rules::Rating results, rules::RatingOf(pair.result_rating()));
  ASSIGN_OR_RETURN(const rules::Rating behavior, rules::RatingOf(pair.behavior_rating()));
  ASSIGN_OR_RETURN(const rules::Predicate predicate, rules::PredicateOf(pair.predicate()));
  return Text{absl::StrCat(rules::Label(predicate).id,
                           " (hasil kerja ",
                           rules::Label(results).id,
                           ", perilaku kerja ",
                           rules::Label(behavior).id,
                           ")"),
              absl::StrCat(rules::Label(predicate).en,
                           " (results ",
                           rules::Label(results).en,
                           ", behaviour ",
                           rules::Label(behavior).en,
                           ")")};
}

Json CalibrationFacts(std::span<const v1::CalibratedChange> changes) {
  Json facts = Json::Array();
  for (const v1::CalibratedChange& change : changes) {
    facts.items.push_back(Json::Object()
                              .Set("session", change.session())
                              .Set("before", PairFacts(change.before()))
                              .Set("after", PairFacts(change.after()))
                              .Set("reason", change.reason())
                              .Set("close_time", TimeUtil::ToString(change.close_time())));
  }
  return facts;
}

absl::Status WriteCalibrations(std::span<const v1::CalibratedChange> changes,
                               v1::ScoreReceipt& receipt) {
  for (const v1::CalibratedChange& change : changes) {
    *receipt.add_calibrations() = change;
    ASSIGN_OR_RETURN(const Text from, RatingWords(change.before()));
    ASSIGN_OR_RETURN(const Text to, RatingWords(change.after()));
    v1::ReceiptStep& step = *receipt.add_steps();
    step.set_operation("calibration");
    step.set_subject(change.session());
    step.set_formula(change.reason());
    step.set_result(absl::StrCat(v1::Predicate_Name(change.before().predicate()),
                                 " -> ",
                                 v1::Predicate_Name(change.after().predicate())));
    absl::StrAppend(receipt.mutable_text_id(),
                    "Rating ini diubah dalam rapat kalibrasi. Semula: ",
                    from.id,
                    ". Menjadi: ",
                    to.id,
                    ". Alasan: ",
                    change.reason(),
                    "\n");
    absl::StrAppend(receipt.mutable_text_en(),
                    "This rating was changed in a calibration session. Before: ",
                    from.en,
                    ". After: ",
                    to.en,
                    ". Reason: ",
                    change.reason(),
                    "\n");
  }
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
