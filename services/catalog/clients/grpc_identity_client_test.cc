#include "services/catalog/clients/grpc_identity_client.h"

#include <map>

#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_call.h"
#include "gmock/gmock.h"
#include "teraju/catalog/v1/error_reason.pb.h"
#include "teraju/identity/v1/organisation_service_mock.grpc.pb.h"

namespace teraju::catalog {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::Return;
using testing::StatusIs;
using testing::TestCall;

class GrpcIdentityClientTest : public ::testing::Test {
 protected:
  std::string Unit(const std::string& id) { return "agencies/dumai/units/" + id; }
  absl::StatusOr<std::vector<std::string>> UnitPath(const std::string& unit) {
    return client_.UnitPath(TestCall(), AgencyId("dumai"), unit);
  }

  identity::v1::MockUnitsStub* stub_ = new identity::v1::MockUnitsStub;
  GrpcIdentityClient client_{std::unique_ptr<identity::v1::Units::StubInterface>(stub_),
                             [] { return absl::StatusOr<std::string>("token"); }};
};

TEST_F(GrpcIdentityClientTest, WalksUpToTheRoot) {
  const std::map<std::string, std::string> parents = {
      {Unit("bidang"), Unit("dinas")}, {Unit("dinas"), Unit("kota")}, {Unit("kota"), ""}};
  EXPECT_CALL(*stub_, GetUnit(_, _, _))
      .Times(3)
      .WillRepeatedly([&](auto*, const identity::v1::GetUnitRequest& request, auto* unit) {
        unit->set_name(request.name());
        unit->set_parent_unit(parents.at(request.name()));
        return grpc::Status::OK;
      });
  const auto path = UnitPath(Unit("bidang"));
  ASSERT_TRUE(path.ok()) << path.status();
  EXPECT_THAT(*path, ElementsAre(Unit("bidang"), Unit("dinas"), Unit("kota")));
}

TEST_F(GrpcIdentityClientTest, AsksNothingAboutNoUnitOrAnotherAgencys) {
  EXPECT_CALL(*stub_, GetUnit(_, _, _)).Times(0);
  EXPECT_THAT(*UnitPath(""), ElementsAre());
  EXPECT_THAT(UnitPath("agencies/plaju/units/dinas"), HasReason(v1::UNIT_UNKNOWN));
}

TEST_F(GrpcIdentityClientTest, TranslatesWhatIsNotThereAndPassesOutagesOn) {
  EXPECT_CALL(*stub_, GetUnit(_, _, _))
      .WillOnce(Return(
          errors::ToGrpc(errors::ResourceNotFound(Unit("none")), "identity.teraju", "id", "en")))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")));
  EXPECT_THAT(UnitPath(Unit("none")), HasReason(v1::UNIT_UNKNOWN));
  EXPECT_THAT(UnitPath(Unit("dinas")), StatusIs(absl::StatusCode::kUnavailable));
}

}  // namespace
}  // namespace teraju::catalog
