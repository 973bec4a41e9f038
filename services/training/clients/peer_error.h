// A peer that could not be read, in training's words.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace teraju::training {

// UNAVAILABLE (PEER_UNAVAILABLE) naming the peer. DEADLINE_EXCEEDED passes through.
absl::Status PeerError(const absl::Status& status, std::string_view peer);

}  // namespace teraju::training
