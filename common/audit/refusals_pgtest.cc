// The record of calls that somebody was denied.
#include "common/audit/refusals.h"
#include "common/errors/error.h"
#include "common/testing/pg_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::audit {
namespace {

using ::testing::ElementsAre;
using testing::IsOk;
using testing::TestCall;

class RefusalsTest : public testing::PgTest<> {
 protected:
  std::vector<std::string> Records() {
    return Query(
        "SELECT concat_ws(' ', agency_id, actor, method, resource, type, details) FROM "
        "audit_events ORDER BY xid, event_number");
  }
};

TEST_F(RefusalsTest, ARecordNamesWhoWasDeniedWhatAndWhy) {
  CallContext::Fields fields;
  fields.principal.subject = "officials/mayor";
  fields.principal.acting = "employees/ani";
  fields.permission = "things.get";
  const TestCall call(fields);
  ASSERT_THAT(
      RecordRefusal(database(), call, errors::Denied("things.get", "agencies/dumai/things/1")),
      IsOk());
  // Without an object it is the method that was denied.
  ASSERT_THAT(RecordRefusal(database(), call, absl::PermissionDeniedError("")), IsOk());
  const std::string head = "dumai employees/ani teraju.test.v1.Tests/Test ";
  EXPECT_THAT(Records(),
              ElementsAre(head + "agencies/dumai/things/1 call.refused "
                                 R"({"permission":"things.get","reason":"PERMISSION_DENIED"})",
                          head + "teraju.test.v1.Tests/Test call.refused "
                                 R"({"permission":"things.get","reason":""})"));
  EXPECT_THAT(Query("SELECT DISTINCT on_behalf_of FROM audit_events"),
              ElementsAre("officials/mayor"));
}

}  // namespace
}  // namespace teraju::audit
