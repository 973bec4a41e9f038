#include "services/catalog/api/catalog_fixture.h"
#include "services/catalog/api/goals_service.h"
#include "services/catalog/api/indicators_service.h"

namespace teraju::catalog {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using testing::Caller;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using testing::ViolatesField;
using IndicatorsStub = v1::Indicators::StubInterface;

constexpr char kName[] = "agencies/dumai/indicators/tanggap";
constexpr char kGoal[] = "agencies/dumai/goals/s1";

class IndicatorsServiceTest : public CatalogApiTest {
 protected:
  void SetUp() override {
    CatalogApiTest::SetUp();
    host_.Serve<GoalsService>(host_.pipeline(), database(), identity_);
    host_.Serve<IndicatorsService>(host_.pipeline(), database(), identity_);
    v1::CreateGoalRequest request;
    request.set_parent("agencies/dumai");
    request.set_goal_id("s1");
    request.mutable_goal()->set_kind(v1::Goal::STRATEGIC_GOAL);
    request.mutable_goal()->set_title("Pelayanan");
    request.mutable_goal()->set_first_year(2025);
    request.mutable_goal()->set_last_year(2029);
    ASSERT_THAT(host_.Client<v1::Goals>().Call(kHr, &v1::Goals::StubInterface::CreateGoal, request),
                IsOk());
  }

