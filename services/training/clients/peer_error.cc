#include "services/training/clients/peer_error.h"

#include "common/errors/error.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training {

absl::Status PeerError(const absl::Status& status, std::string_view peer) {
  if (absl::IsDeadlineExceeded(status)) return status;
  return errors::Unavailable(v1::PEER_UNAVAILABLE, "A peer could not be read.")
      .With("dependency", peer)
      .With("peer_reason", errors::ReasonOf(status));
}

}  // namespace teraju::training
