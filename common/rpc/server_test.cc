#include "common/rpc/server.h"

#include <gmock/gmock.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <grpcpp/server_posix.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <atomic>
#include <set>
#include <thread>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/rpc/acceptor.h"
#include "common/rpc/channel.h"
#include "common/rpc/testdata/faulty.grpc.pb.h"
#include "common/rpc/testdata/things_service.h"
#include "common/testing/eventually.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"

namespace teraju::rpc {
namespace {

using testing::Caller;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::RpcHost;
using testing::StatusIs;

constexpr absl::Duration kPatience = absl::Seconds(10);

class ServerTest : public ::testing::Test {
 protected:
  std::unique_ptr<Server> Start() {
    auto server =
        Server::Start({.address = "127.0.0.1"}, {&service_}, ThingsTable(), host_.metrics());
    EXPECT_THAT(server, IsOk());
    (*server)->SetServing(true);
    return *std::move(server);
  }
  static std::string Target(const Server& server) {
    return "ipv4:127.0.0.1:" + std::to_string(server.port());
  }

  // A call that no policy repeats.
  grpc::Status Greet(v1::Things::StubInterface& stub, absl::Duration timeout = kPatience) {
    grpc::ClientContext context;
    host_.Prepare(context, {.timeout = timeout});
    v1::Thing response;
    return stub.GreetThing(&context, {}, &response);
  }

