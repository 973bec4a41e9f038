#include "services/feedback/api/feedback_fixture.h"

namespace teraju::feedback {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasMetadata;
using testing::HasReason;
using testing::IsOk;
using ::testing::UnorderedElementsAre;
using CampaignsStub = v1::Campaigns::StubInterface;

class CampaignsServiceTest : public FeedbackApiTest {
 protected:
  auto Nominate(const std::string& campaign,
                const std::vector<std::pair<std::string, v1::RaterGroup>>& raters) {
    v1::BatchCreateNominationsRequest request;
    request.set_parent(campaign);
    request.set_approve(true);
    for (const auto& [rater, group] : raters) {
      v1::Nomination& nomination = *request.add_nominations();
      nomination.set_ratee("agencies/dumai/employees/r0");
      nomination.set_rater("agencies/dumai/" + rater);
      nomination.set_group(group);
    }
    return Call<v1::Campaigns>(kHr, &CampaignsStub::BatchCreateNominations, request);
  }
  auto ListNominations(const std::string& campaign) {
    v1::ListNominationsRequest request;
    request.set_parent(campaign);
    return Call<v1::Campaigns>(kHr, &CampaignsStub::ListNominations, request);
  }
};

TEST_F(CampaignsServiceTest, WantsAPublishedQuestionnaireOfItsKind) {
  v1::CreateQuestionnaireRequest draft;
  draft.set_parent("agencies/dumai");
  *draft.mutable_questionnaire() = PublishedQuestionnaire(v1::Questionnaire::MULTI_RATER, 1);
  draft.mutable_questionnaire()->mutable_items(0)->set_text_id("a");
  draft.mutable_questionnaire()->mutable_items(0)->set_text_en("a");
  const auto made =
      Call<v1::Questionnaires>(kHr, &v1::Questionnaires::StubInterface::CreateQuestionnaire, draft);
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->state(), v1::Questionnaire::DRAFT);
  EXPECT_THAT(Call<v1::Campaigns>(kHr, &CampaignsStub::CreateCampaign, NewCampaign(made->name())),
              HasReason(v1::QUESTIONNAIRE_NOT_PUBLISHED));
  EXPECT_THAT(Call<v1::Campaigns>(kHr,
                                  &CampaignsStub::CreateCampaign,
                                  NewCampaign(Questionnaire(v1::Questionnaire::CITIZEN, 9))),
              HasReason(v1::QUESTIONNAIRE_KIND_WRONG));
  v1::CreateCampaignRequest low = NewCampaign(made->name());
  low.mutable_campaign()->set_threshold(2);
  EXPECT_THAT(Call<v1::Campaigns>(kHr, &CampaignsStub::CreateCampaign, low),
              HasReason(v1::THRESHOLD_TOO_LOW));
}

TEST_F(CampaignsServiceTest, AsksForPermissionBeforeItTellsWhatExists) {
  const std::string campaign = Draft();
  v1::CreateCampaignRequest create = NewCampaign("agencies/dumai/questionnaires/none");
  EXPECT_THAT(Call<v1::Campaigns>(kR0, &CampaignsStub::CreateCampaign, create),
              HasReason(PERMISSION_DENIED));
  v1::GetCampaignRequest get;
  get.set_name(campaign);
  EXPECT_THAT(Call<v1::Campaigns>(kR0, &CampaignsStub::GetCampaign, get), IsOk());
  EXPECT_THAT(Call<v1::Campaigns>(kStranger, &CampaignsStub::GetCampaign, get),
              HasReason(PERMISSION_DENIED));
  get.set_name("agencies/dumai/campaigns/none");
  EXPECT_THAT(Call<v1::Campaigns>(kStranger, &CampaignsStub::GetCampaign, get),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Call<v1::Campaigns>(kR0, &CampaignsStub::GetCampaign, get),
              HasReason(RESOURCE_NOT_FOUND));
  v1::ListCampaignsRequest list;
  list.set_parent("agencies/dumai");
  const auto all = Call<v1::Campaigns>(kR0, &CampaignsStub::ListCampaigns, list);
  ASSERT_THAT(all, IsOk());
  EXPECT_EQ(all->campaigns_size(), 1);
}

TEST_F(CampaignsServiceTest, SuggestsRatersOfTheDayOnce) {
  const std::string campaign = Draft();
  Suggest(campaign, 3, 2);
  const auto first = ListNominations(campaign);
  ASSERT_THAT(first, IsOk());
  // Staff: self, head, 3 peers each. Head: self, mayor, 2 subordinates.
  EXPECT_EQ(first->nominations_size(), 6 * 5 + 4);
  Suggest(campaign, 3, 2);
  EXPECT_EQ(ListNominations(campaign)->nominations_size(), 6 * 5 + 4);
  EXPECT_THAT(Query("SELECT DISTINCT unit || ' ' || appraiser FROM ratees"),
              UnorderedElementsAre("agencies/dumai/units/dinas employees/head",
                                   "agencies/dumai/units/dinas officials/mayor"));
}

TEST_F(CampaignsServiceTest, NominatesAllOrNone) {
  const std::string campaign = Draft();
  const auto made =
      Nominate(campaign, {{"employees/r1", v1::PEER}, {"officials/mayor", v1::SUPERIOR}});
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->nominations(0).rater(), "agencies/dumai/employees/r1");
  EXPECT_EQ(made->nominations(1).state(), v1::Nomination::APPROVED);
  EXPECT_THAT(Nominate(campaign, {{"employees/r2", v1::PEER}, {"employees/r1", v1::SUPERIOR}}),
              HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Nominate(campaign, {{"employees/r0", v1::PEER}}), HasReason(v1::RATER_IS_RATEE));
  EXPECT_EQ(ListNominations(campaign)->nominations_size(), 2);
}

