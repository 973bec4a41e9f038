#include "common/rpc/client_call.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "absl/time/clock.h"
#include "common/rpc/testdata/things_service.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "teraju/changes/v1/changes.pb.h"

namespace teraju::rpc {
namespace {

using errors::reasons::DEADLINE_PASSED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::AllOf;
using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using testing::RpcHost;
using testing::StatusIs;

class NoBindings final : public auth::Bindings {
 public:
  std::vector<auth::RoleBinding> Of(const auth::Principal&) const override { return {}; }
  bool fresh() const override { return true; }
};

class ClientCallTest : public ::testing::Test {
 protected:
  ClientCallTest() {
    peer_.Serve<ThingsService>(peer_.pipeline(), handlers_);
    handlers_.get = [this](const CallContext& call, const v1::GetThingRequest&) {
      call.AuthorizedByToken();
      caller_ = call.principal().subject;
      call_id_ = call.call_id();
      traceparent_ = call.traceparent();
      locale_ = call.locale();
      deadline_ = call.deadline();
      return answer_;
    };
  }

  CallContext Call(std::string token, absl::Duration left = absl::Seconds(5)) {
    CallContext::Fields fields;
    fields.token = std::move(token);
    fields.call_id = "call-3";
    fields.traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    fields.locale = "en";
    fields.deadline = absl::Now() + left;
    return CallContext(std::move(fields), authorizer_);
  }
  Client<v1::Things> Things() {
    return {v1::Things::NewStub(peer_.channel()), [this] { return own_token_; }};
  }
  static v1::GetThingRequest Request() {
    v1::GetThingRequest request;
    request.set_name("things/1");
    return request;
  }

  static constexpr auto kGet = &v1::Things::StubInterface::GetThing;
  Handlers handlers_;
  RpcHost peer_{"rpctest", ThingsTable()};
  NoBindings bindings_;
  const auth::Authorizer authorizer_{ThingsTable(), bindings_};
  absl::StatusOr<std::string> own_token_ = peer_.CallerToken("services/evaluation");
  absl::StatusOr<v1::Thing> answer_ = v1::Thing();
  std::string caller_;
  std::string call_id_;
  std::string traceparent_;
  std::string locale_;
  absl::Time deadline_;
};

TEST_F(ClientCallTest, TakesTheCallersTokenIdsLanguageAndTimeAlong) {
  const CallContext call = Call(peer_.CallerToken("employees/budi", "city"));
  ASSERT_THAT(Things().Call(call, kGet, Request()), IsOk());
  EXPECT_EQ(caller_, "employees/budi");
  EXPECT_EQ(call_id_, "call-3");
  EXPECT_EQ(traceparent_, "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  EXPECT_EQ(locale_, "en");
  EXPECT_LT(deadline_, call.deadline());
  EXPECT_GT(deadline_, call.deadline() - absl::Seconds(1));
}

TEST_F(ClientCallTest, WithoutACallersTokenItIsTheServiceThatAsks) {
  ASSERT_THAT(Things().Call(Call(""), kGet, Request()), IsOk());
  EXPECT_EQ(caller_, "services/evaluation");
  ASSERT_THAT(
      Things().CallAsService(Call(peer_.CallerToken("employees/budi", "city")), kGet, Request()),
      IsOk());
  EXPECT_EQ(caller_, "services/evaluation");
  own_token_ = absl::UnavailableError("no token");
  EXPECT_THAT(Things().Call(Call(""), kGet, Request()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ClientCallTest, ErrorsComeBackWhole) {
  answer_ = errors::ResourceNotFound("things/1");
  EXPECT_THAT(Things().Call(Call(""), kGet, Request()),
              AllOf(StatusIs(absl::StatusCode::kNotFound),
                    HasReason(RESOURCE_NOT_FOUND),
                    HasMetadata("resource", "things/1")));
}

TEST_F(ClientCallTest, WithoutTimeNobodyIsAsked) {
  EXPECT_THAT(Things().Call(Call("", absl::Milliseconds(10)), kGet, Request()),
              HasReason(DEADLINE_PASSED));
  EXPECT_EQ(caller_, "");
}

TEST_F(ClientCallTest, WorkWithoutADeadlineIsBoundedAllTheSame) {
  ASSERT_THAT(Things().Call(Call("", absl::InfiniteDuration()), kGet, Request()), IsOk());
  EXPECT_LT(deadline_, absl::Now() + absl::Seconds(40));
}

TEST(MakeServiceConfig, RepeatsOnlyWhatReads) {
  const changes::v1::ListChangesRequest linked;  // a file that nothing uses is not in the program
  const std::string config = MakeServiceConfig({"teraju.rpctest.v1"});
  EXPECT_THAT(config, HasSubstr(R"({"service":"teraju.rpctest.v1.Things","method":"GetThing"})"));
  EXPECT_THAT(config,
              HasSubstr(R"({"service":"teraju.changes.v1.Changes","method":"ListChanges"})"));
  EXPECT_THAT(config, Not(HasSubstr("CreateThing")));
  EXPECT_THAT(MakeServiceConfig({}), Not(HasSubstr("Things")));
}

}  // namespace
}  // namespace teraju::rpc
