#include "common/testing/pg_test.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "feedback_migrations.h"
#include "services/feedback/store/campaign_store.h"
#include "services/feedback/store/request_store.h"
#include "services/feedback/store/store_test_data.h"

namespace teraju::feedback {
namespace {

using ::testing::ElementsAre;
using testing::EqualsProto;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::StatusIs;
using testing::TestCall;

class CampaignStoreTest : public testing::PgTest<kMigrations> {
 protected:
  // Runs `fn(tx)` in a transaction that is committed.
  template <typename F>
  void Write(F fn) {
    const absl::Status status = database().Write(TestCall(), [&](postgres::Transaction& tx) {
      fn(tx);
      return absl::OkStatus();
    });
    EXPECT_THAT(status, IsOk());
  }
};

TEST_F(CampaignStoreTest, GivesBackWhatWasInserted) {
  Write([](postgres::Transaction& tx) {
    const v1::Campaign inserted = InsertCampaign(tx);
    const auto found = CampaignStore(tx).Get(kCampaignKey);
    ASSERT_THAT(found, IsOk());
    EXPECT_THAT(*found, EqualsProto(inserted));
    const auto questionnaire = QuestionnaireStore(tx).Get(kQuestionnaireKey);
    ASSERT_THAT(questionnaire, IsOk());
    EXPECT_EQ(questionnaire->items_size(), 2);
    EXPECT_EQ(found->questionnaire(), questionnaire->name());
  });
}

TEST_F(CampaignStoreTest, KnowsNothingOfOtherAgencies) {
  Write([](postgres::Transaction& tx) {
    InsertCampaign(tx);
    const CampaignKey elsewhere{AgencyId("other"), kCampaignKey.id};
    EXPECT_THAT(CampaignStore(tx).Get(elsewhere), StatusIs(absl::StatusCode::kNotFound));
    EXPECT_THAT(CampaignStore(tx).List(AgencyId("other"), "", 10), IsEmpty());
    EXPECT_THAT(CampaignStore(tx).List(kAgency, "", 10), SizeIs(1));
    EXPECT_THAT(CampaignStore(tx).List(kAgency, kCampaignKey.id.value(), 10), IsEmpty());
  });
}

TEST_F(CampaignStoreTest, StoresNothingWhenTheChangeFailsOrTheEtagDiffers) {
  Write([](postgres::Transaction& tx) {
    const v1::Campaign inserted = InsertCampaign(tx);
    CampaignStore store(tx);
    const auto refuse = [](v1::Campaign& campaign) -> absl::Status {
      campaign.set_state(v1::Campaign::OPEN);
      return absl::FailedPreconditionError("no");
    };
    EXPECT_FALSE(store.Update(kCampaignKey, api::Precondition::None(), refuse).ok());
    EXPECT_THAT(store.Update(kCampaignKey,
                             api::Precondition::FromEtag("\"9\""),
                             [](v1::Campaign&) { return absl::OkStatus(); }),
                StatusIs(absl::StatusCode::kAborted));
    EXPECT_THAT(*store.Get(kCampaignKey), EqualsProto(inserted));
    EXPECT_THAT(SetState(tx, v1::Campaign::OPEN), IsOk());
    EXPECT_EQ(store.Get(kCampaignKey)->state(), v1::Campaign::OPEN);
    EXPECT_EQ(store.Get(kCampaignKey)->etag(), "\"2\"");
  });
}

TEST_F(CampaignStoreTest, KeepsTheFirstPlaceOfARatee) {
  Write([](postgres::Transaction& tx) {
    InsertCampaign(tx);
    CampaignStore store(tx);
    const std::vector<domain::ReportingLine> first = {
        {"employees/a", "employees/head", "u1", {"u1", "root"}}};
    const std::vector<domain::ReportingLine> later = {
        {"employees/a", "employees/new", "u2", {"u2"}}, {"employees/b", "", "u2", {"u2"}}};
    store.InsertRatees(kCampaignKey, first);
    store.InsertRatees(kCampaignKey, later);
  });
  EXPECT_THAT(Query("SELECT ratee || ' ' || unit || ' ' || unit_path::text || ' ' || appraiser"
                    " FROM ratees ORDER BY ratee"),
              ElementsAre("employees/a u1 {u1,root} employees/head", "employees/b u2 {u2} "));
}

TEST_F(CampaignStoreTest, TurnsApprovedNominationsIntoRequests) {
  Write([](postgres::Transaction& tx) {
    InsertCampaign(tx);
    NominationStore nominations(tx);
    const std::vector<domain::RaterChoice> proposed = {{"employees/a", "employees/a", v1::SELF},
                                                       {"employees/a", "employees/b", v1::PEER}};
    EXPECT_THAT(nominations.Upsert(kCampaignKey, proposed, false), SizeIs(2));
    EXPECT_EQ(nominations.CountApproved(kCampaignKey), 0);
    // Approves the one that exists in this group, leaves alone the one in another.
    const std::vector<domain::RaterChoice> approved = {{"employees/a", "employees/a", v1::PEER},
                                                       {"employees/a", "employees/b", v1::PEER}};
    const auto standing = nominations.Upsert(kCampaignKey, approved, true);
    ASSERT_THAT(standing, SizeIs(1));
    EXPECT_EQ(standing[0].rater(), "agencies/dumai/employees/b");
    EXPECT_EQ(standing[0].state(), v1::Nomination::APPROVED);
    EXPECT_THAT(nominations.List(kCampaignKey, "", 10), SizeIs(2));

    CampaignStore campaigns(tx);
    EXPECT_THAT(campaigns.ListUnplacedRatees(kCampaignKey), ElementsAre("employees/a"));
    const auto requests = RequestStore(tx).InsertFromNominations(kCampaignKey);
    ASSERT_THAT(requests, SizeIs(1));
    EXPECT_EQ(requests[0].rater, "employees/b");
    EXPECT_EQ(requests[0].state, v1::FeedbackRequest::PENDING);
    nominations.DeleteAll(kCampaignKey);
    EXPECT_THAT(nominations.List(kCampaignKey, "", 10), IsEmpty());
  });
}

}  // namespace
}  // namespace teraju::feedback
