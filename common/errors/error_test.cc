#include "common/errors/error.h"

#include "common/errors/status_macros.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::errors {
namespace {

using ::teraju::testing::EqualsProto;
using ::teraju::testing::HasMetadata;
using ::teraju::testing::HasReason;
using ::teraju::testing::StatusIs;
using ::testing::AllOf;

absl::StatusOr<int> Refuse() {
  return FailedPrecondition(reasons::PROOF_PENDING, "Not yet.").With("leaf", "7");
}

absl::StatusOr<int> PassOn() {
  ASSIGN_OR_RETURN(const int value, Refuse());
  return value + 1;
}

absl::Status PassOnStatus() {
  RETURN_IF_ERROR(Refuse().status());
  return absl::OkStatus();
}

TEST(Error, CarriesCodeReasonAndMetadata) {
  const absl::Status status = Refuse().status();
  EXPECT_THAT(status,
              AllOf(StatusIs(absl::StatusCode::kFailedPrecondition),
                    HasReason(reasons::PROOF_PENDING),
                    HasMetadata("leaf", "7")));
  EXPECT_EQ(status.message(), "Not yet.");
  EXPECT_EQ(ReasonOf(status), "PROOF_PENDING");
  EXPECT_EQ(MetadataOf(status, "absent"), "");
}

TEST(Error, EachFactoryGivesItsCode) {
  const auto reason = reasons::INTERNAL_FAULT;
  const auto code = [](Error error) { return absl::Status(std::move(error)).code(); };
  EXPECT_EQ(code(InvalidArgument(reason, "")), absl::StatusCode::kInvalidArgument);
  EXPECT_EQ(code(NotFound(reason, "")), absl::StatusCode::kNotFound);
  EXPECT_EQ(code(AlreadyExists(reason, "")), absl::StatusCode::kAlreadyExists);
  EXPECT_EQ(code(FailedPrecondition(reason, "")), absl::StatusCode::kFailedPrecondition);
  EXPECT_EQ(code(PermissionDenied(reason, "")), absl::StatusCode::kPermissionDenied);
  EXPECT_EQ(code(Unauthenticated(reason, "")), absl::StatusCode::kUnauthenticated);
  EXPECT_EQ(code(Aborted(reason, "")), absl::StatusCode::kAborted);
  EXPECT_EQ(code(ResourceExhausted(reason, "")), absl::StatusCode::kResourceExhausted);
  EXPECT_EQ(code(Unavailable(reason, "")), absl::StatusCode::kUnavailable);
  EXPECT_EQ(code(Internal(reason, "")), absl::StatusCode::kInternal);
  EXPECT_EQ(code(Make(absl::StatusCode::kUnknown, reason, "")), absl::StatusCode::kUnknown);
}

TEST(Error, MacrosPassItOnWithItsDetails) {
  EXPECT_THAT(PassOn(), HasReason(reasons::PROOF_PENDING));
  EXPECT_THAT(PassOnStatus(), HasReason(reasons::PROOF_PENDING));
}

TEST(Error, RetryAfterBecomesRetryInfo) {
  const absl::Status status =
      ResourceExhausted(reasons::OVERLOADED, "Busy.").RetryAfter(absl::Milliseconds(1500));
  EXPECT_THAT(*GetDetail<google::rpc::RetryInfo>(status),
              EqualsProto("retry_delay { seconds: 1 nanos: 500000000 }"));
  const absl::Status past = Unavailable(reasons::OVERLOADED, "Busy.").RetryAfter(-absl::Seconds(1));
  EXPECT_THAT(*GetDetail<google::rpc::RetryInfo>(past), EqualsProto("retry_delay {}"));
  EXPECT_FALSE(GetDetail<google::rpc::RetryInfo>(Refuse().status()).has_value());
}

TEST(Error, KeepsItsReasonWhateverIsPutIntoMetadata) {
  const absl::Status status = NotFound(reasons::RESOURCE_NOT_FOUND, std::string(600, 'm'))
                                  .With("resource", std::string(600, 'r'))
                                  .With("row", "a\xFFz");
  EXPECT_EQ(status.message().size(), 500u);
  EXPECT_EQ(MetadataOf(status, "resource").size(), 500u);
  EXPECT_THAT(status, HasMetadata("row", "a?z"));
}

TEST(Error, RefusalsOfEveryServiceHaveTheirReasons) {
  EXPECT_THAT(ResourceNotFound("agencies/a"),
              AllOf(StatusIs(absl::StatusCode::kNotFound),
                    HasReason(reasons::RESOURCE_NOT_FOUND),
                    HasMetadata("resource", "agencies/a")));
  EXPECT_EQ(GetDetail<google::rpc::ResourceInfo>(ResourceNotFound("agencies/a"))->resource_name(),
            "agencies/a");
  EXPECT_THAT(ResourceExists("agencies/a"),
              AllOf(StatusIs(absl::StatusCode::kAlreadyExists),
                    HasReason(reasons::RESOURCE_EXISTS),
                    HasMetadata("resource", "agencies/a")));
  EXPECT_THAT(EtagMismatch("agencies/a"),
              AllOf(StatusIs(absl::StatusCode::kAborted), HasReason(reasons::ETAG_MISMATCH)));
}

TEST(Error, DenialSaysTheSameWhetherAbsentOrOutOfScope) {
  const absl::Status status = Denied("evaluation.cycles.close", "agencies/a/cycles/c");
  EXPECT_THAT(status,
              AllOf(StatusIs(absl::StatusCode::kPermissionDenied),
                    HasReason(reasons::PERMISSION_DENIED),
                    HasMetadata("permission", "evaluation.cycles.close")));
  EXPECT_EQ(
      status.message(),
      "Permission 'evaluation.cycles.close' denied on resource 'agencies/a/cycles/c' (or it might "
      "not exist).");
}

TEST(Error, StatusOfOthersHasNoReason) {
  EXPECT_EQ(ReasonOf(absl::InternalError("x")), "");
  EXPECT_EQ(MetadataOf(absl::OkStatus(), "x"), "");
}

}  // namespace
}  // namespace teraju::errors
