// Matchers for absl::Status, absl::StatusOr and grpc::Status-like results of rules and calls.
#pragma once

#include <ostream>
#include <string>
#include <type_traits>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/errors/error.h"
#include "gmock/gmock.h"

namespace teraju::testing {

inline const absl::Status& StatusOf(const absl::Status& status) { return status; }
template <typename T>
const absl::Status& StatusOf(const absl::StatusOr<T>& result) {
  return result.status();
}

// EXPECT_THAT(result, IsOk());
MATCHER(IsOk, negation ? "is not OK" : "is OK") {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).ok();
}

// EXPECT_THAT(result, StatusIs(absl::StatusCode::kNotFound));
MATCHER_P(StatusIs, code, "has the code " + absl::StatusCodeToString(code)) {
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  return StatusOf(arg).code() == code;
}

// EXPECT_THAT(result, HasReason(v1::CYCLE_CLOSED));
MATCHER_P(HasReason, reason, "has the reason " + ::testing::PrintToString(reason)) {
  static_assert(google::protobuf::is_proto_enum<std::decay_t<decltype(reason)>>::value);
  *result_listener << "whose status is " << StatusOf(arg).ToString();
  const auto* expected =
      google::protobuf::GetEnumDescriptor<std::decay_t<decltype(reason)>>()->FindValueByNumber(
          reason);
  return expected != nullptr && errors::ReasonOf(StatusOf(arg)) == expected->name();
}

// EXPECT_THAT(error, HasMetadata("field", "name"));
MATCHER_P2(HasMetadata,
           key,
           value,
           "has the metadata " + std::string(key) + " = " + std::string(value)) {
  const std::string found = errors::MetadataOf(StatusOf(arg), key);
  *result_listener << "whose " << key << " is \"" << found << '"';
  return found == value;
}

// EXPECT_THAT(result, IsOkAndHolds(42)); takes a value or a matcher.
MATCHER_P(IsOkAndHolds, inner, "is OK and holds a value that matches") {
  if (!arg.ok()) {
    *result_listener << "whose status is " << arg.status().ToString();
    return false;
  }
  return ::testing::ExplainMatchResult(inner, *arg, result_listener);
}

// EXPECT_THAT(status, ViolatesField("workPlan.items[2].target")); for INVALID_ARGUMENT with
// google.rpc.BadRequest.
MATCHER_P(ViolatesField, field, "has a violation of the field " + std::string(field)) {
  const auto bad_request = errors::GetDetail<google::rpc::BadRequest>(StatusOf(arg));
  if (!bad_request) {
    *result_listener << "which has no field violations; its status is " << StatusOf(arg).ToString();
    return false;
  }
  for (const auto& violation : bad_request->field_violations()) {
    if (violation.field() == field) return true;
  }
  *result_listener << "whose violations are " << bad_request->ShortDebugString();
  return false;
}

}  // namespace teraju::testing
