#include "services/evaluation/domain/revised_receipt.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/json.h"
#include "common/errors/status_macros.h"
#include "google/protobuf/util/time_util.h"
#include "services/evaluation/domain/calibration.h"
#include "services/evaluation/domain/receipt_changes.h"

namespace teraju::evaluation::domain {
namespace {

using google::protobuf::util::TimeUtil;

}  // namespace

absl::Status ReviseReceipt(const v1::ScoreReceipt& replaced,
                           const std::string& objection,
                           const std::string& reason,
                           v1::ScoreReceipt& receipt) {
  const v1::Evaluation& old = replaced.evaluation();
  receipt.set_revision(std::max(replaced.revision(), 1) + 1);
  v1::ReceiptBefore& before = *receipt.mutable_before();
  before.set_objection(objection);
  before.set_digest(replaced.digest());
  before.set_result_rating(old.result_rating());
  before.set_behavior_rating(old.behavior_rating());
  before.set_predicate(old.predicate());
  *before.mutable_final_time() = old.final_time();
  before.set_reason(reason);

  ASSIGN_OR_RETURN(rules::Json document, rules::ParseJson(receipt.document()));
  document.Set("revision", receipt.revision());
  document.Set("before",
               rules::Json::Object()
                   .Set("objection", objection)
                   .Set("digest", before.digest())
                   .Set("result_rating", v1::Rating_Name(before.result_rating()))
                   .Set("behavior_rating", v1::Rating_Name(before.behavior_rating()))
                   .Set("predicate", v1::Predicate_Name(before.predicate()))
                   .Set("final_time", TimeUtil::ToString(before.final_time()))
                   .Set("reason", reason));
  receipt.set_document(rules::CanonicalJson(document));
  receipt.set_digest(rules::DigestOf(document));

  ASSIGN_OR_RETURN(const Text from, RatingWords(PairOf(old)));
  ASSIGN_OR_RETURN(const Text to, RatingWords(PairOf(receipt.evaluation())));
  receipt.set_text_id(absl::StrCat("Hasil ini diubah atas keberatan. Semula: ",
                                   from.id,
                                   ". Menjadi: ",
                                   to.id,
                                   ". Alasan putusan: ",
                                   reason,
                                   "\n",
                                   receipt.text_id()));
  receipt.set_text_en(absl::StrCat("This result was changed on an objection. Before: ",
                                   from.en,
                                   ". After: ",
                                   to.en,
                                   ". Reason of the decision: ",
                                   reason,
                                   "\n",
                                   receipt.text_en()));
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
