#include "common/rpc/pipeline.h"

#include <algorithm>
#include <atomic>
#include <stdexcept>

#include "absl/synchronization/blocking_counter.h"
#include "absl/synchronization/notification.h"
#include "common/rpc/testdata/pipeline_fixture.h"
#include "common/testing/eventually.h"

namespace teraju::rpc {
namespace {

namespace v1 = rpctest::v1;
using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::FIELD_INVALID;
using errors::reasons::INTERNAL_FAULT;
using errors::reasons::OVERLOADED;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::TOKEN_EXPIRED;
using errors::reasons::TOKEN_INVALID;
using errors::reasons::TOKEN_MISSING;
using ::testing::AllOf;
using testing::Caller;
using ::testing::Contains;
using ::testing::Each;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::Not;
using ::testing::SizeIs;
using testing::StatusIs;
using testing::ViolatesField;

TEST_F(PipelineTest, AnswersACallerWhoMay) {
  const auto thing = Get(budi_);
  ASSERT_THAT(thing, IsOk());
  EXPECT_EQ(thing->name(), "things/1");
}

TEST_F(PipelineTest, RefusesWithoutOneGoodBearerToken) {
  EXPECT_THAT(Get({}),
              AllOf(StatusIs(absl::StatusCode::kUnauthenticated), HasReason(TOKEN_MISSING)));
  EXPECT_THAT(Get({.token = "nonsense"}),
              AllOf(StatusIs(absl::StatusCode::kUnauthenticated), HasReason(TOKEN_INVALID)));
  EXPECT_THAT(Get({.token = " " + host_.CallerToken("employees/budi", "city")}),
              HasReason(TOKEN_INVALID));
  const std::string token = host_.CallerToken("employees/budi", "city");
  host_.clock().Advance(absl::Minutes(11));
  EXPECT_THAT(Get({.token = token}), HasReason(TOKEN_EXPIRED));
}

TEST_F(PipelineTest, RefusesTwoTokensEvenGoodOnes) {
  grpc::ClientContext context;
  host_.Prepare(context, budi_);
  context.AddMetadata("authorization", "Bearer " + host_.CallerToken("employees/budi", "city"));
  v1::GetThingRequest request;
  request.set_name("things/1");
  v1::Thing response;
  EXPECT_THAT(errors::FromGrpc(things().stub().GetThing(&context, request, &response)),
              HasReason(TOKEN_INVALID));
}

TEST_F(PipelineTest, RefusesWhoHoldsNoRoleForTheMethodBeforeLookingAtFields) {
  EXPECT_THAT(Get({.subject = "apiClients/hris", .agency = "city"}, ""),
              AllOf(StatusIs(absl::StatusCode::kPermissionDenied), HasReason(PERMISSION_DENIED)));
  EXPECT_THAT(Get(siti_), HasReason(PERMISSION_DENIED));
}

// AIP-211: who is refused learns nothing, so the order is a promise. Each caller fails at two steps
// and hears of the first.
TEST_F(PipelineTest, KeepsItsOrder) {
  bool handled = false;
  handlers_.get = [&](const CallContext&, const v1::GetThingRequest&) {
    handled = true;
    return v1::Thing();
  };
  EXPECT_THAT(Get({.token = "bad"}, ""), HasReason(TOKEN_INVALID));  // token before fields
  host_.StaleBindings();
  EXPECT_THAT(Get({.token = "bad"}, ""), HasReason(TOKEN_INVALID));  // token before bindings
  EXPECT_THAT(Get({.subject = "apiClients/x"}, ""),
              HasReason(DEPENDENCY_UNAVAILABLE));  // bindings before permission
  host_.Bind({});
  EXPECT_THAT(Get({.subject = "apiClients/x"}, ""),
              HasReason(PERMISSION_DENIED));              // permission before fields
  EXPECT_THAT(Get(budi_, ""), HasReason(FIELD_INVALID));  // fields before handler
  EXPECT_FALSE(handled);
  EXPECT_THAT(host_.log_lines(), SizeIs(5));
  EXPECT_THAT(host_.metrics().Text(),
              HasSubstr("teraju_rpc_handled_total{code=\"UNAUTHENTICATED\",method=\"teraju.rpctest."
                        "v1.Things/GetThing\"} 2"));
}

// Whoever is known and denied is on record once, before he hears of it, and for what he asked with.
TEST_F(PipelineTest, EveryDeniedCallOfAKnownCallerIsOnRecordOnce) {
  std::vector<std::string> records;
  absl::Status kept;
  host_.RecordRefusals([&](const CallContext& call, const absl::Status& refusal) {
    EXPECT_EQ(call.request_id(), "");
    EXPECT_FALSE(call.validate_only());
    records.push_back(call.actor() + " " + call.permission() + " " + errors::ReasonOf(refusal));
    return kept;
  });
  EXPECT_THAT(Get({}), HasReason(TOKEN_MISSING));
  EXPECT_THAT(Get(budi_, ""), HasReason(FIELD_INVALID));
  EXPECT_THAT(Get(budi_), IsOk());
  EXPECT_TRUE(records.empty());
  EXPECT_THAT(Get(siti_), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(records, ::testing::ElementsAre("employees/siti things.get PERMISSION_DENIED"));
  v1::CreateThingRequest request;
  request.set_request_id("0b8e1e65-5c0a-4f57-9d3f-7b0b3e2c9a11");
  request.set_validate_only(true);
  EXPECT_THAT(Create({.subject = "apiClients/x", .agency = "city"}, request),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(records, SizeIs(2));
  // A refusal that cannot be put on record is not told.
  kept = errors::Unavailable(DEPENDENCY_UNAVAILABLE, "The database is away.");
  EXPECT_THAT(Get(siti_), HasReason(DEPENDENCY_UNAVAILABLE));
}

TEST_F(PipelineTest, AppliesTheFieldRulesAndCleansTheRequest) {
  std::string computed = "not called";
  handlers_.create = [&](const CallContext& call, const v1::CreateThingRequest& request) {
    call.AuthorizedByToken();
    computed = request.computed();
    return v1::Thing();
  };
  v1::CreateThingRequest request;
  request.set_computed("forged");
  EXPECT_THAT(Create(budi_, request), AllOf(HasReason(FIELD_INVALID), ViolatesField("thing")));
  request.mutable_thing()->set_name("a");
  EXPECT_THAT(Create(budi_, request), IsOk());
  EXPECT_EQ(computed, "");
}

TEST_F(PipelineTest, GivesTheHandlerTheCall) {
  std::string token;
  handlers_.create = [&](const CallContext& call, const v1::CreateThingRequest&) {
    call.AuthorizedByToken();
    EXPECT_EQ(call.principal().subject, "employees/budi");
    EXPECT_EQ(call.principal().agency, AgencyId("city"));
    EXPECT_EQ(call.token(), token);
    EXPECT_EQ(call.method(), "teraju.rpctest.v1.Things/CreateThing");
    EXPECT_EQ(call.permission(), "things.create");
    EXPECT_EQ(call.call_id(), "call-7");
    EXPECT_EQ(call.locale(), "en");
    EXPECT_EQ(call.time(), host_.clock().Now());
    EXPECT_LE(call.deadline(), absl::Now() + absl::Seconds(6));  // gRPC rounds
    EXPECT_GT(call.deadline(), absl::Now());
    EXPECT_EQ(call.request_id(), "0b8e1e65-5c0a-4f57-9d3f-7b0b3e2c9a11");
    EXPECT_TRUE(call.validate_only());
    EXPECT_FALSE(call.cancelled());
    return v1::Thing();
  };
  v1::CreateThingRequest request;
  request.mutable_thing()->set_name("a");
  request.set_request_id("0b8e1e65-5c0a-4f57-9d3f-7b0b3e2c9a11");
  request.set_validate_only(true);
  token = host_.CallerToken("employees/budi", "city");
  EXPECT_THAT(
      Create({.token = token, .request_id = "call-7", .timeout = absl::Seconds(5)}, request),
      IsOk());
}

TEST_F(PipelineTest, CountsCallsAndThoseThatFailedByItsFault) {
  absl::Status answer = absl::OkStatus();
  handlers_.create = [&](const CallContext& call,
                         const v1::CreateThingRequest&) -> absl::StatusOr<v1::Thing> {
    call.AuthorizedByToken();
    if (!answer.ok()) return answer;
    return v1::Thing();
  };
  v1::CreateThingRequest request;
  request.mutable_thing()->set_name("a");
  const CallCounts before = host_.pipeline().Counted();
  using errors::Make;
  for (const absl::Status& one :
       {absl::OkStatus(),
        absl::Status(errors::ResourceNotFound("things/a")),
        absl::Status(
            Make(absl::StatusCode::kDeadlineExceeded, errors::reasons::DEADLINE_PASSED, "late")),
        absl::InternalError("broken"),
        absl::Status(errors::Unavailable(DEPENDENCY_UNAVAILABLE, "away"))}) {
    answer = one;
    EXPECT_EQ(Create(budi_, request).status().code(), one.code());
  }
  EXPECT_EQ(host_.pipeline().Counted().handled - before.handled, 5);
  EXPECT_EQ(host_.pipeline().Counted().failed - before.failed, 2);
}

TEST_F(PipelineTest, TheRequestHashIsOfEverythingButTheRequestId) {
  std::vector<std::string> hashes;
  handlers_.create = [&](const CallContext& call, const v1::CreateThingRequest&) {
    call.AuthorizedByToken();
    hashes.push_back(call.request_hash());
    return v1::Thing();
  };
  v1::CreateThingRequest request;
  request.mutable_thing()->set_name("a");
  ASSERT_THAT(Create(budi_, request), IsOk());
  request.set_request_id("0b8e1e65-5c0a-4f57-9d3f-7b0b3e2c9a11");
  ASSERT_THAT(Create(budi_, request), IsOk());
  request.set_request_id("1b8e1e65-5c0a-4f57-9d3f-7b0b3e2c9a12");
  ASSERT_THAT(Create(budi_, request), IsOk());
  request.mutable_thing()->set_name("b");
  ASSERT_THAT(Create(budi_, request), IsOk());
  EXPECT_EQ(hashes[0], "");
  EXPECT_THAT(hashes[1], SizeIs(32));
  EXPECT_EQ(hashes[1], hashes[2]);
  EXPECT_NE(hashes[1], hashes[3]);
}

TEST_F(PipelineTest, MakesACallIdWhereNoneOrABadOneCame) {
  std::vector<std::string> ids;
  handlers_.open = [&](const CallContext& call) {
    ids.push_back(call.call_id());
    return v1::Thing();
  };
  ASSERT_THAT(Greet({}), IsOk());
  ASSERT_THAT(Greet({.request_id = "a b"}), IsOk());
  ASSERT_THAT(Greet({.request_id = std::string(65, 'a')}), IsOk());
  ASSERT_THAT(Greet({.request_id = "abc.DEF_1-2"}), IsOk());
  EXPECT_TRUE(IsUuid(ids[0]));
  EXPECT_TRUE(IsUuid(ids[1]));
  EXPECT_TRUE(IsUuid(ids[2]));
  EXPECT_EQ(ids[3], "abc.DEF_1-2");
}

TEST_F(PipelineTest, AHandlerThatDidNotAskIsStopped) {
  handlers_.get = [](const CallContext&, const v1::GetThingRequest&) {
    v1::Thing secret;
    secret.set_owner("employees/siti");
    return secret;
  };
  EXPECT_THAT(Get(budi_), AllOf(StatusIs(absl::StatusCode::kInternal), HasReason(INTERNAL_FAULT)));
  EXPECT_THAT(host_.log_lines(),
              Contains(AllOf(HasSubstr("\"level\":\"error\""), HasSubstr("without having asked"))));
  // A refusal needs no question first.
  handlers_.get = [](const CallContext&,
                     const v1::GetThingRequest& request) -> absl::StatusOr<v1::Thing> {
    return errors::ResourceNotFound(request.name());
  };
  EXPECT_THAT(Get(budi_), StatusIs(absl::StatusCode::kNotFound));
}

TEST_F(PipelineTest, WhateverAHandlerThrowsBecomesAFaultWithoutItsText) {
  handlers_.open = [](const CallContext&) -> absl::StatusOr<v1::Thing> {
    throw std::runtime_error("secret cause");
  };
  const auto first = Greet({});
  EXPECT_THAT(first, HasReason(INTERNAL_FAULT));
  EXPECT_THAT(first.status().ToString(), Not(HasSubstr("secret cause")));
  handlers_.open = [](const CallContext&) -> absl::StatusOr<v1::Thing> { throw 7; };
  EXPECT_THAT(Greet({}), HasReason(INTERNAL_FAULT));
  handlers_.open = [](const CallContext&) -> absl::StatusOr<v1::Thing> {
    return absl::UnknownError("secret cause");
  };
  const auto third = Greet({});
  EXPECT_THAT(third, HasReason(INTERNAL_FAULT));
  EXPECT_THAT(third.status().ToString(), Not(HasSubstr("secret cause")));
  EXPECT_THAT(host_.log_lines(), Contains(HasSubstr("secret cause")));
  handlers_.open = [](const CallContext&) { return v1::Thing(); };
  EXPECT_THAT(Greet({}), IsOk());
}

TEST_F(PipelineTest, WithoutFreshBindingsOnlyServicesAreServed) {
  EXPECT_THAT(Get(budi_), IsOk());
  host_.StaleBindings();
  EXPECT_THAT(Get(budi_),
              AllOf(StatusIs(absl::StatusCode::kUnavailable), HasReason(DEPENDENCY_UNAVAILABLE)));
  EXPECT_THAT(Get({.subject = "services/evaluation"}), IsOk());
  EXPECT_THAT(Greet({}), IsOk());
}

TEST_F(PipelineTest, AGoodTokenOfWhatHasEndedIsRefused) {
  testing::Caller budi = budi_;
  budi.session = "s1";
  testing::Caller again = budi_;
  again.session = "s2";
  const testing::Caller service{.subject = "services/evaluation"};
  host_.Revoke(auth::SessionKey("s1"));
  EXPECT_THAT(Get(budi),
              AllOf(StatusIs(absl::StatusCode::kUnauthenticated),
                    HasReason(errors::reasons::SESSION_ENDED)));
  EXPECT_THAT(Get(again), IsOk());
  EXPECT_THAT(Get(service), IsOk());
  host_.Revoke(auth::SubjectKey(AgencyId(budi_.agency), budi_.subject));
  EXPECT_THAT(Get(again), HasReason(errors::reasons::SESSION_ENDED));
  host_.Revoke(auth::SigningKeyKey(host_.signer().key_id()));
  EXPECT_THAT(Get(service), HasReason(errors::reasons::SESSION_ENDED));
}

TEST_F(PipelineTest, ErrorsSpeakTheCallersLanguageAndNameTheService) {
  const auto text = [&](const std::string& locale) {
    grpc::ClientContext context;
    host_.Prepare(context, {.locale = locale, .request_id = "call-9"});
    v1::GetThingRequest request;
    v1::Thing response;
    const absl::Status status =
        errors::FromGrpc(things().stub().GetThing(&context, request, &response));
    EXPECT_EQ(errors::GetDetail<google::rpc::ErrorInfo>(status)->domain(), "rpctest.teraju");
    EXPECT_EQ(errors::GetDetail<google::rpc::RequestInfo>(status)->request_id(), "call-9");
    return errors::GetDetail<google::rpc::LocalizedMessage>(status)->message();
  };
  EXPECT_THAT(text("en-GB,en;q=0.9"), HasSubstr("Sign in first"));
  EXPECT_THAT(text("id"), HasSubstr("Masuk dahulu"));
  EXPECT_THAT(text("fr"), HasSubstr("Masuk dahulu"));
}

TEST_F(PipelineTest, LogsOneLinePerCallWithoutTheToken) {
  ASSERT_THAT(Get(budi_), IsOk());
  ASSERT_THAT(Get(siti_), HasReason(PERMISSION_DENIED));
  const std::vector<std::string> lines = host_.log_lines();
  ASSERT_THAT(lines, SizeIs(2));
  EXPECT_THAT(lines[0],
              AllOf(HasSubstr("\"method\":\"teraju.rpctest.v1.Things/GetThing\""),
                    HasSubstr("\"code\":\"OK\""),
                    HasSubstr("\"caller\":\"employees/budi\""),
                    HasSubstr("\"request_id\":")));
  EXPECT_THAT(lines[1],
              AllOf(HasSubstr("\"code\":\"PERMISSION_DENIED\""),
                    HasSubstr("\"reason\":\"PERMISSION_DENIED\""),
                    HasSubstr("\"level\":\"info\"")));
  EXPECT_THAT(lines, Each(Not(HasSubstr("eyJ"))));
}

class AnswerTest : public PipelineTest {
 protected:
  absl::StatusOr<v1::Thing> Answer(const Caller& caller) {
    v1::AnswerThingRequest request;
    request.set_token("t");
    return things().Call(caller, &v1::Things::StubInterface::AnswerThing, request);
  }
};

TEST_F(AnswerTest, NobodyIsKnownAndNothingIsLoggedButMethodCodeAndTime) {
  handlers_.open = [](const CallContext& call) {
    EXPECT_TRUE(call.principal().anonymous());
    EXPECT_EQ(call.call_id(), "");
    EXPECT_EQ(call.traceparent(), "");
    return v1::Thing();
  };
  ASSERT_THAT(Answer({.request_id = "call-7"}), IsOk());
  const std::vector<std::string> lines = host_.log_lines();
  ASSERT_THAT(lines, SizeIs(1));
  EXPECT_THAT(
      lines[0],
      ::testing::MatchesRegex(
          R"(\{"method":"teraju.rpctest.v1.Things/AnswerThing","code":"OK","ms":[0-9]+\})"));
}

TEST_F(AnswerTest, ABearerTokenIsRefused) {
  const auto answer = Answer(budi_);
  EXPECT_THAT(answer, HasReason(TOKEN_INVALID));
  EXPECT_THAT(host_.log_lines(), Each(Not(HasSubstr("employees"))));
}

TEST_F(PipelineTest, AFullExecutorRefusesAtOnceAndSaysWhen) {
  absl::Notification go;
  absl::BlockingCounter busy(4);
  std::atomic<int> begun = 0;
  handlers_.open = [&](const CallContext&) {
    if (++begun <= 4) busy.DecrementCount();
    go.WaitForNotification();
    return v1::Thing();
  };
  // 4 threads and 64 places: 68 calls are inside, every further one is refused. The places are
  // filled once every thread has taken its call.
  constexpr int kInside = 68;
  struct Call {
    grpc::ClientContext context;
    v1::GreetThingRequest request;
    v1::Thing response;
    grpc::Status status;
    absl::Notification done;
  };
  std::vector<std::unique_ptr<Call>> calls;
  auto stub = v1::Things::NewStub(host_.channel());
  for (int i = 0; i < kInside + 20; ++i) {
    Call& call = *calls.emplace_back(std::make_unique<Call>());
    host_.Prepare(call.context, {});
    stub->async()->GreetThing(
        &call.context, &call.request, &call.response, [&call](grpc::Status status) {
          call.status = std::move(status);
          call.done.Notify();
        });
    if (i == 3) busy.Wait();
  }
  const auto refused = [&] {
    return std::count_if(
        calls.begin(), calls.end(), [](const auto& call) { return call->done.HasBeenNotified(); });
  };
  testing::Eventually([&] { return refused() >= 20; });
  EXPECT_EQ(refused(), 20);
  // A waiting method has threads of its own.
  go.Notify();
  int answered = 0;
  for (const auto& call : calls) {
    ASSERT_TRUE(call->done.WaitForNotificationWithTimeout(absl::Seconds(10)));
    if (call->status.ok()) {
      ++answered;
      continue;
    }
    const absl::Status status = errors::FromGrpc(call->status);
    EXPECT_THAT(status,
                AllOf(StatusIs(absl::StatusCode::kResourceExhausted), HasReason(OVERLOADED)));
    EXPECT_EQ(errors::GetDetail<google::rpc::RetryInfo>(status)->retry_delay().seconds(), 1);
  }
  EXPECT_EQ(answered, kInside);
}

TEST_F(PipelineTest, MethodsThatWaitDoNotTakeTheThreadsOfOthers) {
  absl::Notification go;
  absl::Mutex mutex;
  int waiting = 0;
  handlers_.open = [&](const CallContext& call) {
    if (call.method().ends_with("WaitThing")) {
      {
        absl::MutexLock lock(&mutex);
        ++waiting;
      }
      go.WaitForNotification();
    }
    return v1::Thing();
  };
  auto client = host_.Client<v1::Things>();
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      EXPECT_THAT(client.Call({}, &v1::Things::StubInterface::WaitThing, v1::WaitThingRequest()),
                  IsOk());
    });
  }
  {
    absl::MutexLock lock(&mutex);
    const auto all = [&] { return waiting == 4; };
    ASSERT_TRUE(mutex.AwaitWithTimeout(absl::Condition(&all), absl::Seconds(10)));
  }
  EXPECT_THAT(Greet({}), IsOk());
  go.Notify();
  for (std::thread& thread : threads) thread.join();
}

TEST_F(PipelineTest, WaitsEndWhenTheServerIsAboutToAndOtherCallsDoNot) {
  absl::Notification waiting;
  bool other_cancelled = true;
  handlers_.open = [&](const CallContext& call) {
    if (call.method().ends_with("WaitThing")) {
      waiting.Notify();
      EXPECT_TRUE(testing::Eventually([&] { return call.cancelled(); }));
    } else {
      other_cancelled = call.cancelled();
    }
    return v1::Thing();
  };
  auto client = host_.Client<v1::Things>();
  std::thread wait([&] {
    EXPECT_THAT(client.Call({}, &v1::Things::StubInterface::WaitThing, v1::WaitThingRequest()),
                IsOk());
  });
  ASSERT_TRUE(waiting.WaitForNotificationWithTimeout(absl::Seconds(10)));
  host_.pipeline().EndWaits();
  wait.join();
  EXPECT_THAT(Greet({}), IsOk());
  EXPECT_FALSE(other_cancelled);
}

TEST_F(PipelineTest, ACallWithoutADeadlineGetsOne) {
  absl::Time deadline;
  handlers_.open = [&](const CallContext& call) {
    deadline = call.deadline();
    return v1::Thing();
  };
  grpc::ClientContext context;
  v1::Thing response;
  const absl::Time before = absl::Now();
  ASSERT_TRUE(things().stub().GreetThing(&context, {}, &response).ok());
  EXPECT_GE(deadline, before + absl::Seconds(9));
  EXPECT_LE(deadline, absl::Now() + absl::Seconds(11));
}

}  // namespace
}  // namespace teraju::rpc
