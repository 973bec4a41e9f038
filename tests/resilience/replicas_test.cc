// R10, R12: replicas come and go without a failed call; a flood of connections deafens nobody.
#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <csignal>

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/harness/check_line.h"
#include "tests/harness/eventually.h"
#include "tests/harness/http_get.h"
#include "tests/harness/load.h"
#include "tests/resilience/crowd.h"

namespace teraju::resilience {
namespace {

harness::Suite::Options TwoCatalogs() {
  harness::Suite::Options options;
  options.services = {"identity", "catalog", "gateway"};
  options.replicas = {{"catalog", 2}};
  return options;
}

TEST(Drain, RollingRestartsFailNoCall) {
  harness::CheckLine line("R10", "failed calls", "0 of at least 10000");
  auto suite = harness::Suite::Start(TwoCatalogs());
  ASSERT_TRUE(suite.ok()) << suite.status();
  Crowd crowd(**suite, 8);
  std::atomic<std::int64_t> calls = 0;
  std::atomic<std::int64_t> failed = 0;
  {
    harness::Load load(8, [&](int caller, int number) {
      const auto answer =
          number % 4 == 0
              ? crowd.Goal(caller,
                           "x",
                           simulation::RequestId(std::to_string(caller), std::to_string(number)))
              : crowd.Get(caller, "/v1/" + crowd.town().agency() + "/goals?pageSize=1");
      ++calls;
      if (!answer.ok()) {
        ++failed;
        if (failed < 5) ADD_FAILURE() << answer.status << " " << json::serialize(answer.body);
      }
    });
    for (int round = 0; round < 2 || calls < 10000; ++round) {
      for (const char* name : {"catalog", "catalog-2"}) {
        const std::int64_t before = calls;
        EXPECT_TRUE(harness::Eventually([&] { return calls > before + 500; }, absl::Seconds(30)));
        harness::Process& process = (*suite)->process(name);
        process.Signal(SIGTERM);
        int code = -1;
        ASSERT_TRUE(process.Wait(absl::Seconds(10), code).ok());
        EXPECT_EQ(code, 0);
        ASSERT_TRUE(process.Start().ok());
        ASSERT_TRUE((*suite)->WaitReady(name).ok());
      }
    }
  }
  EXPECT_EQ(failed, 0);
  EXPECT_GE(calls, 10000);
  line.Set(static_cast<double>(failed), calls);
}

// Four times as many idle connections as a process may have descriptors, then closed.
TEST(ConnectionFlood, DeafensNobody) {
  harness::CheckLine line("R12", "seconds until the answer", "5 after closing, every port");
  constexpr int kDescriptors = 256;
  harness::Suite::Options options = TwoCatalogs();
  options.replicas.clear();
  auto suite = harness::Suite::Start(options);
  ASSERT_TRUE(suite.ok()) << suite.status();
  Crowd crowd(**suite, 1);
  for (const char* name : {"identity", "catalog", "gateway"}) {
    const rlimit limit{kDescriptors, kDescriptors};
    ASSERT_EQ(::prlimit((*suite)->process(name).pid(), RLIMIT_NOFILE, &limit, nullptr), 0);
  }
  double slowest = 0;
  for (const std::string& port : {(*suite)->port("identity"),
                                  (*suite)->port("catalog"),
                                  (*suite)->rest_port(),
                                  (*suite)->grpc_port()}) {
    std::vector<int> sockets;
    for (int i = 0; i < 4 * kDescriptors; ++i) {
      const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
      sockaddr_in address{};
      address.sin_family = AF_INET;
      address.sin_port = htons(static_cast<std::uint16_t>(std::stoi(port)));
      address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
      ::connect(socket, reinterpret_cast<sockaddr*>(&address), sizeof address);
      sockets.push_back(socket);
    }
    for (const int socket : sockets) ::close(socket);
    const absl::Time closed = absl::Now();
    EXPECT_TRUE(harness::Eventually(
        [&] { return crowd.Get(0, "/v1/" + crowd.town().agency() + "/goals?pageSize=1").ok(); },
        absl::Seconds(5)))
        << port;
    slowest = std::max(slowest, absl::ToDoubleSeconds(absl::Now() - closed));
  }
  line.Set(slowest, 16 * kDescriptors);
}

}  // namespace
}  // namespace teraju::resilience
