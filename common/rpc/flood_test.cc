// A burst of idle connections must not silence a server (CVE-2023-4785 in gRPC 1.51). A process of
// its own, because it lowers its limit of open files.
#include <arpa/inet.h>
#include <grpcpp/create_channel.h>
#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>
#include <tuple>
#include <vector>

#include "absl/time/clock.h"
#include "common/rpc/server.h"
#include "common/rpc/testdata/things_service.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"

namespace teraju::rpc {
namespace {

constexpr int kFiles = 128;
constexpr int kAttackers = 5;
constexpr int kEach = 100;  // 500 connections: four times the limit

// Other processes that open connections, say nothing and hold them until `release` is closed.
class Flood {
 public:
  explicit Flood(int port) {
    EXPECT_EQ(pipe(opened_), 0);
    EXPECT_EQ(pipe(release_), 0);
    for (int i = 0; i < kAttackers; ++i) {
      const pid_t child = fork();
      if (child == 0) Attack(port);
      children_.push_back(child);
    }
    char byte = 0;
    for (int i = 0; i < kAttackers; ++i) EXPECT_EQ(read(opened_[0], &byte, 1), 1);
  }
  ~Flood() {
    close(release_[1]);
    for (const pid_t child : children_) waitpid(child, nullptr, 0);
    close(release_[0]);
    close(opened_[0]);
    close(opened_[1]);
  }

 private:
  // Only system calls: the threads of the parent are not here.
  [[noreturn]] void Attack(int port) const {
    close(release_[1]);
    for (int fd = 3; fd < kFiles; ++fd) {
      if (fd != opened_[1] && fd != release_[0]) close(fd);
    }
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(port));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    for (int i = 0; i < kEach; ++i) {
      const int connection = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      if (connection < 0) break;
      // Under way, mostly.
      std::ignore = connect(connection, reinterpret_cast<sockaddr*>(&address), sizeof(address));
      pollfd ready = {connection, POLLOUT, 0};
      poll(&ready, 1, 100);
    }
    char byte = 0;
    (void)!write(opened_[1], &byte, 1);
    (void)!read(release_[0], &byte, 1);
    _exit(0);
  }

  int opened_[2] = {};
  int release_[2] = {};
  std::vector<pid_t> children_;
};

class FloodTest : public ::testing::Test {
 protected:
  static void SetUpTestSuite() {
    const rlimit limit{kFiles, kFiles};
    ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
  }

  // A new connection and one call on it.
  bool Answers(int port, absl::Duration timeout) {
    grpc::ChannelArguments arguments;
    arguments.SetInt(GRPC_ARG_USE_LOCAL_SUBCHANNEL_POOL, 1);
    const auto channel = grpc::CreateCustomChannel(
        "ipv4:127.0.0.1:" + std::to_string(port), grpc::InsecureChannelCredentials(), arguments);
    const auto stub = v1::Things::NewStub(channel);
    grpc::ClientContext context;
    host_.Prepare(context, {.timeout = timeout});
    context.set_wait_for_ready(true);
    v1::Thing response;
    return stub->GreetThing(&context, {}, &response).ok();
  }

  Handlers handlers_;
  testing::RpcHost host_{"rpctest", ThingsTable()};
  ThingsService service_{host_.pipeline(), handlers_};
};

TEST_F(FloodTest, OurServerAnswersDuringAndAfter) {
  auto server =
      Server::Start({.address = "127.0.0.1"}, {&service_}, ThingsTable(), host_.metrics());
  ASSERT_THAT(server, testing::IsOk());
  const int port = (*server)->port();
  ASSERT_TRUE(Answers(port, absl::Seconds(5)));
  const absl::Time began = absl::Now();
  { const Flood flood(port); }
  const absl::Time ended = absl::Now();
  EXPECT_TRUE(Answers(port, absl::Seconds(5)));
  std::cout << "{\"name\":\"R12 fd-exhaustion\",\"pass\":" << (HasFailure() ? "false" : "true")
            << ",\"figure\":" << absl::ToDoubleSeconds(absl::Now() - ended)
            << ",\"unit\":\"s\",\"bound\":5,\"n\":" << kAttackers * kEach
            << ",\"seconds\":" << absl::ToDoubleSeconds(absl::Now() - began) << "}\n";
}

// The control: the same flood on gRPC's own listener. Last, because that server does not come back.
TEST_F(FloodTest, ZAStockServerStaysDeaf) {
  grpc::ServerBuilder builder;
  int port = 0;
  builder.AddListeningPort("127.0.0.1:0", grpc::InsecureServerCredentials(), &port);
  builder.RegisterService(&service_);
  const auto server = builder.BuildAndStart();
  ASSERT_TRUE(Answers(port, absl::Seconds(5)));
  { const Flood flood(port); }
  EXPECT_FALSE(Answers(port, absl::Seconds(5)));
}

}  // namespace
}  // namespace teraju::rpc
