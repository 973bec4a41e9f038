// The fixture of tests of feedback's methods: real PostgreSQL, a real server, a worker for
// operations, a fake identity.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/operations/worker.h"
#include "common/testing/eventually.h"
#include "common/testing/pg_test.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "feedback_migrations.h"
#include "gmock/gmock.h"
#include "services/feedback/api/campaign_closing.h"
#include "services/feedback/api/campaigns_service.h"
#include "services/feedback/api/citizen_surveys_service.h"
#include "services/feedback/api/feedback_requests_service.h"
#include "services/feedback/api/improvements_service.h"
#include "services/feedback/api/nomination_suggestion.h"
#include "services/feedback/api/questionnaires_service.h"
#include "services/feedback/api/reports_service.h"
#include "services/feedback/api/responses_service.h"
#include "services/feedback/api/survey_closing.h"
#include "services/feedback/domain/timestamp.h"
#include "services/feedback/store/store_test_data.h"
#include "teraju/feedback/v1/error_reason.pb.h"

namespace teraju::feedback {

// An office: a head under the mayor, and staff r0, r1, … under the head, all in one unit.
class FakeIdentityClient final : public IdentityClient {
 public:
  int staff = 6;
  std::atomic<int> day_asked = 0;  // of the month, of the last question

  absl::StatusOr<std::vector<domain::ReportingLine>> ListReportingLines(
      const CallContext&, const AgencyId&, const google::type::Date& date) override {
    day_asked = date.day();
    const std::string unit = "agencies/dumai/units/dinas";
    const std::vector<std::string> path = {unit, "agencies/dumai/units/kota"};
    std::vector<domain::ReportingLine> lines = {{"employees/head", "officials/mayor", unit, path}};
    for (int i = 0; i < staff; ++i) {
      lines.push_back({"employees/r" + std::to_string(i), "employees/head", unit, path});
    }
    return lines;
  }
  absl::StatusOr<UnitPaths> ListUnitPaths(const CallContext&, const AgencyId&) override {
    const std::string root = "agencies/dumai/units/";
    return UnitPaths{{root + "dinas", {root + "dinas", root + "kota"}},
                     {root + "pasar", {root + "pasar", root + "kota"}},
                     {root + "kota", {root + "kota"}}};
  }
};

inline const testing::Caller kHr{.subject = "employees/hr", .agency = "dumai"};
inline const testing::Caller kUnitHr{.subject = "apiClients/unit-hr", .agency = "dumai"};
inline const testing::Caller kHead{.subject = "employees/head", .agency = "dumai"};
inline const testing::Caller kR0{.subject = "employees/r0", .agency = "dumai"};
inline const testing::Caller kStranger{.subject = "employees/r0", .agency = "plaju"};
inline const testing::Caller kEvaluation{.subject = "services/evaluation"};

class FeedbackApiTest : public testing::PgTest<kMigrations> {
 protected:
  void SetUp() override {
    PgTest::SetUp();
    for (const std::string& table : Query(kOpenTables)) Query("DROP TABLE " + table);
    host_.Bind({{.agency = AgencyId("dumai"), .subject = kHr.subject, .role = "regional_hr"},
                {.agency = AgencyId("dumai"),
                 .subject = kUnitHr.subject,
                 .role = "unit_hr",
                 .unit = "agencies/dumai/units/dinas"}});
    host_.Serve<QuestionnairesService>(host_.pipeline(), database());
    host_.Serve<CampaignsService>(host_.pipeline(), database(), identity_);
    host_.Serve<FeedbackRequestsService>(host_.pipeline(), database());
    host_.Serve<ResponsesService>(host_.pipeline(), database());
    host_.Serve<ReportsService>(host_.pipeline(), database());
    host_.Serve<CitizenSurveysService>(
        host_.pipeline(), database(), identity_, "https://skm.example/survei");
    host_.Serve<ImprovementActionsService>(host_.pipeline(), database());
    operations::WorkerOptions options{.service = "feedback"};
    options.poll = absl::Milliseconds(10);
    worker_ = std::make_unique<operations::Worker>(
        options,
        operations::Handlers{{kSuggestNominations,
                              [this](auto& work) { return SuggestNominations(work, identity_); }},
                             {kCloseCampaign, CloseCampaign},
                             {kCloseCitizenSurvey, CloseCitizenSurvey}},
        database(),
        testing::internal::DenyAll(),
        host_.logger());
  }
  void TearDown() override { worker_.reset(); }

  template <typename Service, typename Method, typename Request>
  auto Call(const testing::Caller& caller, Method method, const Request& request) {
    return host_.Client<Service>().Call(caller, method, request);
  }

  // Waits until no operation runs; whether the last one succeeded.
  bool AwaitOperations() {
    const std::string running = "SELECT 1 FROM operations WHERE state IN ('WAITING', 'RUNNING')";
    testing::Eventually([&] { return Query(running).empty(); }, absl::Minutes(1));
    return Query("SELECT state FROM operations ORDER BY end_time DESC NULLS FIRST LIMIT 1") ==
           std::vector<std::string>{"SUCCEEDED"};
  }

