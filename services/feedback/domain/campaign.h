// The life of a campaign: DRAFT, OPEN, CLOSING, CLOSED.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback::domain {

// Fewer answers than this are never shown as a group.
inline constexpr int kSmallestThreshold = 3;
inline constexpr int kDefaultTextThreshold = 5;

// A new campaign: sets state and defaults, the weights of superior, peers and subordinates in this
// order. INVALID_ARGUMENT: THRESHOLD_TOO_LOW; FIELD_INVALID for weights and an end in the past.
absl::Status PrepareCampaign(v1::Campaign& campaign, absl::Time now);

// FAILED_PRECONDITION (CAMPAIGN_WRONG_STATE) in any other state.
absl::Status RequireState(const v1::Campaign& campaign, v1::Campaign::State state);

// DRAFT to OPEN. CAMPAIGN_EMPTY without an approved nomination; FIELD_INVALID after its end.
absl::Status LaunchCampaign(v1::Campaign& campaign,
                            std::int64_t approved_nominations,
                            absl::Time now);

// OPEN to CLOSING: from now on no answer is accepted. A closing that broke off may begin again.
absl::Status BeginClosing(v1::Campaign& campaign);

// CLOSING to CLOSED, with what was withheld until now.
absl::Status FinishClosing(v1::Campaign& campaign,
                           const v1::CampaignCounts& counts,
                           const v1::CampaignQuality& quality,
                           absl::Time now);

}  // namespace teraju::feedback::domain
