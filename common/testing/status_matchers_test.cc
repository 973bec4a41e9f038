#include "common/testing/status_matchers.h"

#include "common/errors/field_violations.h"
#include "gtest/gtest.h"

namespace teraju::testing {
namespace {

using ::testing::Gt;
using ::testing::Not;

namespace reasons = errors::reasons;

TEST(StatusMatchers, TellOkFromErrors) {
  EXPECT_THAT(absl::OkStatus(), IsOk());
  EXPECT_THAT(absl::StatusOr<int>(1), IsOk());
  EXPECT_THAT(absl::InternalError("x"), Not(IsOk()));
  EXPECT_THAT(absl::StatusOr<int>(absl::InternalError("x")), Not(IsOk()));
}

TEST(StatusMatchers, CompareCodes) {
  EXPECT_THAT(absl::NotFoundError("x"), StatusIs(absl::StatusCode::kNotFound));
  EXPECT_THAT(absl::NotFoundError("x"), Not(StatusIs(absl::StatusCode::kInternal)));
}

TEST(StatusMatchers, LookIntoValues) {
  EXPECT_THAT(absl::StatusOr<int>(3), IsOkAndHolds(3));
  EXPECT_THAT(absl::StatusOr<int>(3), IsOkAndHolds(Gt(2)));
  EXPECT_THAT(absl::StatusOr<int>(3), Not(IsOkAndHolds(4)));
  EXPECT_THAT(absl::StatusOr<int>(absl::InternalError("x")), Not(IsOkAndHolds(3)));
}

TEST(StatusMatchers, CompareReasonsAndMetadata) {
  const absl::Status status = errors::ResourceNotFound("agencies/a");
  EXPECT_THAT(status, HasReason(reasons::RESOURCE_NOT_FOUND));
  EXPECT_THAT(status, Not(HasReason(reasons::RESOURCE_EXISTS)));
  EXPECT_THAT(absl::NotFoundError("x"), Not(HasReason(reasons::RESOURCE_NOT_FOUND)));
  EXPECT_THAT(status, HasMetadata("resource", "agencies/a"));
  EXPECT_THAT(status, Not(HasMetadata("resource", "agencies/b")));
}

TEST(StatusMatchers, FindFieldViolations) {
  errors::FieldViolations violations;
  violations.Add("name", "REQUIRED", "Wajib diisi.", "Is required.");
  EXPECT_THAT(violations.ToStatus(), ViolatesField("name"));
  EXPECT_THAT(violations.ToStatus(), Not(ViolatesField("title")));
  EXPECT_THAT(absl::InvalidArgumentError("x"), Not(ViolatesField("name")));
}

}  // namespace
}  // namespace teraju::testing
