#include <memory>

#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_call.h"
#include "gmock/gmock.h"
#include "services/training/clients/grpc_evaluation_client.h"
#include "services/training/clients/grpc_feedback_client.h"
#include "services/training/clients/grpc_identity_client.h"
#include "teraju/evaluation/v1/competencies_service_mock.grpc.pb.h"
#include "teraju/evaluation/v1/cycles_service_mock.grpc.pb.h"
#include "teraju/evaluation/v1/evaluations_service_mock.grpc.pb.h"
#include "teraju/feedback/v1/feedback_service_mock.grpc.pb.h"
#include "teraju/identity/v1/employees_service_mock.grpc.pb.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using ::testing::Return;
using testing::StatusIs;
using testing::TestCall;

constexpr char kPeriod[] = "agencies/dumai/cycles/2025/periods/year";

absl::StatusOr<std::string> OwnToken() { return std::string("token"); }

// Answers a mocked call with `message`.
template <typename Message>
auto Answer(const Message& message) {
  return [message](auto*, const auto&, Message* response) {
    *response = message;
    return grpc::Status::OK;
  };
}

grpc::Status NotFound() {
  return errors::ToGrpc(errors::ResourceNotFound("x"), "peer.teraju", "id", "en");
}

class EvaluationClientTest : public ::testing::Test {
 protected:
  evaluation::v1::MockCompetencyAssessmentsStub* assessments_ =
      new evaluation::v1::MockCompetencyAssessmentsStub;
  evaluation::v1::MockCyclesStub* cycles_ = new evaluation::v1::MockCyclesStub;
  evaluation::v1::MockEvaluationsStub* evaluations_ = new evaluation::v1::MockEvaluationsStub;
  GrpcEvaluationClient client_{
      std::unique_ptr<evaluation::v1::CompetencyAssessments::StubInterface>(assessments_),
      std::unique_ptr<evaluation::v1::Cycles::StubInterface>(cycles_),
      std::unique_ptr<evaluation::v1::Evaluations::StubInterface>(evaluations_),
      OwnToken};
};

TEST_F(EvaluationClientTest, OnlyAPublishedPeriodWillDo) {
  evaluation::v1::Cycle cycle;
  evaluation::v1::Period& period = *cycle.add_periods();
  period.set_name(kPeriod);
  period.set_state(evaluation::v1::Period::SCORED);
  EXPECT_CALL(*cycles_, GetCycle(_, _, _)).WillOnce(Answer(cycle));
  EXPECT_THAT(client_.CheckPublished(TestCall(), kPeriod), HasReason(v1::RESULTS_NOT_PUBLISHED));
  period.set_state(evaluation::v1::Period::PUBLISHED);
  EXPECT_CALL(*cycles_, GetCycle(_, _, _)).WillOnce(Answer(cycle));
  EXPECT_THAT(client_.CheckPublished(TestCall(), kPeriod), IsOk());
  EXPECT_CALL(*cycles_, GetCycle(_, _, _)).WillOnce(Return(NotFound()));
  EXPECT_THAT(client_.CheckPublished(TestCall(), kPeriod), HasReason(v1::RESULTS_NOT_PUBLISHED));
  EXPECT_CALL(*cycles_, GetCycle(_, _, _))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")));
  EXPECT_THAT(client_.CheckPublished(TestCall(), kPeriod), HasReason(v1::PEER_UNAVAILABLE));
  EXPECT_THAT(client_.CheckPublished(TestCall(), "x"), HasReason(errors::reasons::NAME_INVALID));
}

TEST_F(EvaluationClientTest, GapsAreTheWeaknessesOfTheLatestPost) {
  evaluation::v1::ListCompetencyAssessmentsResponse first, second;
  const auto add = [](auto& page, int month, const std::string& competency, int level) {
    evaluation::v1::CompetencyAssessment& one = *page.add_competency_assessments();
    one.mutable_snapshot()->set_employee("agencies/dumai/employees/budi");
    one.mutable_snapshot()->mutable_start_date()->set_year(2025);
    one.mutable_snapshot()->mutable_start_date()->set_month(month);
    one.mutable_snapshot()->mutable_start_date()->set_day(1);
    evaluation::v1::AssessedCompetency& assessed = *one.add_competencies();
    assessed.set_competency("agencies/dumai/competencies/" + competency);
    assessed.set_required_level(3);
    assessed.set_assessed_level(level);
    assessed.set_standing(level < 3 ? evaluation::v1::AssessedCompetency::WEAKNESS
                                    : evaluation::v1::AssessedCompetency::AS_REQUIRED);
    one.add_competencies()->set_standing(evaluation::v1::AssessedCompetency::STRENGTH);
  };
  add(first, 7, "KERJA_SAMA", 2);
  first.set_next_page_token("more");
  add(second, 1, "INTEGRITAS", 1);
  EXPECT_CALL(*assessments_, ListCompetencyAssessments(_, _, _))
      .WillOnce(Answer(first))
      .WillOnce([&](auto*,
                    const evaluation::v1::ListCompetencyAssessmentsRequest& request,
                    auto* response) {
        EXPECT_EQ(request.cycle(), "agencies/dumai/cycles/2025");
        EXPECT_EQ(request.state(), evaluation::v1::CompetencyAssessment::FINAL);
        EXPECT_EQ(request.page_token(), "more");
        *response = second;
        return grpc::Status::OK;
      });
  const auto gaps = client_.ListCompetencyGaps(TestCall(), kPeriod);
  ASSERT_THAT(gaps, IsOk());
  ASSERT_EQ(gaps->size(), 1u);
  EXPECT_EQ(gaps->front().topic, "KERJA_SAMA");
  EXPECT_EQ(gaps->front().level, 2);
  EXPECT_EQ(gaps->front().required_level, 3);
  EXPECT_CALL(*assessments_, ListCompetencyAssessments(_, _, _))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")));
  EXPECT_THAT(client_.ListCompetencyGaps(TestCall(), kPeriod), HasReason(v1::PEER_UNAVAILABLE));
}

