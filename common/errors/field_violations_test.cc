#include "common/errors/field_violations.h"

#include "common/errors/error.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::errors {
namespace {

using ::teraju::testing::EqualsProto;
using ::teraju::testing::HasMetadata;
using ::teraju::testing::HasReason;
using ::teraju::testing::IsOk;
using ::teraju::testing::StatusIs;
using ::testing::AllOf;

TEST(FieldViolations, NoneIsOk) {
  EXPECT_TRUE(FieldViolations().empty());
  EXPECT_THAT(FieldViolations().ToStatus(), IsOk());
}

TEST(FieldViolations, AllAreTold) {
  FieldViolations violations;
  violations.Add("name", "REQUIRED", "Wajib diisi.", "Is required.");
  violations.Add("items[1].weight", "TOO_LARGE", "Paling besar 100.", "Must be at most 100.");
  EXPECT_FALSE(violations.empty());
  const absl::Status status = violations.ToStatus();
  EXPECT_THAT(
      status,
      AllOf(StatusIs(absl::StatusCode::kInvalidArgument), HasReason(reasons::FIELD_INVALID)));
  EXPECT_EQ(status.message(), "name: Is required.");
  EXPECT_THAT(*GetDetail<google::rpc::BadRequest>(status), EqualsProto(R"pb(
    field_violations {
      field: "name"
      reason: "REQUIRED"
      description: "Is required."
      localized_message { locale: "id" message: "Wajib diisi." }
    }
    field_violations {
      field: "items[1].weight"
      reason: "TOO_LARGE"
      description: "Must be at most 100."
      localized_message { locale: "id" message: "Paling besar 100." }
    })pb"));
}

TEST(FieldViolations, AnErrorStaysSmallWhateverTheRequest) {
  FieldViolations violations;
  for (int i = 0; i < 1000; ++i) violations.Add("name", "REQUIRED", "Wajib diisi.", "Is required.");
  const absl::Status status = violations.ToStatus();
  EXPECT_EQ(GetDetail<google::rpc::BadRequest>(status)->field_violations_size(), 100);
  EXPECT_THAT(status, HasMetadata(kOmittedViolations, "900"));
}

}  // namespace
}  // namespace teraju::errors
