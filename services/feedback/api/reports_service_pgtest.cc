#include "services/feedback/api/feedback_fixture.h"

namespace teraju::feedback {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;

class ReportsServiceTest : public FeedbackApiTest {
 protected:
  // Everybody answers everything, but only two peers of r0 do.
  std::string Closed() {
    std::string campaign = Open();
    int peers_of_r0 = 0;
    for (const std::string& rater : Raters()) {
      for (const v1::FeedbackRequest& request : Requests(campaign, rater)) {
        const bool r0 = request.ratee() == "agencies/dumai/employees/r0";
        if (r0 && request.group() == v1::PEER && ++peers_of_r0 > 2) continue;
        v1::SubmitResponseRequest answer = Answer(request.response_token(), {3, 4});
        answer.set_comment("dari " + rater);
        EXPECT_THAT(Submit(answer), IsOk());
      }
    }
    EXPECT_THAT(Reports(kEvaluation, campaign), HasReason(v1::REPORT_NOT_PUBLISHED));
    EXPECT_FALSE(Get(campaign).has_counts());
    Close(campaign);
    return campaign;
  }
  static std::vector<std::string> Raters() {
    std::vector<std::string> raters = {"employees/head", "officials/mayor"};
    for (int i = 0; i < 6; ++i) raters.push_back("employees/r" + std::to_string(i));
    return raters;
  }
  auto GetReport(const testing::Caller& caller, const std::string& name) {
    v1::GetReportRequest request;
    request.set_name(name);
    return Call<v1::Reports>(caller, &v1::Reports::StubInterface::GetReport, request);
  }
};

TEST_F(ReportsServiceTest, PublishesOnceWithThresholds) {
  const std::string campaign = Closed();
  const v1::CampaignCounts counts = Get(campaign).counts();
  EXPECT_EQ(counts.ratees(), 7);
  EXPECT_EQ(counts.requests(), 6 * 7 + 7);
  EXPECT_EQ(counts.answers(), 6 * 7 + 7 - 3);
  EXPECT_EQ(counts.groups_withheld(), 1);

  const auto r0 = Reports(kR0, campaign);
  ASSERT_THAT(r0, IsOk());
  ASSERT_EQ(r0->reports_size(), 1);
  const v1::Report& report = r0->reports(0);
  EXPECT_EQ(report.ratee(), "agencies/dumai/employees/r0");
  EXPECT_EQ(report.unit(), "agencies/dumai/units/dinas");
  EXPECT_TRUE(report.has_create_time());
  ASSERT_EQ(report.groups_size(), 3);
  EXPECT_EQ(report.groups(1).group(), v1::PEER);
  EXPECT_TRUE(report.groups(1).withheld());
  EXPECT_EQ(report.overall_mean().value(), "3.50");
  EXPECT_EQ(report.comments_size(), 0);

  const auto r1 = Reports(kEvaluation, campaign, "agencies/dumai/employees/r1");
  ASSERT_THAT(r1, IsOk());
  EXPECT_EQ(r1->reports(0).groups(1).answers(), 5);
  EXPECT_EQ(r1->reports(0).comments_size(), 5);
}

TEST_F(ReportsServiceTest, ShowsReportsToPersonAppraiserAndServices) {
  const std::string campaign = Closed();
  EXPECT_EQ(Reports(kR0, campaign)->reports_size(), 1);
  EXPECT_EQ(Reports(kHead, campaign)->reports_size(), 7);  // six of staff, and the own
  EXPECT_EQ(Reports({.subject = "officials/mayor", .agency = "dumai"}, campaign)->reports_size(),
            1);
  EXPECT_EQ(Reports(kEvaluation, campaign)->reports_size(), 7);
  EXPECT_THAT(Reports(kStranger, campaign), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Reports(kUnitHr, campaign), HasReason(PERMISSION_DENIED));

  const std::string own = Reports(kR0, campaign)->reports(0).name();
  EXPECT_THAT(GetReport(kR0, own), IsOk());
  EXPECT_THAT(GetReport(kHead, own), IsOk());
  const testing::Caller r1{.subject = "employees/r1", .agency = "dumai"};
  const absl::Status denied = GetReport(r1, own).status();
  EXPECT_THAT(denied, HasReason(PERMISSION_DENIED));
  EXPECT_THAT(GetReport(r1, campaign + "/reports/none"), HasReason(PERMISSION_DENIED));
}

TEST_F(ReportsServiceTest, RecordsThatSomebodyElseRead) {
  const std::string campaign = Closed();
  const std::string own = Reports(kR0, campaign)->reports(0).name();
  EXPECT_THAT(GetReport(kR0, own), IsOk());
  EXPECT_THAT(Query("SELECT 1 FROM audit_events WHERE type = 'report.read'"), ElementsAre());
  EXPECT_THAT(GetReport(kHead, own), IsOk());
  const std::string read =
      "SELECT concat_ws(' ', actor, about) FROM audit_events "
      "WHERE type = 'report.read'";
  const std::string by_head = "employees/head agencies/dumai/" + kR0.subject;
  EXPECT_THAT(Query(read), ElementsAre(by_head));
  // A list counts for each person in it but the reader.
  const auto listed = Reports(kHead, campaign);
  ASSERT_GT(listed->reports_size(), 1);
  const std::string others = std::to_string(listed->reports_size() - 1);
  EXPECT_THAT(Query("SELECT concat_ws(' ', count(*) - 1, count(DISTINCT about)) "
                    "FROM audit_events WHERE type = 'report.read'"),
              ElementsAre(others + " " + others));
}

TEST_F(ReportsServiceTest, ShowsTheAdjustedValueAndHowWellTheCampaignMeasured) {
  const std::string campaign = Open();
  int turn = 0;
  for (const std::string& rater : Raters()) {
    for (const v1::FeedbackRequest& request : Requests(campaign, rater)) {
      ++turn;
      EXPECT_THAT(Submit(Answer(request.response_token(), {2 + turn % 3, 2 + turn % 2})), IsOk());
    }
  }
  EXPECT_FALSE(Get(campaign).has_quality());
  Close(campaign);
  const v1::CampaignQuality quality = Get(campaign).quality();
  EXPECT_EQ(quality.raters(), 8);
  EXPECT_TRUE(quality.has_mean());
  // Superior and five peers: six, twice the threshold.
  const auto r1 = Reports(kEvaluation, campaign, "agencies/dumai/employees/r1");
  ASSERT_THAT(r1, IsOk());
  const v1::AdjustedValue& adjusted = r1->reports(0).adjusted();
  EXPECT_TRUE(adjusted.has_value()) << adjusted.DebugString();
  EXPECT_EQ(adjusted.raters(), 6);
  EXPECT_TRUE(r1->reports(0).has_overall_mean());
}

TEST_F(ReportsServiceTest, DrawsWhatIsPublished) {
  const std::string campaign = Closed();
  v1::DrawReportRequest request;
  request.set_name(Reports(kR0, campaign)->reports(0).name());
  const auto draw = [&](const testing::Caller& caller) {
    return Call<v1::Reports>(caller, &v1::Reports::StubInterface::DrawReport, request);
  };
  const auto picture = draw(kR0);
  ASSERT_THAT(picture, IsOk());
  EXPECT_EQ(picture->content_type(), "image/svg+xml");
  EXPECT_THAT(picture->data(), ::testing::StartsWith("<svg"));
  EXPECT_THAT(picture->data(), ::testing::HasSubstr("Apakah baik?"));
  request.set_language_code("en");
  EXPECT_THAT(draw(kHead)->data(), ::testing::HasSubstr("Is it good?"));
  // As it is published, to 0.1.
  EXPECT_THAT(draw(kHead)->data(), ::testing::HasSubstr("3.5  (n = 1)"));
  EXPECT_THAT(draw({.subject = "employees/r1", .agency = "dumai"}), HasReason(PERMISSION_DENIED));
  request.set_picture(v1::DrawReportRequest::DISTRIBUTION);
  EXPECT_THAT(draw(kR0), HasReason(errors::reasons::FIELD_INVALID));
  request.set_group(v1::PEER);
  EXPECT_THAT(draw(kR0), HasReason(v1::REPORT_NOT_PUBLISHED));
  request.set_language_code("fr");
  EXPECT_THAT(draw(kR0), HasReason(errors::reasons::FIELD_INVALID));
}

TEST_F(ReportsServiceTest, DrawsThePersonOverCampaignsForWhoMayReadTheReports) {
  v1::DrawReportTrendRequest request;
  request.set_parent("agencies/dumai");
  request.set_ratee("agencies/dumai/employees/r0");
  const auto draw = [&](const testing::Caller& caller) {
    return Call<v1::Reports>(caller, &v1::Reports::StubInterface::DrawReportTrend, request);
  };
  EXPECT_THAT(draw(kR0), HasReason(v1::REPORT_NOT_PUBLISHED));
  Closed();
  Closed();
  const auto own = draw(kR0);
  ASSERT_THAT(own, IsOk());
  EXPECT_EQ(own->content_type(), "image/svg+xml");
  EXPECT_THAT(own->data(), ::testing::HasSubstr("Umpan balik dari waktu ke waktu"));
  EXPECT_THAT(own->data(), ::testing::HasSubstr("360 2025"));
  EXPECT_THAT(Query("SELECT 1 FROM audit_events WHERE type = 'report.read'"), ElementsAre());
  request.set_language_code("en");
  EXPECT_THAT(draw(kHead)->data(), ::testing::HasSubstr("Feedback over time"));
  // Each report read is on record.
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'report.read'"),
              ElementsAre("2"));
  // To others it is as if there were none.
  EXPECT_THAT(draw({.subject = "employees/r1", .agency = "dumai"}),
              HasReason(v1::REPORT_NOT_PUBLISHED));
  request.set_language_code("fr");
  EXPECT_THAT(draw(kR0), HasReason(errors::reasons::FIELD_INVALID));
}

TEST_F(ReportsServiceTest, TellsARaterTheOwnBandOnly) {
  const std::string campaign = Open();
  v1::GetRaterNoteRequest request;
  request.set_parent(campaign);
  const auto note = [&](const testing::Caller& caller) {
    return Call<v1::FeedbackRequests>(
        caller, &v1::FeedbackRequests::StubInterface::GetRaterNote, request);
  };
  EXPECT_THAT(note(kR0), HasReason(v1::REPORT_NOT_PUBLISHED));
  Close(campaign);
  const auto mine = note(kR0);
  ASSERT_THAT(mine, IsOk());
  EXPECT_EQ(mine->severity(), v1::RaterNote::UNKNOWN);
  EXPECT_NE(mine->text_id(), "");
  EXPECT_THAT(note({.subject = "employees/other", .agency = "dumai"}),
              HasReason(errors::reasons::RESOURCE_NOT_FOUND));
}

}  // namespace
}  // namespace teraju::feedback
