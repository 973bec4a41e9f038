// Proves that an audit event is in the tree under the newest signed head.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/audit/audit_store.h"
#include "teraju/audit/v1/audit_events.pb.h"

namespace teraju::audit {

// Leaf, head and nodes are read by the store's transaction, which must see one state of them.
// FAILED_PRECONDITION (PROOF_PENDING) until the event is sequenced.
absl::StatusOr<v1::InclusionProof> ProveInclusion(AuditStore& store,
                                                  const std::string& agency,
                                                  const v1::AuditEvent& event);

// The refusal until then.
absl::Status ProofPending();

}  // namespace teraju::audit