  absl::Status PublishGoal() {
    v1::PublishGoalRequest request;
    request.set_name(kGoal);
    return host_.Client<v1::Goals>()
        .Call(kHr, &v1::Goals::StubInterface::PublishGoal, request)
        .status();
  }
  static v1::CreateIndicatorRequest MakeRequest() {
    v1::CreateIndicatorRequest request;
    request.set_parent("agencies/dumai");
    request.set_indicator_id("tanggap");
    v1::Indicator& indicator = *request.mutable_indicator();
    indicator.set_title("Waktu tanggap");
    indicator.set_goal(kGoal);
    indicator.set_unit("agencies/dumai/units/bidang");
    indicator.set_unit_of_measure("hari");
    indicator.set_polarity(v1::Indicator::LOWER_IS_BETTER);
    indicator.mutable_target()->set_value("7");
    indicator.set_data_source("Aplikasi antrean");
    return request;
  }
  absl::StatusOr<v1::Indicator> Create(const Caller& caller,
                                       const v1::CreateIndicatorRequest& request) {
    return host_.Client<v1::Indicators>().Call(caller, &IndicatorsStub::CreateIndicator, request);
  }
  absl::StatusOr<v1::Indicator> Retarget(const std::string& target) {
    v1::UpdateIndicatorRequest request;
    request.mutable_indicator()->set_name(kName);
    request.mutable_indicator()->mutable_target()->set_value(target);
    request.mutable_update_mask()->add_paths("target");
    return host_.Client<v1::Indicators>().Call(kHr, &IndicatorsStub::UpdateIndicator, request);
  }
  absl::StatusOr<v1::Indicator> Publish() {
    v1::PublishIndicatorRequest request;
    request.set_name(kName);
    return host_.Client<v1::Indicators>().Call(kHr, &IndicatorsStub::PublishIndicator, request);
  }
  absl::StatusOr<v1::Indicator> Get(const Caller& caller) {
    v1::GetIndicatorRequest request;
    request.set_name(kName);
    return host_.Client<v1::Indicators>().Call(caller, &IndicatorsStub::GetIndicator, request);
  }
  absl::StatusOr<v1::Indicator> Revision(const std::string& revision) {
    v1::GetIndicatorRevisionRequest request;
    request.set_name(std::string(kName) + "/revisions/" + revision);
    return host_.Client<v1::Indicators>().Call(
        kBudi, &IndicatorsStub::GetIndicatorRevision, request);
  }
};

TEST_F(IndicatorsServiceTest, APublishedRevisionStaysWhileTheNextIsDrafted) {
  ASSERT_THAT(Create(kUnitHr, MakeRequest()), IsOk());
  EXPECT_THAT(Publish(), HasReason(v1::GOAL_NOT_PUBLISHED));
  ASSERT_THAT(PublishGoal(), IsOk());
  ASSERT_THAT(Publish(), IsOk());
  const auto draft = Retarget("5");
  ASSERT_THAT(draft, IsOk());
  EXPECT_EQ(draft->target().value(), "5");
  EXPECT_EQ(Get(kBudi)->target().value(), "7");
  EXPECT_EQ(Revision("draft")->target().value(), "5");
  ASSERT_THAT(Publish(), IsOk());
  EXPECT_EQ(Get(kBudi)->target().value(), "5");
  EXPECT_EQ(Get(kBudi)->revision(), 2);
  EXPECT_EQ(Revision("1")->target().value(), "7");
  EXPECT_THAT(Revision("draft"), HasReason(v1::DRAFT_MISSING));
  EXPECT_THAT(Revision("3"), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Revision("x"), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(
      Query("SELECT type FROM outbox WHERE resource = '" + std::string(kName) +
            "' ORDER BY event_id"),
      ElementsAre(
          "indicator.created", "indicator.published", "indicator.updated", "indicator.published"));
}

TEST_F(IndicatorsServiceTest, RefusesWhatCannotBeMeasured) {
  v1::CreateIndicatorRequest request = MakeRequest();
  request.mutable_indicator()->mutable_target()->set_value("banyak");
  EXPECT_THAT(Create(kHr, request), ViolatesField("indicator.target"));
  request = MakeRequest();
  request.mutable_indicator()->set_goal("agencies/dumai/goals/none");
  EXPECT_THAT(Create(kHr, request), HasReason(v1::GOAL_UNKNOWN));
  request = MakeRequest();
  request.mutable_indicator()->set_goal("agencies/plaju/goals/s1");
  EXPECT_THAT(Create(kHr, request), HasReason(v1::GOAL_UNKNOWN));
}

TEST_F(IndicatorsServiceTest, IsTheAgencysBusiness) {
  ASSERT_THAT(Create(kHr, MakeRequest()), IsOk());
  EXPECT_THAT(Create(kBudi, MakeRequest()), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Get(kBudi), IsOk());
  EXPECT_THAT(Get(kStranger), HasReason(PERMISSION_DENIED));
}

TEST_F(IndicatorsServiceTest, ListsByGoalUnitAndState) {
  ASSERT_THAT(Create(kHr, MakeRequest()), IsOk());
  v1::ListIndicatorsRequest request;
  request.set_parent("agencies/dumai");
  const auto count = [&] {
    const auto list =
        host_.Client<v1::Indicators>().Call(kBudi, &IndicatorsStub::ListIndicators, request);
    return list.ok() ? list->indicators_size() : -1;
  };
  EXPECT_EQ(count(), 1);
  request.set_goal(kGoal);
  request.set_unit("agencies/dumai/units/bidang");
  EXPECT_EQ(count(), 1);
  request.set_unit("agencies/dumai/units/dinas");
  EXPECT_EQ(count(), 0);
  request.clear_unit();
  request.set_state(v1::Indicator::PUBLISHED);
  EXPECT_EQ(count(), 0);
}

TEST_F(IndicatorsServiceTest, RemarksCompareWithWhatTheAgencyHas) {
  ASSERT_THAT(
      host_.Client<v1::Indicators>().Call(kHr, &IndicatorsStub::CreateIndicator, MakeRequest()),
      IsOk());
  v1::LintIndicatorRequest request;
  request.set_parent("agencies/dumai");
  request.set_title("Waktu tanggap");
  request.set_unit_of_measure("menit");
  request.set_polarity(v1::Indicator::LOWER_IS_BETTER);
  request.mutable_baseline()->set_value("20");
  request.mutable_target()->set_value("15");
  request.set_data_source("Sistem loket");
  const auto lint = [&](const Caller& caller) {
    return host_.Client<v1::Indicators>().Call(caller, &IndicatorsStub::LintIndicator, request);
  };
  const auto remarks = lint({.subject = "employees/anybody", .agency = "dumai"});
  ASSERT_THAT(remarks, IsOk());
  ASSERT_EQ(remarks->remarks_size(), 1);
  EXPECT_EQ(remarks->remarks(0).code(), "NEAR_DUPLICATE");
  EXPECT_THAT(remarks->remarks(0).related(), ElementsAre(kName));
  request.set_indicator(kName);
  EXPECT_EQ(lint(kHr)->remarks_size(), 0);
  EXPECT_THAT(lint({.subject = "employees/x", .agency = "plaju"}), HasReason(PERMISSION_DENIED));
}

}  // namespace
}  // namespace teraju::catalog
