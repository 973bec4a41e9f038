#include "services/evaluation/api/receipt_file.h"

#include "common/audit/audit_store.h"
#include "common/audit/inclusion.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/receipt_document.h"
#include "services/evaluation/store/local_pack_store.h"

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
  if (!source.local_pack.empty()) {
    ASSIGN_OR_RETURN(const domain::LocalPack local, LocalPackStore(tx).Get(source.local_pack));
    file.set_local_pack(local.definition);
  }
  *file.mutable_event() = *event;
  ASSIGN_OR_RETURN(*file.mutable_proof(), audit::ProveInclusion(log, source.agency, *event));
  return file;
}

}  // namespace teraju::evaluation