  Handlers handlers_;
  RpcHost host_{"rpctest", ThingsTable()};
  ThingsService service_{host_.pipeline(), handlers_};
};

TEST_F(ServerTest, ServesOverItsOwnAcceptor) {
  const auto server = Start();
  const auto stub =
      v1::Things::NewStub(grpc::CreateChannel(Target(*server), grpc::InsecureChannelCredentials()));
  EXPECT_TRUE(Greet(*stub).ok());
}

TEST_F(ServerTest, DoesNotStartWithAMethodThatForgetsWhoMayCall) {
  v1::WithoutAccess::CallbackService forgetful;
  const auto server = Server::Start(
      {.address = "127.0.0.1"}, {&service_, &forgetful}, ThingsTable(), host_.metrics());
  EXPECT_THAT(server, StatusIs(absl::StatusCode::kFailedPrecondition));
  EXPECT_THAT(std::string(server.status().message()), HasSubstr("WithoutAccess/Forget"));
}

TEST_F(ServerTest, SaysWhyItCannotListen) {
  const auto server = Start();
  EXPECT_THAT(
      Server::Start(
          {.address = "127.0.0.1", .port = server->port()}, {}, ThingsTable(), host_.metrics()),
      StatusIs(absl::StatusCode::kUnavailable));
}

TEST_F(ServerTest, HealthFallsAndRises) {
  const auto server = Start();
  server->SetServing(false);
  const Channel channel({.target = Target(*server), .connections = 1});
  const auto& connection = channel.Next();
  const auto stub = v1::Things::NewStub(connection);
  EXPECT_EQ(Greet(*stub).error_code(), grpc::StatusCode::UNAVAILABLE);
  server->SetServing(true);
  EXPECT_TRUE(connection->WaitForConnected(absl::ToChronoTime(absl::Now() + kPatience)));
  EXPECT_TRUE(Greet(*stub).ok());
  server->SetServing(false);
  EXPECT_TRUE(
      testing::Eventually([&] { return connection->GetState(true) != GRPC_CHANNEL_READY; }));
}

// A server that keeps one connection and closes all others: calls go where there is one.
TEST_F(ServerTest, AConnectionWithoutReplicaIsPassedOver) {
  grpc::ServerBuilder builder;
  builder.RegisterService(&service_);
  const auto server = builder.BuildAndStart();
  auto acceptor = Acceptor::Listen("127.0.0.1", 0, host_.metrics());
  ASSERT_THAT(acceptor, IsOk());
  std::atomic<int> accepted = 0;
  (*acceptor)->Start([&](int connection) {
    if (accepted++ == 0) return grpc::AddInsecureChannelFromFd(server.get(), connection);
    ::close(connection);
  });
  const Channel channel(
      {.target = "ipv4:127.0.0.1:" + std::to_string((*acceptor)->port()), .connections = 2});
  // The state of each: one is ready, the other has failed.
  EXPECT_TRUE(testing::Eventually([&] {
    std::multiset<grpc_connectivity_state> states;
    for (const auto& connection : channel.all()) states.insert(connection->GetState(true));
    return states == std::multiset<grpc_connectivity_state>{GRPC_CHANNEL_READY,
                                                            GRPC_CHANNEL_TRANSIENT_FAILURE};
  }));
  int failed = 0;
  for (int i = 0; i < 10; ++i) failed += !Greet(*v1::Things::NewStub(channel.Next())).ok();
  EXPECT_EQ(failed, 0);
  int control = 0;
  for (const auto& connection : channel.all())
    control += !Greet(*v1::Things::NewStub(connection)).ok();
  EXPECT_EQ(control, 1);
  server->Shutdown();
}

// A gzip message of a megabyte can hold a gigabyte, which gRPC inflates before it looks at its
// limit.
TEST_F(ServerTest, RefusesCompressedMessages) {
  const auto call = [&](const std::string& target) {
    const auto stub =
        v1::Things::NewStub(grpc::CreateChannel(target, grpc::InsecureChannelCredentials()));
    grpc::ClientContext context;
    host_.Prepare(context, {});
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    v1::GreetThingRequest request;
    request.set_text(std::string(100'000, 'a'));
    v1::Thing response;
    return stub->GreetThing(&context, request, &response).error_code();
  };
  const auto server = Start();
  EXPECT_EQ(call(Target(*server)), grpc::StatusCode::UNIMPLEMENTED);
  // The control: a stock server takes it.
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service_);
  const auto stock = builder.BuildAndStart();
  EXPECT_NE(call("ipv4:127.0.0.1:" + std::to_string(port)), grpc::StatusCode::UNIMPLEMENTED);
}

TEST_F(ServerTest, RefusesLargeMessages) {
  const auto server = Start();
  const auto stub =
      v1::Things::NewStub(grpc::CreateChannel(Target(*server), grpc::InsecureChannelCredentials()));
  grpc::ClientContext context;
  host_.Prepare(context, {});
  v1::GreetThingRequest request;
  request.set_text(std::string((4 << 20) + 1, 'a'));
  v1::Thing response;
  EXPECT_EQ(stub->GreetThing(&context, request, &response).error_code(),
            grpc::StatusCode::RESOURCE_EXHAUSTED);
}

// gRPC 1.51 fails the neighbours of a call whose metadata pass 8 KiB. What we forward for a caller
// is bounded below that: the largest token that is believed, ids and a language.
TEST_F(ServerTest, TheLargestMetadataThatWeForwardHarmNobody) {
  absl::Notification inside;
  absl::Notification go;
  handlers_.open = [&](const CallContext& call) {
    if (call.call_id() == "slow") {
      inside.Notify();
      go.WaitForNotification();
    }
    return v1::Thing();
  };
  const auto server = Start();
  const auto stub =
      v1::Things::NewStub(grpc::CreateChannel(Target(*server), grpc::InsecureChannelCredentials()));
  grpc::Status neighbour;
  std::thread slow([&] {
    grpc::ClientContext context;
    host_.Prepare(context, {.request_id = "slow"});
    v1::Thing response;
    neighbour = stub->GreetThing(&context, {}, &response);
  });
  ASSERT_TRUE(inside.WaitForNotificationWithTimeout(kPatience));
  grpc::ClientContext context;
  host_.Prepare(context, {.token = std::string(4096, 'a'), .request_id = std::string(64, 'b')});
  context.AddMetadata("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
  v1::Thing response;
  EXPECT_TRUE(stub->GreetThing(&context, {}, &response).ok());
  go.Notify();
  slow.join();
  EXPECT_TRUE(neighbour.ok()) << neighbour.error_message();
}

// The lame duck of service::Host: callers learn to go elsewhere before the server refuses.
TEST_F(ServerTest, DrainingLosesNoCall) {
  handlers_.open = [](const CallContext&) { return v1::Thing(); };
  const auto first = Start();
  const auto second = Start();
  const Channel channel({.target = Target(*first) + ",127.0.0.1:" + std::to_string(second->port()),
                         .connections = 2});
  std::atomic<int> answered = 0;
  std::atomic<int> by_first = 0;
  std::atomic<int> failed = 0;
  std::atomic<bool> ending = false;
  std::vector<std::thread> callers;
  for (int i = 0; i < 8; ++i) {
    callers.emplace_back([&] {
      const auto stub = v1::Things::NewStub(channel.Next());
      while (!ending) {
        grpc::ClientContext context;
        host_.Prepare(context, {.timeout = kPatience});
        v1::Thing response;
        ++(stub->GreetThing(&context, {}, &response).ok() ? answered : failed);
        by_first += context.peer() == Target(*first);
      }
    });
  }
  EXPECT_TRUE(testing::Eventually([&] { return answered > 200 && by_first > 0; }));
  first->SetServing(false);
  // Everybody has learnt it: of two hundred calls none goes there.
  EXPECT_TRUE(testing::Eventually([&] {
    const int there = by_first;
    const int until = answered + 200;
    return testing::Eventually([&] { return answered > until; }) && by_first == there;
  }));
  first->Shutdown(absl::Seconds(8));
  const int before = answered;
  EXPECT_TRUE(testing::Eventually([&] { return answered > before + 200; }));
  ending = true;
  for (std::thread& caller : callers) caller.join();
  EXPECT_EQ(failed, 0) << "of " << answered;
}

TEST_F(ServerTest, WithoutDrainingACallIsLost) {
  absl::Notification inside;
  absl::Notification lost;
  handlers_.open = [&](const CallContext&) {
    inside.Notify();
    EXPECT_TRUE(lost.WaitForNotificationWithTimeout(kPatience));
    return v1::Thing();
  };
  const auto server = Start();
  std::thread caller([&] {
    const Channel channel({.target = Target(*server), .connections = 1});
    EXPECT_FALSE(Greet(*v1::Things::NewStub(channel.Next())).ok());
    lost.Notify();
  });
  EXPECT_TRUE(inside.WaitForNotificationWithTimeout(kPatience));
  server->Shutdown(absl::ZeroDuration());
  caller.join();
}

class RetryTest : public ServerTest {
 protected:
  // Calls `count` times and gives how often the server was reached.
  template <typename Call>
  int Arrivals(int count, const Call& call) {
    arrivals_ = 0;
    for (int i = 0; i < count; ++i) call();
    return arrivals_;
  }

  std::atomic<int> arrivals_ = 0;
};

TEST_F(RetryTest, RepeatsWhatReadsWithinABudgetAndNeverAWrite) {
  const auto unavailable = [this]() -> absl::StatusOr<v1::Thing> {
    ++arrivals_;
    return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE, "down")
        .With("dependency", "database");
  };
  handlers_.get = [&](const CallContext&, const v1::GetThingRequest&) { return unavailable(); };
  handlers_.create = [&](const CallContext&, const v1::CreateThingRequest&) {
    return unavailable();
  };
  const auto server = Start();
  const Channel channel(
      {.target = Target(*server), .package = "teraju.rpctest.v1", .connections = 1});
  const auto stub = v1::Things::NewStub(channel.Next());
  const Caller budi{.subject = "employees/budi", .agency = "city"};
  const auto create = [&] {
    grpc::ClientContext context;
    host_.Prepare(context, budi);
    v1::CreateThingRequest request;
    request.mutable_thing()->set_name("a");
    v1::Thing response;
    EXPECT_EQ(stub->CreateThing(&context, request, &response).error_code(),
              grpc::StatusCode::UNAVAILABLE);
  };
  const auto get = [&] {
    grpc::ClientContext context;
    host_.Prepare(context, budi);
    v1::GetThingRequest request;
    request.set_name("things/1");
    v1::Thing response;
    EXPECT_EQ(stub->GetThing(&context, request, &response).error_code(),
              grpc::StatusCode::UNAVAILABLE);
  };
  EXPECT_EQ(Arrivals(5, create), 5);
  EXPECT_EQ(Arrivals(1, get), 3);
  EXPECT_LE(Arrivals(100, get), 110);
}

}  // namespace
}  // namespace teraju::rpc
