// The clients against in-process fakes of the peers: their words, their errors, with which token.
#include <memory>
#include <utility>

#include "common/testing/status_matchers.h"
#include "common/testing/test_call.h"
#include "gmock/gmock.h"
#include "google/protobuf/text_format.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "services/evaluation/clients/grpc_feedback_client.h"
#include "services/evaluation/clients/grpc_identity_client.h"
#include "services/evaluation/clients/grpc_people_client.h"
#include "services/evaluation/clients/scripted_peer.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

using testing::HasReason;
using testing::IsOk;
using testing::StatusIs;
using testing::TestCall;

class FakeReportingLines final : public identity::v1::ReportingLines::Service {
 public:
  grpc::Status ListSegments(grpc::ServerContext* context,
                            const identity::v1::ListSegmentsRequest* request,
                            identity::v1::ListSegmentsResponse* response) override {
    return script.Answer(context, request, response);
  }
  Script<identity::v1::ListSegmentsRequest, identity::v1::ListSegmentsResponse> script;
};

class FakeReports final : public feedback::v1::Reports::Service {
 public:
  grpc::Status ListReports(grpc::ServerContext* context,
                           const feedback::v1::ListReportsRequest* request,
                           feedback::v1::ListReportsResponse* response) override {
    return script.Answer(context, request, response);
  }
  Script<feedback::v1::ListReportsRequest, feedback::v1::ListReportsResponse> script;
};

class FakeSurveys final : public feedback::v1::CitizenSurveys::Service {
 public:
  grpc::Status ListSurveyResults(grpc::ServerContext* context,
                                 const feedback::v1::ListSurveyResultsRequest* request,
                                 feedback::v1::ListSurveyResultsResponse* response) override {
    return script.Answer(context, request, response);
  }
  Script<feedback::v1::ListSurveyResultsRequest, feedback::v1::ListSurveyResultsResponse> script;
};

class FakeUnits final : public identity::v1::Units::Service {
 public:
  grpc::Status ListUnits(grpc::ServerContext* context,
                         const identity::v1::ListUnitsRequest* request,
                         identity::v1::ListUnitsResponse* response) override {
    return script.Answer(context, request, response);
  }
  Script<identity::v1::ListUnitsRequest, identity::v1::ListUnitsResponse> script;
};

class FakeEmployees final : public identity::v1::Employees::Service {
 public:
  grpc::Status ListEmployeeTraits(grpc::ServerContext* context,
                                  const identity::v1::ListEmployeeTraitsRequest* request,
                                  identity::v1::ListEmployeeTraitsResponse* response) override {
    return script.Answer(context, request, response);
  }
  Script<identity::v1::ListEmployeeTraitsRequest, identity::v1::ListEmployeeTraitsResponse> script;
};

class ClientsTest : public ::testing::Test {
 protected:
  ClientsTest() {
    grpc::ServerBuilder builder;
    builder.RegisterService(&lines_);
    builder.RegisterService(&reports_);
    builder.RegisterService(&surveys_);
    builder.RegisterService(&units_);
    builder.RegisterService(&employees_);
    server_ = builder.BuildAndStart();
    channel_ = server_->InProcessChannel({});
  }
  static absl::StatusOr<std::string> OwnToken() { return std::string("own"); }
  absl::StatusOr<SegmentPage> Segments() {
    GrpcIdentityClient client(identity::v1::ReportingLines::NewStub(channel_), OwnToken);
    return client.ListSegments(call_,
                               {.agency = "plaju",
                                .start_date = {},
                                .end_date = {},
                                .unit = "u",
                                .employees = {"agencies/plaju/employees/e"},
                                .page_token = "7"});
  }
  absl::StatusOr<FeedbackPage> Reports() {
    return Feedback().ListReports(call_, "agencies/plaju/campaigns/1", "");
  }
  GrpcFeedbackClient Feedback() {
    return {feedback::v1::Reports::NewStub(channel_),
            feedback::v1::CitizenSurveys::NewStub(channel_),
            OwnToken};
  }

  FakeReportingLines lines_;
  FakeReports reports_;
  FakeSurveys surveys_;
  FakeUnits units_;
  FakeEmployees employees_;
  std::unique_ptr<grpc::Server> server_;
  std::shared_ptr<grpc::Channel> channel_;
  TestCall call_{{.token = "user", .deadline = absl::Now() + absl::Seconds(10)}};
};

TEST_F(ClientsTest, SegmentsBecomeSnapshotsAndAreAskedForAsThisService) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(segments {
             employee: "agencies/plaju/employees/e"
             unit: "agencies/plaju/units/u"
             unit_path: "agencies/plaju/units/u"
             position_kind: STRUCTURAL
             leads_unit: true
             appraiser: "agencies/plaju/officials/m"
             explanation_en: "why"
             start_date { year: 2025 month: 1 day: 1 }
           }
           next_page_token: "8")pb",
      &lines_.script.response));
  const auto page = Segments();
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->segments.size(), 1);
  EXPECT_EQ(page->segments[0].position_kind(), "STRUCTURAL");
  EXPECT_TRUE(page->segments[0].leads_unit());
  EXPECT_EQ(page->segments[0].appraiser(), "agencies/plaju/officials/m");
  EXPECT_EQ(page->segments[0].explanation_en(), "why");
  EXPECT_EQ(page->next_page_token, "8");
  EXPECT_EQ(lines_.script.request.parent(), "agencies/plaju");
  EXPECT_EQ(lines_.script.request.page_token(), "7");
  EXPECT_EQ(lines_.script.request.employees(0), "agencies/plaju/employees/e");
  EXPECT_EQ(lines_.script.token, "Bearer own");
}