  std::string Questionnaire(v1::Questionnaire::Kind kind, int items) {
    v1::CreateQuestionnaireRequest request;
    request.set_parent("agencies/dumai");
    v1::Questionnaire& questionnaire = *request.mutable_questionnaire();
    questionnaire = PublishedQuestionnaire(kind, items);
    for (v1::QuestionnaireItem& item : *questionnaire.mutable_items()) {
      item.set_text_id("Apakah baik?");
      item.set_text_en("Is it good?");
    }
    const auto made = Call<v1::Questionnaires>(
        kHr, &v1::Questionnaires::StubInterface::CreateQuestionnaire, request);
    EXPECT_THAT(made, testing::IsOk());
    v1::PublishQuestionnaireRequest publish;
    publish.set_name(made->name());
    EXPECT_THAT(Call<v1::Questionnaires>(
                    kHr, &v1::Questionnaires::StubInterface::PublishQuestionnaire, publish),
                testing::IsOk());
    return made->name();
  }
  v1::CreateCampaignRequest NewCampaign(const std::string& questionnaire) {
    v1::CreateCampaignRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_campaign()->set_display_name("360 2025");
    request.mutable_campaign()->set_questionnaire(questionnaire);
    *request.mutable_campaign()->mutable_end_time() =
        domain::ToTimestamp(host_.clock().Now() + absl::Hours(24));
    return request;
  }
  std::string Draft() {
    const auto made =
        Call<v1::Campaigns>(kHr,
                            &v1::Campaigns::StubInterface::CreateCampaign,
                            NewCampaign(Questionnaire(v1::Questionnaire::MULTI_RATER, 2)));
    EXPECT_THAT(made, testing::IsOk());
    return made->name();
  }
  void Suggest(const std::string& campaign, int peers, int subordinates) {
    v1::SuggestNominationsRequest request;
    request.set_parent(campaign);
    request.mutable_date()->set_year(2025);
    request.mutable_date()->set_month(1);
    request.mutable_date()->set_day(2);
    request.set_peers(peers);
    request.set_subordinates(subordinates);
    request.set_approve(true);
    EXPECT_THAT(
        Call<v1::Campaigns>(kHr, &v1::Campaigns::StubInterface::SuggestNominations, request),
        testing::IsOk());
    EXPECT_TRUE(AwaitOperations());
  }
  absl::StatusOr<v1::Campaign> Launch(const std::string& campaign) {
    v1::LaunchCampaignRequest request;
    request.set_name(campaign);
    return Call<v1::Campaigns>(kHr, &v1::Campaigns::StubInterface::LaunchCampaign, request);
  }
  // A campaign about the office, open.
  std::string Open(int peers = 5, int subordinates = 5) {
    std::string campaign = Draft();
    Suggest(campaign, peers, subordinates);
    EXPECT_THAT(Launch(campaign), testing::IsOk());
    return campaign;
  }
  void Close(const std::string& campaign) {
    v1::CloseCampaignRequest request;
    request.set_name(campaign);
    EXPECT_THAT(Call<v1::Campaigns>(kHr, &v1::Campaigns::StubInterface::CloseCampaign, request),
                testing::IsOk());
    EXPECT_TRUE(AwaitOperations());
  }
  v1::Campaign Get(const std::string& campaign) {
    v1::GetCampaignRequest request;
    request.set_name(campaign);
    const auto found =
        Call<v1::Campaigns>(kHr, &v1::Campaigns::StubInterface::GetCampaign, request);
    EXPECT_THAT(found, testing::IsOk());
    return found.value_or(v1::Campaign());
  }
  std::vector<v1::FeedbackRequest> Requests(const std::string& campaign, const std::string& rater) {
    v1::ListFeedbackRequestsRequest request;
    request.set_parent(campaign);
    const auto list =
        Call<v1::FeedbackRequests>({.subject = rater, .agency = "dumai"},
                                   &v1::FeedbackRequests::StubInterface::ListFeedbackRequests,
                                   request);
    EXPECT_THAT(list, testing::IsOk());
    if (!list.ok()) return {};
    return {list->requests().begin(), list->requests().end()};
  }
  static v1::SubmitResponseRequest Answer(const std::string& token, std::vector<int> values) {
    v1::SubmitResponseRequest request;
    request.set_response_token(token);
    for (std::size_t i = 0; i < values.size(); ++i) {
      v1::Answer& answer = *request.add_answers();
      answer.set_item_id("i" + std::to_string(i + 1));
      answer.set_value(values[i]);
    }
    return request;
  }
  auto Submit(const v1::SubmitResponseRequest& request) {
    return Call<v1::Responses>({}, &v1::Responses::StubInterface::SubmitResponse, request);
  }
  absl::StatusOr<v1::ListReportsResponse> Reports(const testing::Caller& caller,
                                                  const std::string& campaign,
                                                  const std::string& ratee = "") {
    v1::ListReportsRequest request;
    request.set_parent(campaign);
    request.set_ratee(ratee);
    return Call<v1::Reports>(caller, &v1::Reports::StubInterface::ListReports, request);
  }

  FakeIdentityClient identity_;
  testing::RpcHost host_{"feedback"};
  std::unique_ptr<operations::Worker> worker_;
};

}  // namespace teraju::feedback
