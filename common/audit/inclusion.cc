#include "common/audit/inclusion.h"

#include <optional>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {

absl::Status ProofPending() {
  return errors::FailedPrecondition(errors::reasons::PROOF_PENDING,
                                    "The record is not yet part of the signed tree.")
      .RetryAfter(absl::Seconds(2));
}

absl::StatusOr<v1::InclusionProof> ProveInclusion(AuditStore& store,
                                                  const std::string& agency,
                                                  const v1::AuditEvent& event) {
  const std::optional<v1::TreeHead> head = store.Head(agency);
  if (!event.has_leaf_index() || !head.has_value()) return ProofPending();
  const auto read = [&](NodeId id) { return store.ReadNode(agency, id); };
  const auto index = static_cast<std::uint64_t>(event.leaf_index());
  ASSIGN_OR_RETURN(const std::vector<Hash> path,
                   InclusionProof(index, static_cast<std::uint64_t>(head->tree_size()), read));
  v1::InclusionProof proof;
  proof.set_leaf_index(event.leaf_index());
  proof.set_leaf_hash(ToBytes(LeafHash(CanonicalEvent(event))));
  for (const Hash& hash : path) proof.add_path(ToBytes(hash));
  *proof.mutable_head() = *head;
  return proof;
}

}  // namespace teraju::audit
