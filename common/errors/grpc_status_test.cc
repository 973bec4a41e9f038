#include "common/errors/grpc_status.h"

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
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

constexpr char kDomain[] = "evaluation.teraju";

// What a client of `locale` sees of `status`.
absl::Status Seen(const absl::Status& status, std::string_view locale = "id") {
  return FromGrpc(ToGrpc(status, kDomain, "call-1", locale));
}

std::string TextOf(const absl::Status& status) {
  return GetDetail<google::rpc::LocalizedMessage>(status)->message();
}

TEST(GrpcStatus, OkStaysOk) {
  EXPECT_TRUE(ToGrpc(absl::OkStatus(), kDomain, "call-1", "id").ok());
  EXPECT_THAT(FromGrpc(grpc::Status::OK), IsOk());
  EXPECT_EQ(ToRpc(absl::OkStatus(), kDomain, "call-1", "id").code(), 0);
}

TEST(GrpcStatus, EveryDetailSurvivesTheWay) {
  const absl::Status status = ResourceExhausted(reasons::OVERLOADED, "Busy.")
                                  .With("queue", "64")
                                  .RetryAfter(absl::Seconds(2));
  const grpc::Status wire = ToGrpc(status, kDomain, "call-1", "en");
  EXPECT_EQ(wire.error_code(), grpc::StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(wire.error_message(), "Busy.");
  google::rpc::Status packed;
  ASSERT_TRUE(packed.ParseFromString(wire.error_details()));
  google::rpc::ErrorInfo info;
  ASSERT_TRUE(packed.details(0).UnpackTo(&info));  // the first that a client reads
  EXPECT_THAT(info, EqualsProto(R"pb(
                reason: "OVERLOADED"
                domain: "evaluation.teraju"
                metadata { key: "queue" value: "64" })pb"));

  const absl::Status seen = FromGrpc(wire);
  EXPECT_THAT(seen, StatusIs(absl::StatusCode::kResourceExhausted));
  EXPECT_THAT(seen, HasMetadata("queue", "64"));
  EXPECT_THAT(*GetDetail<google::rpc::RetryInfo>(seen), EqualsProto("retry_delay { seconds: 2 }"));
  EXPECT_THAT(*GetDetail<google::rpc::RequestInfo>(seen), EqualsProto("request_id: 'call-1'"));
  EXPECT_THAT(*GetDetail<google::rpc::LocalizedMessage>(seen), EqualsProto(R"pb(
    locale: "en"
    message: "The service is busy. Try again in a moment.")pb"));
}

TEST(GrpcStatus, TheTextIsOfTheLocaleAndFilledFromMetadata) {
  const absl::Status status = ResourceNotFound("agencies/a");
  EXPECT_EQ(TextOf(Seen(status, "id")), "Data tidak ditemukan: agencies/a.");
  EXPECT_EQ(TextOf(Seen(status, "en")), "Not found: agencies/a.");
  // Only metadata is filled in, and only once.
  EXPECT_EQ(
      TextOf(Seen(NotFound(reasons::RESOURCE_NOT_FOUND, "").With("resource", "{resource}"), "en")),
      "Not found: {resource}.");
  EXPECT_EQ(TextOf(Seen(NotFound(reasons::RESOURCE_NOT_FOUND, ""), "en")), "Not found: ….");
}

TEST(GrpcStatus, WhatWeDidNotNameIsNotShown) {
  for (const absl::Status& status : {absl::InternalError("password=secret"),
                                     absl::NotFoundError("relation \"plans\" does not exist"),
                                     absl::UnknownError("x")}) {
    const absl::Status seen = Seen(status, "en");
    EXPECT_THAT(seen, StatusIs(absl::StatusCode::kInternal));
    EXPECT_THAT(seen, HasReason(reasons::INTERNAL_FAULT));
    EXPECT_EQ(seen.message(), "Internal fault; see the log under the request id.");
    EXPECT_EQ(TextOf(seen), "Something went wrong on our side. Report the request id call-1.");
  }
}

TEST(GrpcStatus, ADomainOnceGivenStays) {
  const absl::Status from_peer = FromGrpc(
      ToGrpc(Unavailable(reasons::DEPENDENCY_UNAVAILABLE, "x"), "identity.teraju", "call-1", "id"));
  EXPECT_EQ(GetDetail<google::rpc::ErrorInfo>(Seen(from_peer))->domain(), "identity.teraju");
  EXPECT_EQ(TextOf(Seen(from_peer, "en")),
            "The service cannot be reached right now. Try again in a moment.");
}

TEST(GrpcStatus, APeersTextStaysWhereItsReasonIsUnknownHere) {
  absl::Status status(absl::StatusCode::kFailedPrecondition, "x");
  google::rpc::ErrorInfo info;
  info.set_reason("OF_A_PEER");
  info.set_domain("identity.teraju");
  SetDetail(status, info);
  google::rpc::LocalizedMessage text;
  text.set_message("Their words.");
  SetDetail(status, text);
  EXPECT_EQ(TextOf(Seen(status, "en")), "Their words.");
}

TEST(GrpcStatus, ViolationsAreToldInTheLocale) {
  FieldViolations violations;
  violations.Add("name", "REQUIRED", "Wajib diisi.", "Is required.");
  const auto violation = [&](std::string_view locale) {
    return GetDetail<google::rpc::BadRequest>(Seen(violations.ToStatus(), locale))
        ->field_violations(0);
  };
  EXPECT_THAT(violation("id").localized_message(),
              EqualsProto("locale: 'id' message: 'Wajib diisi.'"));
  EXPECT_THAT(violation("en").localized_message(),
              EqualsProto("locale: 'en' message: 'Is required.'"));
  EXPECT_EQ(violation("id").description(), "Is required.");
  EXPECT_EQ(violation("id").reason(), "REQUIRED");
}

TEST(GrpcStatus, TrailersStayUnderTheLimitOfGrpcPeers) {
  FieldViolations violations;
  const std::string text(200, 'x');
  for (int i = 0; i < 300; ++i)
    violations.Add(absl::StrCat("items[", i, "].name"), "REQUIRED", text, text);
  // The control: all of it would break the connection.
  ASSERT_GT(GetDetail<google::rpc::BadRequest>(violations.ToStatus())->ByteSizeLong(), 8192u);
  const grpc::Status wire = ToGrpc(violations.ToStatus(), kDomain, "call-1", "en");
  EXPECT_LT(wire.error_details().size() * 4 / 3 + wire.error_message().size(), 7500u);
  const absl::Status seen = FromGrpc(wire);
  const int told = GetDetail<google::rpc::BadRequest>(seen)->field_violations_size();
  EXPECT_GT(told, 5);
  EXPECT_THAT(seen, HasMetadata(kOmittedViolations, absl::StrCat(300 - told)));
}

TEST(GrpcStatus, AnAnswerWithoutOurDetailsKeepsItsCode) {
  const absl::Status plain =
      FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connect failed"));
  EXPECT_THAT(plain, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(plain.message(), "connect failed");
  EXPECT_EQ(ReasonOf(plain), "");
  const absl::Status broken =
      FromGrpc(grpc::Status(grpc::StatusCode::UNAVAILABLE, "connect failed", "\xff\xff"));
  EXPECT_THAT(broken, StatusIs(absl::StatusCode::kUnavailable));
}

TEST(GrpcStatus, RpcStatusComesBack) {
  const absl::Status back = FromRpc(ToRpc(EtagMismatch("agencies/a"), kDomain, "", "id"));
  EXPECT_THAT(back, StatusIs(absl::StatusCode::kAborted));
  EXPECT_THAT(back, HasReason(reasons::ETAG_MISMATCH));
  EXPECT_FALSE(GetDetail<google::rpc::RequestInfo>(back).has_value());
}

}  // namespace
}  // namespace teraju::errors
