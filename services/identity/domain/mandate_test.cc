#include "services/identity/domain/mandate.h"

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

using testing::HasReason;
using testing::IsOk;

TEST(Mandate, HandsOverWorkAndNotTheRightToHandOver) {
  EXPECT_TRUE(CanBeMandated("evaluation.workPlans.approve"));
  EXPECT_TRUE(CanBeMandated("identity.employees.get"));
  for (const char* own : {"duties.combine",
                          "identity.mandates.create",
                          "identity.sessions.changePassword",
                          "identity.roleBindings.create",
                          "identity.accounts.issueActivationCodes",
                          "identity.apiClients.create"})
    EXPECT_FALSE(CanBeMandated(own)) << own;
}

TEST(Mandate, HasATermOfAYearAtMost) {
  const absl::Time now = absl::UnixEpoch();
  const absl::Duration day = absl::Hours(24);
  EXPECT_THAT(CheckTerm(now, now + day, now), IsOk());
  EXPECT_THAT(CheckTerm(now - 2 * day, now + day, now), IsOk());
  EXPECT_THAT(CheckTerm(now, now + 366 * day, now), IsOk());
  EXPECT_THAT(CheckTerm(now, now + 367 * day, now), HasReason(v1::INTERVAL_INVALID));
  EXPECT_THAT(CheckTerm(now, now, now), HasReason(v1::INTERVAL_INVALID));
  EXPECT_THAT(CheckTerm(now - 2 * day, now - day, now), HasReason(v1::INTERVAL_INVALID));
}

}  // namespace
}  // namespace teraju::identity::domain