TEST_F(EvaluationClientTest, ReadsFinalResultsPageByPage) {
  evaluation::v1::ListEvaluationsResponse first, second;
  evaluation::v1::Evaluation& low = *first.add_evaluations();
  low.set_state(evaluation::v1::Evaluation::FINAL);
  low.set_result_rating(evaluation::v1::BELOW_EXPECTATION);
  low.set_behavior_rating(evaluation::v1::AS_EXPECTED);
  low.mutable_snapshot()->set_employee("agencies/dumai/employees/budi");
  low.mutable_snapshot()->add_unit_path("agencies/dumai/units/bidang");
  low.mutable_snapshot()->set_appraiser("agencies/dumai/employees/ani");
  low.mutable_snapshot()->mutable_start_date()->set_year(2025);
  low.mutable_snapshot()->mutable_start_date()->set_month(7);
  low.mutable_snapshot()->mutable_start_date()->set_day(1);
  low.mutable_computed()->mutable_mean_achievement()->set_value("62.50");
  first.add_evaluations()->set_state(evaluation::v1::Evaluation::RATED);
  first.set_next_page_token("more");
  evaluation::v1::Evaluation& high = *second.add_evaluations();
  high.set_state(evaluation::v1::Evaluation::ACKNOWLEDGED);
  high.set_result_rating(evaluation::v1::ABOVE_EXPECTATION);
  EXPECT_CALL(*evaluations_, ListEvaluations(_, _, _))
      .WillOnce(Answer(first))
      .WillOnce([&](auto*, const evaluation::v1::ListEvaluationsRequest& request, auto* response) {
        EXPECT_EQ(request.parent(), "agencies/dumai");
        EXPECT_EQ(request.period(), kPeriod);
        EXPECT_EQ(request.page_token(), "more");
        *response = second;
        return grpc::Status::OK;
      });
  const auto appraisals = client_.ListAppraisals(TestCall(), kPeriod);
  ASSERT_THAT(appraisals, IsOk());
  ASSERT_EQ(appraisals->size(), 2u);
  const domain::Appraisal& budi = (*appraisals)[0];
  EXPECT_TRUE(budi.result_below);
  EXPECT_FALSE(budi.behavior_below);
  EXPECT_EQ(budi.segment_start, absl::CivilDay(2025, 7, 1));
  EXPECT_EQ(budi.mean_achievement, *Decimal::Parse("62.5"));
  EXPECT_THAT(budi.unit_path, ElementsAre("agencies/dumai/units/bidang"));
  EXPECT_TRUE((*appraisals)[1].result_above);
  EXPECT_FALSE((*appraisals)[1].mean_achievement.has_value());
}

class FeedbackClientTest : public ::testing::Test {
 protected:
  static void AddGroup(feedback::v1::Report& report,
                       feedback::v1::RaterGroup group,
                       int answers,
                       const char* mean) {
    feedback::v1::GroupResult& result = *report.add_groups();
    result.set_group(group);
    result.set_answers(answers);
    feedback::v1::ItemResult& item = *result.add_items();
    item.set_topic("LOYAL");
    item.mutable_mean()->set_value(mean);
  }

  feedback::v1::MockQuestionnairesStub* questionnaires_ = new feedback::v1::MockQuestionnairesStub;
  feedback::v1::MockCampaignsStub* campaigns_ = new feedback::v1::MockCampaignsStub;
  feedback::v1::MockReportsStub* reports_ = new feedback::v1::MockReportsStub;
  GrpcFeedbackClient client_{
      std::unique_ptr<feedback::v1::Questionnaires::StubInterface>(questionnaires_),
      std::unique_ptr<feedback::v1::Campaigns::StubInterface>(campaigns_),
      std::unique_ptr<feedback::v1::Reports::StubInterface>(reports_),
      OwnToken};
};

