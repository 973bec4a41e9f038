// R10, R12: replicas come and go without a failed call; a flood of connections deafens nobody.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>
#include <functional>
#include <mutex>
#include <optional>

#include "common/testing/check_line.h"
#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/grpc_client.h"
#include "tests/harness/http_get.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"

namespace teraju::resilience {
namespace {

// Calls of eight callers, every fourth a write, until they are told to stop.
class Traffic {
 public:
  explicit Traffic(harness::Suite& suite) : crowd_(suite, kCallers) {
    load_.emplace(kCallers, [this](int caller, int number) { Call(caller, number); });
  }
  // Waits until there are `more` calls than now.
  bool Flows(std::int64_t more) {
    const std::int64_t before = calls_;
    return testing::Eventually([&] { return calls_ > before + more; }, absl::Seconds(30));
  }
  void Stop() { load_->Stop(); }
  std::int64_t calls() const { return calls_; }
  std::int64_t failed() const { return failed_; }
  std::string first_failure() const {
    const std::lock_guard lock(mutex_);
    return first_failure_;
  }

 private:
  static constexpr int kCallers = 8;
  void Call(int caller, int number) {
    // Without a request id, so that nobody on the way repeats a write.
    const auto answer =
        number % 4 == 0 ? crowd_.Goal(caller, "x", "")
                        : crowd_.Get(caller, "/v1/" + crowd_.town().agency() + "/goals?pageSize=1");
    ++calls_;
    if (answer.ok()) return;
    ++failed_;
    const std::lock_guard lock(mutex_);
    if (first_failure_.empty())
      first_failure_ = std::to_string(answer.status) + " " + json::serialize(answer.body);
  }

  Crowd crowd_;
  std::atomic<std::int64_t> calls_ = 0;
  std::atomic<std::int64_t> failed_ = 0;
  mutable std::mutex mutex_;
  std::string first_failure_;
  std::optional<harness::Load> load_;  // last, so that it ends first
};

TEST(Drain, RollingRestartsFailNoCall) {
  testing::CheckLine line("R10", "failed calls", "0 of at least 10000");
  auto suite = harness::Suite::Start(TwoReplicas("catalog"));
  ASSERT_TRUE(suite.ok()) << suite.status();
  Traffic traffic(**suite);
  for (int round = 0; round < 2 || traffic.calls() < 10000; ++round) {
    for (const char* name : {"catalog", "catalog-2"}) {
      EXPECT_TRUE(traffic.Flows(500));
      harness::Process& process = (*suite)->process(name);
      process.Signal(SIGTERM);
      int code = -1;
      ASSERT_TRUE(process.Wait(absl::Seconds(10), code).ok());
      EXPECT_EQ(code, 0);
      ASSERT_TRUE(process.Start().ok());
      ASSERT_TRUE((*suite)->WaitReady(name).ok());
    }
  }
  traffic.Stop();
  EXPECT_EQ(traffic.failed(), 0) << traffic.first_failure();
  EXPECT_GE(traffic.calls(), 10000);
  line.Set(static_cast<double>(traffic.failed()), traffic.calls());
}

// The control: replicas that end without a drain do fail writes, so the traffic above would have
// seen it.
TEST(Drain, WithoutItCallsAreLost) {
  auto suite = harness::Suite::Start(TwoReplicas("catalog"));
  ASSERT_TRUE(suite.ok()) << suite.status();
  Traffic traffic(**suite);
  for (int kill = 0; kill < 20 && traffic.failed() == 0; ++kill) {
    EXPECT_TRUE(traffic.Flows(500));
    const char* name = kill % 2 == 0 ? "catalog" : "catalog-2";
    (*suite)->process(name).Kill9();
    ASSERT_TRUE((*suite)->process(name).Start().ok());
    ASSERT_TRUE((*suite)->WaitReady(name).ok());
  }
  traffic.Stop();
  EXPECT_GT(traffic.failed(), 0);
}

// Opens idle connections, and closes them all; how many were established.
int Flood(const std::string& port, int count) {
  std::vector<int> sockets;
  for (int i = 0; i < count; ++i) {
    const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    static_cast<void>(::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address));
    sockets.push_back(socket);
  }
  int established = 0;
  for (const int socket : sockets) {
    pollfd writable{socket, POLLOUT, 0};
    if (::poll(&writable, 1, 0) == 1 && (writable.revents & POLLOUT) != 0) ++established;
    ::close(socket);
  }
  return established;
}

// Four times as many idle connections as a process may have descriptors, then closed. The control,
// a server of gRPC's own under the same flood, stands beside our acceptor (common/rpc/flood_test).
TEST(ConnectionFlood, DeafensNobody) {
  testing::CheckLine line("R12", "seconds until the answer", "5 after closing, every port");
  constexpr int kDescriptors = 256;
  harness::Suite::Options options;
  options.services = {"identity", "catalog", "gateway"};
  auto started = harness::Suite::Start(options);
  ASSERT_TRUE(started.ok()) << started.status();
  harness::Suite& suite = **started;
  const auto grpc = [](const std::string& port) {
    return harness::GrpcClient(port).Call("teraju.identity.v1.OAuth/GetJwks", "", "").ok();
  };
  const auto http = [](const char* path) {
    return [path](const std::string& port) { return harness::HttpGet(port, path).status == 200; };
  };
  // What a port answers to somebody who comes anew; catalog's knows no method without a token.
  const auto refuses = [](const std::string& port) {
    return harness::GrpcClient(port).Call("teraju.catalog.v1.Goals/GetGoal", "", "").reason ==
           "TOKEN_MISSING";
  };
  const std::vector<std::pair<std::string, std::function<bool(const std::string&)>>> ports = {
      {suite.port("identity"), grpc},
      {suite.port("catalog"), refuses},
      {suite.rest_port(), http("/oauth2/jwks")},
      {suite.grpc_port(), grpc},
      {suite.metrics_port("identity"), http("/metrics")},
      {suite.metrics_port("catalog"), http("/metrics")},
      {suite.metrics_port("gateway"), http("/metrics")}};
  for (const char* name : {"identity", "catalog", "gateway"}) {
    const rlimit limit{kDescriptors, kDescriptors};
    ASSERT_EQ(::prlimit(suite.process(name).pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  }
  double slowest = 0;
  int established = 0;
  for (const auto& [port, answers] : ports) {
    EXPECT_TRUE(answers(port)) << "before the flood: " << port;
    const int reached = Flood(port, 4 * kDescriptors);
    established += reached;
    const absl::Time closed = absl::Now();
    EXPECT_TRUE(testing::Eventually([&, &port = port, &answers = answers] { return answers(port); },
                                    absl::Seconds(5)))
        << port;
    slowest = std::max(slowest, absl::ToDoubleSeconds(absl::Now() - closed));
    EXPECT_GT(reached, kDescriptors) << "the flood has not reached " << port;
  }
  line.Set(slowest, established);
}

}  // namespace
}  // namespace teraju::resilience
