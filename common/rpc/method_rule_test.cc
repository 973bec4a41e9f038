#include "common/rpc/method_rule.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/rpc/testdata/faulty.pb.h"
#include "common/rpc/testdata/things_service.h"
#include "common/testing/status_matchers.h"
#include "google/longrunning/operations.pb.h"

namespace teraju::rpc {
namespace {

namespace v1 = rpctest::v1;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::StatusIs;

TEST(CheckService, AdmitsAServiceWhoseMethodsAllHaveARule) {
  EXPECT_THAT(CheckService("teraju.rpctest.v1.Things", ThingsTable()), IsOk());
}

TEST(CheckService, StopsAServiceThatForgetsWhoMayCall) {
  v1::ForgetRequest linked;  // brings the file in
  const std::pair<const char*, const char*> faulty[] = {
      {"teraju.rpctest.v1.WithoutAccess",
       "teraju.rpctest.v1.WithoutAccess/Forget has no teraju.options.v1.access"},
      {"teraju.rpctest.v1.WithEmptyAccess", "WithEmptyAccess/Half has no teraju.options.v1.access"},
      {"teraju.rpctest.v1.WithUnknownPermission", "permission 'things.gte' is not in the table"},
      {"teraju.rpctest.v1.WithSharedRequest",
       "teraju.rpctest.v1.SharedRequest is the request of two methods"},
      {"teraju.rpctest.v1.Absent", "has no descriptor"},
  };
  for (const auto& [service, message] : faulty) {
    const absl::Status status = CheckService(service, ThingsTable());
    EXPECT_THAT(status, StatusIs(absl::StatusCode::kFailedPrecondition)) << service;
    EXPECT_THAT(std::string(status.message()), HasSubstr(message));
  }
}

TEST(CheckService, KnowsTheRulesOfGooglesOperations) {
  google::longrunning::Operation linked;
  EXPECT_THAT(CheckService("google.longrunning.Operations", auth::PermissionTable::Default()),
              IsOk());
}

}  // namespace
}  // namespace teraju::rpc