TEST_F(CampaignsServiceTest, OpensWithARequestPerNomination) {
  const std::string campaign = Draft();
  EXPECT_THAT(Launch(campaign), HasReason(v1::CAMPAIGN_EMPTY));
  EXPECT_THAT(Nominate(campaign, {{"employees/r1", v1::PEER}, {"employees/r0", v1::SELF}}), IsOk());
  // Where it is the third already, though not in UTC.
  host_.clock().Set(absl::FromCivil(absl::CivilHour(2025, 1, 2, 17), absl::UTCTimeZone()));
  const auto launched = Launch(campaign);
  ASSERT_THAT(launched, IsOk());
  EXPECT_EQ(identity_.day_asked, 3);
  EXPECT_EQ(launched->state(), v1::Campaign::OPEN);
  EXPECT_FALSE(launched->has_counts());
  // Nominated by hand: taken in where the person stands on the day of the launch.
  EXPECT_THAT(Query("SELECT ratee || ' ' || appraiser FROM ratees"),
              ElementsAre("employees/r0 employees/head"));
  EXPECT_THAT(ListNominations(campaign), HasReason(v1::CAMPAIGN_WRONG_STATE));
  EXPECT_THAT(Nominate(campaign, {{"employees/r2", v1::PEER}}), HasMetadata("state", "OPEN"));
  EXPECT_THAT(Launch(campaign), HasReason(v1::CAMPAIGN_WRONG_STATE));
  EXPECT_EQ(Requests(campaign, "employees/r1").size(), 1U);
}

TEST_F(CampaignsServiceTest, ClosesOnceAndOnlyWhenOpen) {
  const std::string draft = Draft();
  v1::CloseCampaignRequest request;
  request.set_name(draft);
  EXPECT_THAT(Call<v1::Campaigns>(kHr, &CampaignsStub::CloseCampaign, request),
              HasReason(v1::CAMPAIGN_WRONG_STATE));
  EXPECT_THAT(Call<v1::Campaigns>(kHead, &CampaignsStub::CloseCampaign, request),
              HasReason(PERMISSION_DENIED));
  const std::string campaign = Open();
  Close(campaign);
  EXPECT_EQ(Get(campaign).state(), v1::Campaign::CLOSED);
  request.set_name(campaign);
  EXPECT_THAT(Call<v1::Campaigns>(kHr, &CampaignsStub::CloseCampaign, request),
              HasMetadata("state", "CLOSED"));
}

// A city of 4,200 is nominated, launched and closed in few statements, none of which runs into its
// time limit.
TEST_F(CampaignsServiceTest, HoldsACity) {
  identity_.staff = 4200;
  const std::string campaign = Draft();
  Suggest(campaign, 3, 3);
  EXPECT_THAT(Launch(campaign), IsOk());
  Query("UPDATE open_answers SET state = 'ANSWERED', item_values = ARRAY[3, 4]");
  Close(campaign);
  const v1::CampaignCounts counts = Get(campaign).counts();
  EXPECT_EQ(counts.ratees(), 4201);
  EXPECT_EQ(counts.answers(), 4200 * 5 + 5);
  EXPECT_EQ(counts.groups_shown(), 4200 * 3 + 3);
  EXPECT_THAT(Query("SELECT count(*) FROM answers"), ElementsAre(std::to_string(4200 * 3 + 3)));
  EXPECT_EQ(Reports(kEvaluation, campaign)->reports_size(), 100);
  EXPECT_EQ(Reports(kR0, campaign)->reports_size(), 1);
}

TEST_F(CampaignsServiceTest, SaysWhoCannotBeComparedAndWhatWouldConnectThem) {
  const std::string campaign = Draft();
  v1::BatchCreateNominationsRequest nominate;
  nominate.set_parent(campaign);
  const auto add = [&](const std::string& ratee, const std::string& rater) {
    v1::Nomination& nomination = *nominate.add_nominations();
    nomination.set_ratee("agencies/dumai/employees/" + ratee);
    nomination.set_rater("agencies/dumai/employees/" + rater);
    nomination.set_group(v1::PEER);
  };
  add("r0", "r1");
  add("r0", "r2");
  add("r3", "r4");
  EXPECT_THAT(Call<v1::Campaigns>(kHr, &CampaignsStub::BatchCreateNominations, nominate), IsOk());
  v1::CheckRatersRequest request;
  request.set_name(campaign);
  const auto check = [&] { return Call<v1::Campaigns>(kHr, &CampaignsStub::CheckRaters, request); };
  const auto apart = check();
  ASSERT_THAT(apart, IsOk());
  EXPECT_EQ(apart->ratees(), 2);
  EXPECT_EQ(apart->raters(), 3);
  EXPECT_EQ(apart->components(), 2);
  ASSERT_EQ(apart->connecting_size(), 1);
  // What is proposed can be nominated as it is, and connects.
  nominate.clear_nominations();
  *nominate.add_nominations() = apart->connecting(0);
  EXPECT_THAT(Call<v1::Campaigns>(kHr, &CampaignsStub::BatchCreateNominations, nominate), IsOk());
  EXPECT_EQ(check()->components(), 1);
  EXPECT_THAT(Call<v1::Campaigns>(kR0, &CampaignsStub::CheckRaters, request),
              HasReason(PERMISSION_DENIED));
}

}  // namespace
}  // namespace teraju::feedback
