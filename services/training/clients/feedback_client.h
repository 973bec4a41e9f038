// What training asks of feedback, as itself: published reports, to derive needs.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "services/training/domain/derivation.h"

namespace teraju::training {

class FeedbackClient {
 public:
  virtual ~FeedbackClient() = default;

  // The published topic means of everybody in a campaign: over the groups shown, without the
  // person's own view, weighted by answers. UNAVAILABLE (PEER_UNAVAILABLE).
  virtual absl::StatusOr<std::vector<domain::TopicFeedback>> ListTopics(
      const CallContext& call, const std::string& campaign) = 0;
};

}  // namespace teraju::training
