#include "services/evaluation/api/receipt_file.h"

#include <optional>

#include "common/audit/audit_store.h"
#include "common/audit/inclusion.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/annual_credit.h"
#include "services/evaluation/domain/receipt_document.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/local_pack_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {

absl::StatusOr<v1::ReceiptFile> MakeReceiptFile(postgres::Transaction& tx,
                                                const ReceiptSource& source) {
  audit::AuditStore log(tx, "evaluation");
  if (source.event.empty()) return audit::ProofPending();
  const auto event = log.Find(source.agency, source.event);
  if (!event.has_value()) return audit::ProofPending();
  v1::ReceiptFile file;
  file.set_format("teraju-receipt/1");
  file.set_receipt(source.document);
  file.set_pack(domain::OfficialPackText());
  if (source.credits) file.set_credit_pack(domain::CreditPackText());
  if (!source.local_pack.empty()) {
    ASSIGN_OR_RETURN(const domain::LocalPack local, LocalPackStore(tx).Get(source.local_pack));
    file.set_local_pack(local.definition);
  }
  *file.mutable_event() = *event;
  ASSIGN_OR_RETURN(*file.mutable_proof(), audit::ProveInclusion(log, source.agency, *event));
  return file;
}

absl::StatusOr<v1::ReceiptFile> MakeEvaluationFile(postgres::Transaction& tx,
                                                   const Key& evaluation) {
  const std::optional<v1::ScoreReceipt> receipt = EvaluationStore(tx).FindReceipt(evaluation);
  if (!receipt.has_value())
    return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL, "The result is not final.");
  return MakeReceiptFile(tx,
                         {.agency = evaluation.agency,
                          .document = receipt->document(),
                          .event = IdOf(receipt->audit_event()),
                          .local_pack = receipt->evaluation().local_result().pack()});
}

}  // namespace teraju::evaluation
