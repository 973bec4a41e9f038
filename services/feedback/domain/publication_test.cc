#include "services/feedback/domain/publication.h"

#include "common/testing/status_matchers.h"
#include "services/feedback/domain/campaign.h"
#include "services/feedback/domain/response_token.h"
#include "services/feedback/domain/timestamp.h"

namespace teraju::feedback::domain {
namespace {

using testing::IsOk;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const std::string kKey(kKeyBytes, 'k');

class PublishTest : public ::testing::Test {
 protected:
  PublishTest() {
    questionnaire_.set_scale_minimum(1);
    questionnaire_.set_scale_maximum(5);
    questionnaire_.add_items()->set_item_id("a");
    questionnaire_.add_items()->set_item_id("b");
    *campaign_.mutable_end_time() = ToTimestamp(absl::FromUnixSeconds(10));
    EXPECT_THAT(PrepareCampaign(campaign_, absl::UnixEpoch()), IsOk());
  }
  void Ask(const std::string& ratee, const std::string& rater, v1::RaterGroup group) {
    asked_.push_back(
        {.request = rater + ">" + ratee, .ratee = ratee, .rater = rater, .group = group});
  }
  void Answer(const std::string& ratee,
              const std::string& rater,
              v1::RaterGroup group,
              std::vector<int> values) {
    Ask(ratee, rater, group);
    sent_.push_back({Pseudonym(kKey, rater), ratee, {group, std::move(values), ""}});
  }

  v1::Questionnaire questionnaire_;
  v1::Campaign campaign_;
  std::vector<Participation> asked_;
  std::vector<SentAnswer> sent_;
};

TEST_F(PublishTest, ReportsEverybodyWhoWasToBeRated) {
  Answer("x", "p1", v1::PEER, {3, 4});
  Answer("x", "p2", v1::PEER, {2, 4});
  Answer("x", "p3", v1::PEER, {4, 3});
  Answer("x", "head", v1::SUPERIOR, {4, 4});
  Answer("y", "p1", v1::PEER, {3, 4});
  Ask("y", "p2", v1::PEER);
  Ask("z", "p3", v1::PEER);
  asked_.back().declined = true;
  const auto publication = Publish(questionnaire_, campaign_, kKey, asked_, sent_, 1);
  ASSERT_THAT(publication, IsOk());
  ASSERT_THAT(publication->reports, SizeIs(3));
  EXPECT_EQ(publication->reports[0].ratee, "x");
  EXPECT_EQ(publication->reports[0].report.groups_size(), 2);
  EXPECT_TRUE(publication->reports[1].report.groups(0).withheld());
  EXPECT_TRUE(publication->reports[2].report.groups(0).withheld());
  EXPECT_THAT(publication->answered,
              UnorderedElementsAre("p1>x", "p2>x", "p3>x", "head>x", "p1>y"));
  // Neither the answer of a group that is withheld nor the superior's is kept beside the report.
  ASSERT_THAT(publication->kept, SizeIs(1));
  EXPECT_EQ(publication->kept[0].ratee, "x");
  EXPECT_EQ(publication->kept[0].group, v1::PEER);
  EXPECT_EQ(publication->counts.ratees(), 3);
  EXPECT_EQ(publication->counts.requests(), 7);
  EXPECT_EQ(publication->counts.answers(), 5);
  EXPECT_EQ(publication->counts.declined(), 1);
  EXPECT_EQ(publication->counts.groups_shown(), 2);
  EXPECT_EQ(publication->counts.groups_withheld(), 2);
}

TEST_F(PublishTest, KnowsNobodysParticipationWithAnotherKey) {
  Answer("x", "p1", v1::PEER, {3, 4});
  const auto publication =
      Publish(questionnaire_, campaign_, std::string(kKeyBytes, 'o'), asked_, sent_, 1);
  ASSERT_THAT(publication, IsOk());
  EXPECT_THAT(publication->answered, ::testing::IsEmpty());
}

}  // namespace
}  // namespace teraju::feedback::domain