TEST_F(FeedbackClientTest, WeighsGroupsByAnswersWithoutTheOwnView) {
  feedback::v1::Questionnaire questionnaire;
  questionnaire.set_scale_minimum(1);
  questionnaire.set_scale_maximum(4);
  EXPECT_CALL(*campaigns_, GetCampaign(_, _, _)).WillOnce(Answer(feedback::v1::Campaign()));
  EXPECT_CALL(*questionnaires_, GetQuestionnaire(_, _, _)).WillOnce(Answer(questionnaire));
  feedback::v1::ListReportsResponse page;
  feedback::v1::Report& report = *page.add_reports();
  report.set_ratee("agencies/dumai/employees/budi");
  AddGroup(report, feedback::v1::SUPERIOR, 1, "2.0");
  AddGroup(report, feedback::v1::PEER, 4, "3.0");
  AddGroup(report, feedback::v1::SELF, 1, "4.0");
  report.add_groups()->set_withheld(true);
  EXPECT_CALL(*reports_, ListReports(_, _, _)).WillOnce(Answer(page));
  const auto topics = client_.ListTopics(TestCall(), "agencies/dumai/campaigns/c1");
  ASSERT_THAT(topics, IsOk());
  ASSERT_EQ(topics->size(), 1u);
  EXPECT_EQ((*topics)[0].employee, "agencies/dumai/employees/budi");
  EXPECT_EQ((*topics)[0].topic, "LOYAL");
  EXPECT_EQ((*topics)[0].mean, *Decimal::Parse("2.8"));
  EXPECT_EQ((*topics)[0].scale_maximum, 4);
}

TEST_F(FeedbackClientTest, SaysWhichPeerIsGone) {
  EXPECT_CALL(*campaigns_, GetCampaign(_, _, _))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")));
  const auto topics = client_.ListTopics(TestCall(), "agencies/dumai/campaigns/c1");
  EXPECT_THAT(topics, HasReason(v1::PEER_UNAVAILABLE));
  EXPECT_EQ(errors::MetadataOf(topics.status(), "dependency"), "feedback");
}

class IdentityClientTest : public ::testing::Test {
 protected:
  absl::StatusOr<ReportingLine> Line() {
    return client_.ReportingLineOf(
        TestCall(), AgencyId("dumai"), "agencies/dumai/employees/budi", absl::CivilDay(2026, 3, 1));
  }

  identity::v1::MockEmployeesStub* employees_ = new identity::v1::MockEmployeesStub;
  identity::v1::MockReportingLinesStub* lines_ = new identity::v1::MockReportingLinesStub;
  GrpcIdentityClient client_{std::unique_ptr<identity::v1::Employees::StubInterface>(employees_),
                             std::unique_ptr<identity::v1::ReportingLines::StubInterface>(lines_),
                             OwnToken};
};

TEST_F(IdentityClientTest, ResolvesTheLineOfADay) {
  EXPECT_CALL(*lines_, ResolveReportingLine(_, _, _))
      .WillOnce(
          [](auto*, const identity::v1::ResolveReportingLineRequest& request, auto* response) {
            EXPECT_EQ(request.parent(), "agencies/dumai");
            EXPECT_EQ(request.date().month(), 3);
            response->add_unit_path("agencies/dumai/units/bidang");
            response->set_appraiser("agencies/dumai/employees/ani");
            return grpc::Status::OK;
          });
  const auto line = Line();
  ASSERT_THAT(line, IsOk());
  EXPECT_THAT(line->unit_path, ElementsAre("agencies/dumai/units/bidang"));
  EXPECT_EQ(line->appraiser, "agencies/dumai/employees/ani");
}

TEST_F(IdentityClientTest, TranslatesNobodyAndOutages) {
  EXPECT_CALL(*lines_, ResolveReportingLine(_, _, _))
      .WillOnce(Return(NotFound()))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "no assignment")))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::DEADLINE_EXCEEDED, "late")));
  EXPECT_THAT(Line(), HasReason(v1::EMPLOYEE_UNKNOWN));
  EXPECT_THAT(Line(), HasReason(v1::EMPLOYEE_UNKNOWN));
  EXPECT_THAT(Line(), HasReason(v1::PEER_UNAVAILABLE));
  EXPECT_THAT(Line(), StatusIs(absl::StatusCode::kDeadlineExceeded));
}

TEST_F(IdentityClientTest, ReadsTheStaffPageByPage) {
  identity::v1::ListEmployeesResponse first, second;
  first.add_employees()->set_grade("31");
  first.set_next_page_token("more");
  second.add_employees()->set_grade("XI");
  EXPECT_CALL(*employees_, ListEmployees(_, _, _)).WillOnce(Answer(first)).WillOnce(Answer(second));
  const auto staff = client_.ListStaff(TestCall(), AgencyId("dumai"));
  ASSERT_THAT(staff, IsOk());
  ASSERT_EQ(staff->size(), 2u);
  EXPECT_EQ((*staff)[1].grade, "XI");
}

}  // namespace
}  // namespace teraju::training
