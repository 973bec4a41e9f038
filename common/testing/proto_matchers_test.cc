#include "common/testing/proto_matchers.h"

#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"

namespace teraju::testing {
namespace {

using ::testing::Not;

TEST(EqualsProto, ComparesWithTextAndWithMessages) {
  google::rpc::ErrorInfo info;
  info.set_reason("OVERLOADED");
  EXPECT_THAT(info, EqualsProto("reason: 'OVERLOADED'"));
  EXPECT_THAT(info, EqualsProto(info));
  EXPECT_THAT(info, Not(EqualsProto("reason: 'OTHER'")));
  EXPECT_THAT(info, Not(EqualsProto(google::rpc::ErrorInfo())));
  EXPECT_THAT(info, Not(EqualsProto(google::rpc::RetryInfo())));
}

TEST(EqualsProto, NamesTheFieldThatDiffers) {
  google::rpc::ErrorInfo info;
  info.set_reason("OVERLOADED");
  ::testing::StringMatchResultListener listener;
  EXPECT_FALSE(::testing::ExplainMatchResult(EqualsProto("reason: 'OTHER'"), info, &listener));
  EXPECT_THAT(listener.str(), ::testing::HasSubstr("modified: reason"));
}

TEST(EqualsProto, RefusesTextOfAnotherMessage) {
  ::testing::StringMatchResultListener listener;
  EXPECT_FALSE(::testing::ExplainMatchResult(
      EqualsProto("no_such_field: 1"), google::rpc::ErrorInfo(), &listener));
  EXPECT_THAT(listener.str(), ::testing::HasSubstr("not a google.rpc.ErrorInfo"));
}

}  // namespace
}  // namespace teraju::testing