TEST_F(ClientsTest, AnAbsentIdentityPassesThroughAndARefusalIsOurs) {
  lines_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Segments(), HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
  lines_.script.status = grpc::Status(grpc::StatusCode::PERMISSION_DENIED, "");
  EXPECT_THAT(Segments(), HasReason(v1::IDENTITY_UNAVAILABLE));
}

TEST_F(ClientsTest, ASurveyTellsAboutUnitsThatAreShown) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(results { unit: "agencies/plaju/units/small" withheld: true }
           results {
             unit: "agencies/plaju/units/u"
             answers: 120
             sample_size: 92
             index { value: "84.20" }
             grade: "B"
           })pb",
      &surveys_.script.response));
  const auto listed = Feedback().ListSurveyResults(call_, "agencies/plaju/citizenSurveys/1");
  ASSERT_THAT(listed, IsOk());
  ASSERT_EQ(listed->size(), 1u);
  EXPECT_EQ(listed->front().index, "84.20");
  EXPECT_EQ(listed->front().answers, 120);
  EXPECT_EQ(surveys_.script.token, "Bearer own");
  surveys_.script.status = grpc::Status(grpc::StatusCode::FAILED_PRECONDITION, "");
  EXPECT_THAT(Feedback().ListSurveyResults(call_, "s"), HasReason(v1::FEEDBACK_UNKNOWN));
  surveys_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Feedback().ListSurveyResults(call_, "s"),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

TEST_F(ClientsTest, UnitsHaveTheNamesOfTheDay) {
  identity::v1::Unit& unit = *units_.script.response.add_units();
  unit.set_name("agencies/plaju/units/u");
  unit.set_display_name("Dinas");
  GrpcPeopleClient people(identity::v1::Employees::NewStub(channel_),
                          identity::v1::Officials::NewStub(channel_),
                          identity::v1::Units::NewStub(channel_),
                          OwnToken);
  google::type::Date day;
  day.set_year(2025);
  const auto names = people.ListUnitNames(call_, "agencies/plaju", day);
  ASSERT_THAT(names, IsOk());
  EXPECT_EQ(names->at("agencies/plaju/units/u"), "Dinas");
  EXPECT_EQ(units_.script.request.as_of_date().year(), 2025);
  units_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(people.ListUnitNames(call_, "agencies/plaju", day),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

TEST_F(ClientsTest, TraitsAreAskedForAsThisService) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(traits { employee: "agencies/plaju/employees/e" grade: "34" gender: FEMALE }
           traits { employee: "agencies/plaju/employees/f" grade: "IX" })pb",
      &employees_.script.response));
  GrpcPeopleClient people(identity::v1::Employees::NewStub(channel_),
                          identity::v1::Officials::NewStub(channel_),
                          identity::v1::Units::NewStub(channel_),
                          OwnToken);
  const auto traits = people.ListTraits(call_, "agencies/plaju");
  ASSERT_THAT(traits, IsOk());
  EXPECT_EQ(traits->at("agencies/plaju/employees/e").grade, "34");
  EXPECT_EQ(traits->at("agencies/plaju/employees/e").gender, "FEMALE");
  EXPECT_EQ(traits->at("agencies/plaju/employees/f").gender, "");
  EXPECT_EQ(employees_.script.request.parent(), "agencies/plaju");
  EXPECT_EQ(employees_.script.token, "Bearer own");
  employees_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(people.ListTraits(call_, "agencies/plaju"),
              HasReason(errors::reasons::DEPENDENCY_UNAVAILABLE));
}

TEST_F(ClientsTest, ReportsCarryTheMeansThatAreShown) {
  ASSERT_TRUE(google::protobuf::TextFormat::ParseFromString(
      R"pb(reports {
             name: "r1"
             ratee: "agencies/plaju/employees/e"
             overall_mean { value: "4.2" }
             groups {
               group: SUPERIOR
               mean { value: "4.5" }
             }
             groups { group: PEER withheld: true }
             groups {
               group: SELF
               mean { value: "5.0" }
             }
             groups {
               group: SUBORDINATE
               mean { value: "3.9" }
             }
           }
           reports { name: "r2" ratee: "agencies/plaju/employees/f" })pb",
      &reports_.script.response));
  const auto page = Reports();
  ASSERT_THAT(page, IsOk());
  ASSERT_EQ(page->reports.size(), 2);
  EXPECT_EQ(page->reports[0].overall_mean.value(), "4.2");
  EXPECT_EQ(page->reports[0].superior_mean.value(), "4.5");
  EXPECT_EQ(page->reports[0].peers_mean.value(), "");
  EXPECT_EQ(page->reports[0].subordinates_mean.value(), "3.9");
  EXPECT_EQ(page->reports[1].overall_mean.value(), "");
  EXPECT_EQ(reports_.script.token, "Bearer own");
  reports_.script.status = grpc::Status(grpc::StatusCode::NOT_FOUND, "");
  EXPECT_THAT(Reports(), HasReason(v1::FEEDBACK_UNKNOWN));
  reports_.script.status = grpc::Status(grpc::StatusCode::UNAVAILABLE, "");
  EXPECT_THAT(Reports(), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace teraju::evaluation
