// How leaders rate: for themselves as soon as they rate, for the appraisal team once published.
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

constexpr char kRatingHead[] = "agencies/plaju/employees/head";
constexpr char kRatingMayor[] = "agencies/plaju/officials/mayor";

class RatingPracticesTest : public EvaluationTest {
 protected:
  using V = v1::RatingPractices;

  // A head over five people, all with an approved plan and, but for one, a realisation; all rated.
  void RateTeam() {
    for (const char* person : {"p1", "p2", "p3"})
      identity_.segments.push_back(Segment(person, false, "employees/head", "officials/mayor"));
    AgreeAll();
    for (const char* person : {"p1", "p2", "p3"}) Agree(person, kHead);
    for (const char* person : {"head", "officer", "colleague", "p1", "p2"})
      ASSERT_THAT(Realise(person, "18", 3, 31), IsOk());
    ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
    for (const char* person : {"officer", "colleague", "p1", "p2", "p3"}) RateOne(kHead, person);
    RateOne(kMayor, "head");
  }
  void RateOne(const Caller& leader, const std::string& person) {
    ASSERT_THAT(Rate(leader, EvaluationOf(person, "q1"), v1::AS_EXPECTED, v1::AS_EXPECTED), IsOk());
  }

  absl::StatusOr<v1::ListRatingPracticesResponse> List(const Caller& caller,
                                                       const std::string& appraiser = "",
                                                       int size = 0,
                                                       const std::string& token = "",
                                                       const std::string& period = kQ1) {
    v1::ListRatingPracticesRequest request;
    request.set_parent(period);
    request.set_appraiser(appraiser);
    request.set_page_size(size);
    request.set_page_token(token);
    return Call<V>(caller, &V::StubInterface::ListRatingPractices, request);
  }
};

TEST_F(RatingPracticesTest, TheLeaderSeesTheOwnPracticeFirstAndOthersOncePublished) {
  RateTeam();
  const auto own = List(kHead);
  ASSERT_THAT(own, IsOk());
  ASSERT_THAT(own->rating_practices(), SizeIs(1));
  const v1::RatingPractice& practice = own->rating_practices(0);
  EXPECT_EQ(practice.appraiser(), kRatingHead);
  EXPECT_EQ(practice.rated(), 5);
  EXPECT_EQ(practice.results().as_expected(), 5);
  EXPECT_EQ(practice.distance().compared(), 4);
  EXPECT_EQ(practice.without_figures(), 1);
  EXPECT_EQ(practice.without_dialogue(), 5);
  EXPECT_EQ(practice.without_reason(), 0);
  EXPECT_EQ(practice.findings(0).kind(), v1::PracticeFinding::ALL_THE_SAME);
  EXPECT_FALSE(own->has_agency());
  EXPECT_THAT(List(kHr)->rating_practices(), IsEmpty());
  EXPECT_THAT(Query("SELECT 1 FROM audit_events WHERE type = 'ratingPractices.listed'"), IsEmpty());

  ASSERT_EQ(Finish(StartPublishing(kQ1)), "SUCCEEDED");
  const auto all = List(kHr);
  ASSERT_THAT(all->rating_practices(), SizeIs(2));
  EXPECT_EQ(all->rating_practices(0).appraiser(), kRatingHead);
  EXPECT_EQ(all->rating_practices(1).appraiser(), kRatingMayor);
  EXPECT_THAT(Query("SELECT resource FROM audit_events WHERE type = 'ratingPractices.listed'"),
              ElementsAre(kQ1));
  EXPECT_THAT(List(kHead)->rating_practices(), SizeIs(1));
  // Of two leaders each could compute the other's ratings.
  EXPECT_FALSE(all->has_agency());
}

TEST_F(RatingPracticesTest, NobodySeesAColleaguesPracticeAndPagesFollowTheAppraisers) {
  RateTeam();
  ASSERT_EQ(Finish(StartPublishing(kQ1)), "SUCCEEDED");
  EXPECT_THAT(List(kOfficer)->rating_practices(), IsEmpty());
  EXPECT_THAT(List(kHead, kRatingMayor)->rating_practices(), IsEmpty());
  EXPECT_THAT(List({.subject = "employees/head", .agency = "other"}), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List(kHr, kRatingMayor)->rating_practices(), SizeIs(1));
  const auto first = List(kHr, "", 1);
  ASSERT_THAT(first->rating_practices(), SizeIs(1));
  ASSERT_NE(first->next_page_token(), "");
  const auto second = List(kHr, "", 1, first->next_page_token());
  ASSERT_THAT(second->rating_practices(), SizeIs(1));
  EXPECT_EQ(second->rating_practices(0).appraiser(), kRatingMayor);
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_THAT(List(kHr, "", 0, "", std::string(kCycle) + "/periods/q9"),
              HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(RatingPracticesTest, TheAgencyIsShownToCompareWithFromFiveLeadersOn) {
  const std::pair<const char*, const char*> lines[] = {
      {"p1", "officer"}, {"p2", "colleague"}, {"p3", "p1"}};
  for (const auto& [person, leader] : lines)
    identity_.segments.push_back(
        Segment(person, false, std::string("employees/") + leader, "employees/head"));
  ASSERT_THAT(CreateCycle(), IsOk());
  ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  ASSERT_EQ(Finish(StartScoring(kQ1)), "SUCCEEDED");
  for (const auto& [person, leader] : lines) RateOne(As(leader), person);
  for (const char* person : {"officer", "colleague"}) RateOne(kHead, person);
  RateOne(kMayor, "head");
  ASSERT_EQ(Finish(StartPublishing(kQ1)), "SUCCEEDED");
  const auto all = List(kHr);
  ASSERT_TRUE(all->has_agency());
  EXPECT_EQ(all->agency().leaders(), 5);
  EXPECT_EQ(all->agency().results().as_expected(), 6);
  EXPECT_EQ(all->agency().behavior().as_expected(), 6);
}

}  // namespace
}  // namespace teraju::evaluation
