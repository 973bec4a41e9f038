#include "services/feedback/domain/campaign.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/feedback/domain/timestamp.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

struct DefaultWeight {
  v1::RaterGroup group;
  int weight;
};
// Common in Indonesian offices; no regulation fixes them.
constexpr std::array<DefaultWeight, 3> kDefaultWeights = {{
    {v1::SUPERIOR, 60},
    {v1::PEER, 20},
    {v1::SUBORDINATE, 20},
}};

absl::Status PrepareThresholds(v1::Campaign& campaign) {
  const auto too_low = [](int minimum) {
    return errors::InvalidArgument(v1::THRESHOLD_TOO_LOW, "The threshold is too low.")
        .With("minimum", std::to_string(minimum));
  };
  if (campaign.threshold() == 0) campaign.set_threshold(kSmallestThreshold);
  if (campaign.threshold() < kSmallestThreshold) return too_low(kSmallestThreshold);
  if (campaign.text_threshold() == 0) {
    campaign.set_text_threshold(std::max(kDefaultTextThreshold, campaign.threshold()));
  }
  if (campaign.text_threshold() < campaign.threshold()) return too_low(campaign.threshold());
  return absl::OkStatus();
}

void PrepareWeights(v1::Campaign& campaign, errors::FieldViolations& violations) {
  std::map<v1::RaterGroup, int> weights;
  for (int i = 0; i < campaign.group_weights_size(); ++i) {
    const v1::GroupWeight& given = campaign.group_weights(i);
    const bool scored = given.group() == v1::SUPERIOR || given.group() == v1::PEER ||
                        given.group() == v1::SUBORDINATE;
    if (!scored || !weights.emplace(given.group(), given.weight()).second) {
      violations.Add(fmt::format("campaign.groupWeights[{}].group", i),
                     "GROUP_INVALID",
                     "Beri bobot sekali saja untuk atasan, rekan atau bawahan.",
                     "Give superior, peers or subordinates a weight, each once.");
    }
  }
  const bool given = campaign.group_weights_size() > 0;
  int total = 0;
  campaign.clear_group_weights();
  for (const auto& [group, fallback] : kDefaultWeights) {
    v1::GroupWeight& weight = *campaign.add_group_weights();
    weight.set_group(group);
    weight.set_weight(given ? weights[group] : fallback);
    total += weight.weight();
  }
  if (total <= 0) {
    violations.Add("campaign.groupWeights",
                   "WEIGHTS_EMPTY",
                   "Sedikitnya satu kelompok harus berbobot.",
                   "At least one group must have a weight.");
  }
}

absl::Status RequireEndAfter(const v1::Campaign& campaign, absl::Time now) {
  errors::FieldViolations violations;
  if (FromProto(campaign.end_time()) <= now) {
    violations.Add("campaign.endTime",
                   "TIME_PAST",
                   "Waktu penutupan harus di masa depan.",
                   "The end must lie in the future.");
  }
  return violations.ToStatus();
}

}  // namespace

absl::Status PrepareCampaign(v1::Campaign& campaign, absl::Time now) {
  RETURN_IF_ERROR(RequireEndAfter(campaign, now));
  RETURN_IF_ERROR(PrepareThresholds(campaign));
  errors::FieldViolations violations;
  PrepareWeights(campaign, violations);
  RETURN_IF_ERROR(violations.ToStatus());
  campaign.set_state(v1::Campaign::DRAFT);
  *campaign.mutable_create_time() = ToTimestamp(now);
  return absl::OkStatus();
}

absl::Status RequireState(const v1::Campaign& campaign, v1::Campaign::State state) {
  if (campaign.state() == state) return absl::OkStatus();
  return errors::FailedPrecondition(v1::CAMPAIGN_WRONG_STATE, "The campaign is in another state.")
      .With("state", v1::Campaign::State_Name(campaign.state()))
      .With("allowed", v1::Campaign::State_Name(state));
}

absl::Status LaunchCampaign(v1::Campaign& campaign,
                            std::int64_t approved_nominations,
                            absl::Time now) {
  RETURN_IF_ERROR(RequireState(campaign, v1::Campaign::DRAFT));
  RETURN_IF_ERROR(RequireEndAfter(campaign, now));
  if (approved_nominations == 0) {
    return errors::FailedPrecondition(v1::CAMPAIGN_EMPTY, "No rater is approved.");
  }
  campaign.set_state(v1::Campaign::OPEN);
  return absl::OkStatus();
}

absl::Status BeginClosing(v1::Campaign& campaign) {
  if (campaign.state() != v1::Campaign::CLOSING) {
    RETURN_IF_ERROR(RequireState(campaign, v1::Campaign::OPEN));
  }
  campaign.set_state(v1::Campaign::CLOSING);
  return absl::OkStatus();
}

absl::Status FinishClosing(v1::Campaign& campaign,
                           const v1::CampaignCounts& counts,
                           const v1::CampaignQuality& quality,
                           absl::Time now) {
  RETURN_IF_ERROR(RequireState(campaign, v1::Campaign::CLOSING));
  campaign.set_state(v1::Campaign::CLOSED);
  *campaign.mutable_counts() = counts;
  *campaign.mutable_quality() = quality;
  *campaign.mutable_close_time() = ToTimestamp(now);
  return absl::OkStatus();
}

}  // namespace teraju::feedback::domain
