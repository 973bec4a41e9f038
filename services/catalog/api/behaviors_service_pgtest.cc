#include "services/catalog/api/behaviors_service.h"
#include "services/catalog/api/catalog_fixture.h"

namespace teraju::catalog {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using testing::Caller;
using ::testing::ElementsAre;
using testing::EqualsProto;
using testing::HasReason;
using testing::IsOk;
using BehaviorsStub = v1::Behaviors::StubInterface;

class BehaviorsServiceTest : public CatalogApiTest {
 protected:
  void SetUp() override {
    CatalogApiTest::SetUp();
    host_.Serve<BehaviorsService>(host_.pipeline(), database());
  }
  absl::StatusOr<v1::AdoptBehaviorsResponse> Adopt(const Caller& caller, const std::string& set) {
    v1::AdoptBehaviorsRequest request;
    request.set_parent("agencies/dumai");
    request.set_set(set);
    return host_.Client<v1::Behaviors>().Call(caller, &BehaviorsStub::AdoptBehaviors, request);
  }
};

TEST_F(BehaviorsServiceTest, AdoptsBerakhlakOnceInItsOrder) {
  const auto first = Adopt(kHr, "berakhlak");
  ASSERT_THAT(first, IsOk());
  EXPECT_THAT(*Adopt(kHr, "berakhlak"), EqualsProto(*first));
  v1::ListBehaviorsRequest request;
  request.set_parent("agencies/dumai");
  const auto list =
      host_.Client<v1::Behaviors>().Call(kBudi, &BehaviorsStub::ListBehaviors, request);
  ASSERT_THAT(list, IsOk());
  ASSERT_EQ(list->behaviors_size(), 7);
  EXPECT_EQ(list->behaviors(0).name(), "agencies/dumai/behaviors/BERORIENTASI_PELAYANAN");
  EXPECT_EQ(list->behaviors(6).title_id(), "Kolaboratif");
  EXPECT_THAT(Query("SELECT count(*) FROM outbox"), ElementsAre("7"));
}

TEST_F(BehaviorsServiceTest, RefusesAnUnknownSetAndCallersWithoutPermission) {
  EXPECT_THAT(Adopt(kHr, "sihir"), HasReason(v1::BEHAVIOR_SET_UNKNOWN));
  EXPECT_THAT(Adopt(kBudi, "berakhlak"), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Adopt(kStranger, "berakhlak"), HasReason(PERMISSION_DENIED));
}

TEST_F(BehaviorsServiceTest, EntersAnAgencysOwnValue) {
  v1::CreateBehaviorRequest request;
  request.set_parent("agencies/dumai");
  request.set_behavior_id("DISIPLIN");
  request.mutable_behavior()->set_title_id("Disiplin");
  request.mutable_behavior()->set_title_en("Disciplined");
  request.mutable_behavior()->add_guides("Hadir tepat waktu");
  EXPECT_THAT(host_.Client<v1::Behaviors>().Call(kHr, &BehaviorsStub::CreateBehavior, request),
              IsOk());
  EXPECT_THAT(host_.Client<v1::Behaviors>().Call(kHr, &BehaviorsStub::CreateBehavior, request),
              HasReason(RESOURCE_EXISTS));
}

}  // namespace
}  // namespace teraju::catalog
