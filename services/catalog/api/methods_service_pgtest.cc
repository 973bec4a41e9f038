// One agency's method, exported and taken over by another.
#include "services/catalog/api/catalog_fixture.h"
#include "services/catalog/api/competencies_service.h"
#include "services/catalog/api/goals_service.h"
#include "services/catalog/api/indicators_service.h"
#include "services/catalog/api/methods_service.h"
#include "services/catalog/api/policy_packs_service.h"

namespace teraju::catalog {
namespace {

using errors::reasons::PERMISSION_DENIED;
using ::testing::Contains;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;

const testing::Caller kOtherHr{.subject = "employees/hr2", .agency = "plaju"};
const testing::Caller kOtherChief{.subject = "employees/chief2", .agency = "plaju"};

class MethodsServiceTest : public CatalogApiTest {
 protected:
  void SetUp() override {
    CatalogApiTest::SetUp();
    host_.Bind(
        {{.agency = AgencyId("dumai"), .subject = kHr.subject, .role = "regional_hr"},
         {.agency = AgencyId("plaju"), .subject = kOtherHr.subject, .role = "regional_hr"},
         {.agency = AgencyId("plaju"), .subject = kOtherChief.subject, .role = "regional_hr"}});
    host_.Serve<MethodsService>(host_.pipeline(), database());
    host_.Serve<GoalsService>(host_.pipeline(), database(), identity_);
    host_.Serve<IndicatorsService>(host_.pipeline(), database(), identity_);
    host_.Serve<CompetenciesService>(host_.pipeline(), database());
    host_.Serve<PolicyPacksService>(host_.pipeline(), database());
  }
  void PlantMethod() {
    v1::AdoptPolicyPackRequest pack;
    pack.set_parent("agencies/dumai");
    pack.set_pack("permenpanrb-6-2022");
    ASSERT_THAT(host_.Client<v1::PolicyPacks>().Call(
                    kHr, &v1::PolicyPacks::StubInterface::AdoptPolicyPack, pack),
                IsOk());
    v1::AdoptCompetenciesRequest competencies;
    competencies.set_parent("agencies/dumai");
    ASSERT_THAT(host_.Client<v1::Competencies>().Call(
                    kHr, &v1::Competencies::StubInterface::AdoptCompetencies, competencies),
                IsOk());
    Goal("sasaran", "STRATEGIC_GOAL", "");
    Goal("a-program", "PROGRAMME", "agencies/dumai/goals/sasaran");
    v1::CreateGoalRequest draft;
    draft.set_parent("agencies/dumai");
    draft.set_goal_id("rancangan");
    draft.mutable_goal()->set_kind(v1::Goal::STRATEGIC_GOAL);
    draft.mutable_goal()->set_title("Belum terbit");
    draft.mutable_goal()->set_first_year(2025);
    draft.mutable_goal()->set_last_year(2029);
    ASSERT_THAT(host_.Client<v1::Goals>().Call(kHr, &v1::Goals::StubInterface::CreateGoal, draft),
                IsOk());
    v1::CreateIndicatorRequest indicator;
    indicator.set_parent("agencies/dumai");
    indicator.set_indicator_id("kepuasan");
    v1::Indicator& one = *indicator.mutable_indicator();
    one.set_title("Indeks kepuasan masyarakat");
    one.set_goal("agencies/dumai/goals/a-program");
    one.set_unit("agencies/dumai/units/dinas");
    one.set_unit_of_measure("indeks");
    one.set_polarity(v1::Indicator::HIGHER_IS_BETTER);
    one.mutable_baseline()->set_value("70");
    one.mutable_target()->set_value("85");
    one.set_data_source("Survei");
    ASSERT_THAT(host_.Client<v1::Indicators>().Call(
                    kHr, &v1::Indicators::StubInterface::CreateIndicator, indicator),
                IsOk());
    v1::PublishIndicatorRequest publish;
    publish.set_name("agencies/dumai/indicators/kepuasan");
    ASSERT_THAT(host_.Client<v1::Indicators>().Call(
                    kHr, &v1::Indicators::StubInterface::PublishIndicator, publish),
                IsOk());
  }
  void Goal(const std::string& id, const std::string& kind, const std::string& parent) {
    v1::CreateGoalRequest request;
    request.set_parent("agencies/dumai");
    request.set_goal_id(id);
    v1::Goal::Kind value = v1::Goal::KIND_UNSPECIFIED;
    v1::Goal::Kind_Parse(kind, &value);
    request.mutable_goal()->set_kind(value);
    request.mutable_goal()->set_title("Pelayanan yang cepat");
    request.mutable_goal()->set_parent_goal(parent);
    request.mutable_goal()->set_unit("agencies/dumai/units/dinas");
    request.mutable_goal()->set_first_year(2025);
    request.mutable_goal()->set_last_year(2029);
    ASSERT_THAT(host_.Client<v1::Goals>().Call(kHr, &v1::Goals::StubInterface::CreateGoal, request),
                IsOk());
    v1::PublishGoalRequest publish;
    publish.set_name("agencies/dumai/goals/" + id);
    ASSERT_THAT(
        host_.Client<v1::Goals>().Call(kHr, &v1::Goals::StubInterface::PublishGoal, publish),
        IsOk());
  }
  absl::StatusOr<v1::Method> Export(const testing::Caller& caller,
                                    const std::string& agency = "dumai") {
    v1::GetMethodRequest request;
    request.set_name("agencies/" + agency + "/method");
    return host_.Client<v1::Methods>().Call(
        caller, &v1::Methods::StubInterface::GetMethod, request);
  }
  absl::StatusOr<v1::AdoptMethodResponse> Adopt(const v1::Method& method,
                                                const testing::Caller& caller = kOtherHr) {
    v1::AdoptMethodRequest request;
    request.set_parent("agencies/plaju");
    *request.mutable_method() = method;
    return host_.Client<v1::Methods>().Call(
        caller, &v1::Methods::StubInterface::AdoptMethod, request);
  }
};

TEST_F(MethodsServiceTest, WhatIsInForceTravelsWithoutUnits) {
  PlantMethod();
  EXPECT_THAT(Export(kBudi), HasReason(PERMISSION_DENIED));
  const auto method = Export(kHr);
  ASSERT_THAT(method, IsOk());
  EXPECT_THAT(method->policy_packs(), SizeIs(1));
  EXPECT_THAT(method->goals(), SizeIs(2));  // not the draft
  EXPECT_THAT(method->indicators(), SizeIs(1));
  EXPECT_THAT(method->competencies(), SizeIs(9));
  EXPECT_EQ(method->ShortDebugString().find("dinas"), std::string::npos);
  EXPECT_FALSE(method->indicators(0).has_baseline());
}

TEST_F(MethodsServiceTest, IsTakenOverOnceAsDrafts) {
  PlantMethod();
  const auto method = Export(kHr);
  ASSERT_THAT(method, IsOk());
  EXPECT_THAT(Adopt(*method, kHr), HasReason(PERMISSION_DENIED));
  const auto adopted = Adopt(*method);
  ASSERT_THAT(adopted, IsOk());
  EXPECT_THAT(adopted->kept(), IsEmpty());
  EXPECT_THAT(adopted->adopted(), SizeIs(1 + 2 + 1 + 9));
  EXPECT_THAT(adopted->adopted(), Contains("agencies/plaju/policyPacks/permenpanrb-6-2022"));
  v1::GetGoalRequest goal;
  goal.set_name("agencies/plaju/goals/a-program");
  const auto stored =
      host_.Client<v1::Goals>().Call(kOtherHr, &v1::Goals::StubInterface::GetGoal, goal);
  ASSERT_THAT(stored, IsOk());
  EXPECT_EQ(stored->state(), v1::Goal::DRAFT);
  EXPECT_EQ(stored->parent_goal(), "agencies/plaju/goals/sasaran");
  // The pack is tested and activated where it was taken over, by somebody else there.
  v1::ActivatePolicyPackRequest activate;
  activate.set_name("agencies/plaju/policyPacks/permenpanrb-6-2022");
  EXPECT_THAT(host_.Client<v1::PolicyPacks>().Call(
                  kOtherChief, &v1::PolicyPacks::StubInterface::ActivatePolicyPack, activate),
              IsOk());

  const auto again = Adopt(*method);
  ASSERT_THAT(again, IsOk());
  EXPECT_THAT(again->adopted(), IsEmpty());
  EXPECT_THAT(again->kept(), SizeIs(13));
}

TEST_F(MethodsServiceTest, NothingIsTakenOverWhereOnePartDoesNotHold) {
  PlantMethod();
  auto method = Export(kHr);
  ASSERT_THAT(method, IsOk());
  method->mutable_indicators(0)->set_goal("agencies/dumai/goals/tidak-ada");
  EXPECT_THAT(Adopt(*method), HasReason(v1::GOAL_UNKNOWN));
  const auto empty = Export(kOtherHr, "plaju");
  ASSERT_THAT(empty, IsOk());
  EXPECT_THAT(empty->competencies(), IsEmpty());
}

}  // namespace
}  // namespace teraju::catalog
