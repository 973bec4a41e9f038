#include "services/feedback/clients/grpc_identity_client.h"

#include "common/errors/error.h"
#include "common/errors/grpc_status.h"
#include "common/testing/status_matchers.h"
#include "common/testing/test_call.h"
#include "gmock/gmock.h"
#include "teraju/feedback/v1/error_reason.pb.h"
#include "teraju/identity/v1/employees_service_mock.grpc.pb.h"
#include "teraju/identity/v1/organisation_service_mock.grpc.pb.h"

namespace teraju::feedback {
namespace {

using ::testing::_;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using ::testing::Return;
using testing::StatusIs;
using testing::TestCall;

class GrpcIdentityClientTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::vector<domain::ReportingLine>> Lines() {
    google::type::Date date;
    date.set_year(2025);
    date.set_month(6);
    date.set_day(30);
    return client_.ListReportingLines(TestCall(), AgencyId("dumai"), date);
  }

  identity::v1::MockReportingLinesStub* lines_ = new identity::v1::MockReportingLinesStub;
  identity::v1::MockUnitsStub* units_ = new identity::v1::MockUnitsStub;
  GrpcIdentityClient client_{std::unique_ptr<identity::v1::ReportingLines::StubInterface>(lines_),
                             std::unique_ptr<identity::v1::Units::StubInterface>(units_),
                             [] { return absl::StatusOr<std::string>("token"); }};
};

TEST_F(GrpcIdentityClientTest, ReadsAllPagesOfTheDay) {
  EXPECT_CALL(*lines_, ListSegments(_, _, _))
      .Times(2)
      .WillRepeatedly([](auto*, const identity::v1::ListSegmentsRequest& request, auto* page) {
        EXPECT_EQ(request.parent(), "agencies/dumai");
        EXPECT_EQ(request.start_date().day(), 30);
        EXPECT_EQ(request.end_date().day(), 30);
        auto& segment = *page->add_segments();
        const bool first = request.page_token().empty();
        segment.set_employee(first ? "agencies/dumai/employees/a" : "agencies/dumai/employees/b");
        segment.set_appraiser("agencies/dumai/officials/mayor");
        segment.set_unit("agencies/dumai/units/u1");
        segment.add_unit_path("agencies/dumai/units/u1");
        if (first) page->set_next_page_token("more");
        return grpc::Status::OK;
      });
  const auto lines = Lines();
  ASSERT_THAT(lines, IsOk());
  ASSERT_EQ(lines->size(), 2U);
  EXPECT_EQ((*lines)[0].employee, "employees/a");
  EXPECT_EQ((*lines)[1].employee, "employees/b");
  EXPECT_EQ((*lines)[0].appraiser, "officials/mayor");
  EXPECT_EQ((*lines)[0].unit, "agencies/dumai/units/u1");
  EXPECT_THAT((*lines)[0].unit_path, ElementsAre("agencies/dumai/units/u1"));
}

TEST_F(GrpcIdentityClientTest, TranslatesRefusalsAndPassesOutagesOn) {
  EXPECT_CALL(*lines_, ListSegments(_, _, _))
      .WillOnce(Return(errors::ToGrpc(
          errors::ResourceNotFound("agencies/dumai"), "identity.teraju", "id", "en")))
      .WillOnce(Return(grpc::Status(grpc::StatusCode::UNAVAILABLE, "gone")));
  EXPECT_THAT(Lines(), HasReason(v1::IDENTITY_UNAVAILABLE));
  EXPECT_THAT(Lines(), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(GrpcIdentityClientTest, FindsThePathOfEveryUnit) {
  EXPECT_CALL(*units_, ListUnits(_, _, _))
      .WillOnce([](auto*, const identity::v1::ListUnitsRequest&, auto* page) {
        const std::vector<std::pair<std::string, std::string>> tree = {
            {"bidang", "dinas"}, {"dinas", "kota"}, {"kota", ""}};
        for (const auto& [unit, parent] : tree) {
          auto& added = *page->add_units();
          added.set_name(unit);
          added.set_parent_unit(parent);
        }
        return grpc::Status::OK;
      });
  const auto paths = client_.ListUnitPaths(TestCall(), AgencyId("dumai"));
  ASSERT_THAT(paths, IsOk());
  EXPECT_THAT(paths->at("bidang"), ElementsAre("bidang", "dinas", "kota"));
  EXPECT_THAT(paths->at("kota"), ElementsAre("kota"));
}

}  // namespace
}  // namespace teraju::feedback
