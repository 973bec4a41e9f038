#include "services/feedback/domain/campaign.h"

#include "common/testing/status_matchers.h"
#include "services/feedback/domain/timestamp.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kNow = absl::FromUnixSeconds(1'750'000'000);

v1::Campaign New() {
  v1::Campaign campaign;
  *campaign.mutable_end_time() = ToTimestamp(kNow + absl::Hours(24));
  return campaign;
}

v1::Campaign Draft() {
  v1::Campaign campaign = New();
  EXPECT_THAT(PrepareCampaign(campaign, kNow), IsOk());
  return campaign;
}

TEST(PrepareCampaign, FillsTheDefaults) {
  const v1::Campaign campaign = Draft();
  EXPECT_EQ(campaign.state(), v1::Campaign::DRAFT);
  EXPECT_EQ(campaign.threshold(), 3);
  EXPECT_EQ(campaign.text_threshold(), 5);
  ASSERT_EQ(campaign.group_weights_size(), 3);
  EXPECT_EQ(campaign.group_weights(0).weight(), 60);
  EXPECT_EQ(campaign.group_weights(1).weight(), 20);
  EXPECT_EQ(campaign.group_weights(2).weight(), 20);
}

TEST(PrepareCampaign, RefusesAThresholdBelowThree) {
  for (const int threshold : {1, 2, -5}) {
    v1::Campaign campaign = New();
    campaign.set_threshold(threshold);
    const absl::Status status = PrepareCampaign(campaign, kNow);
    EXPECT_THAT(status, HasReason(v1::THRESHOLD_TOO_LOW));
    EXPECT_THAT(status, HasMetadata("minimum", "3"));
  }
}

TEST(PrepareCampaign, RefusesATextThresholdBelowTheThreshold) {
  v1::Campaign campaign = New();
  campaign.set_threshold(6);
  campaign.set_text_threshold(5);
  EXPECT_THAT(PrepareCampaign(campaign, kNow), HasMetadata("minimum", "6"));
  campaign.set_text_threshold(0);
  EXPECT_THAT(PrepareCampaign(campaign, kNow), IsOk());
  EXPECT_EQ(campaign.text_threshold(), 6);
}

TEST(PrepareCampaign, OrdersGivenWeightsAndNeverScoresSelf) {
  v1::Campaign campaign = New();
  campaign.add_group_weights()->set_group(v1::PEER);
  campaign.mutable_group_weights(0)->set_weight(50);
  EXPECT_THAT(PrepareCampaign(campaign, kNow), IsOk());
  EXPECT_EQ(campaign.group_weights(0).weight(), 0);
  EXPECT_EQ(campaign.group_weights(1).weight(), 50);

  v1::Campaign self = New();
  self.add_group_weights()->set_group(v1::SELF);
  EXPECT_THAT(PrepareCampaign(self, kNow), ViolatesField("campaign.groupWeights[0].group"));
}

TEST(PrepareCampaign, RefusesWeightsOfNothing) {
  v1::Campaign campaign = New();
  campaign.add_group_weights()->set_group(v1::PEER);
  EXPECT_THAT(PrepareCampaign(campaign, kNow), ViolatesField("campaign.groupWeights"));
}

TEST(PrepareCampaign, RefusesAnEndInThePast) {
  v1::Campaign campaign = New();
  *campaign.mutable_end_time() = ToTimestamp(kNow);
  EXPECT_THAT(PrepareCampaign(campaign, kNow), ViolatesField("campaign.endTime"));
}

TEST(Campaign, GoesFromDraftToClosed) {
  v1::Campaign campaign = Draft();
  EXPECT_THAT(LaunchCampaign(campaign, 0, kNow), HasReason(v1::CAMPAIGN_EMPTY));
  EXPECT_THAT(BeginClosing(campaign), HasReason(v1::CAMPAIGN_WRONG_STATE));
  EXPECT_THAT(LaunchCampaign(campaign, 1, kNow), IsOk());
  EXPECT_THAT(LaunchCampaign(campaign, 1, kNow), HasMetadata("state", "OPEN"));
  EXPECT_THAT(FinishClosing(campaign, {}, {}, kNow), HasMetadata("allowed", "CLOSING"));
  EXPECT_THAT(BeginClosing(campaign), IsOk());
  EXPECT_EQ(campaign.state(), v1::Campaign::CLOSING);
  v1::CampaignCounts counts;
  counts.set_answers(7);
  EXPECT_THAT(FinishClosing(campaign, counts, {}, kNow), IsOk());
  EXPECT_EQ(campaign.state(), v1::Campaign::CLOSED);
  EXPECT_EQ(campaign.counts().answers(), 7);
  EXPECT_THAT(BeginClosing(campaign), HasMetadata("state", "CLOSED"));
}

TEST(Campaign, MayBeginToCloseAgainWhenClosingBrokeOff) {
  v1::Campaign campaign = Draft();
  campaign.set_state(v1::Campaign::CLOSING);
  EXPECT_THAT(BeginClosing(campaign), IsOk());
}

TEST(Campaign, IsNotLaunchedAfterItsEnd) {
  v1::Campaign campaign = Draft();
  EXPECT_THAT(LaunchCampaign(campaign, 1, kNow + absl::Hours(25)),
              ViolatesField("campaign.endTime"));
}

}  // namespace
}  // namespace teraju::feedback::domain
