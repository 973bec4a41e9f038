#include "common/rpc/acceptor.h"

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <prometheus/counter.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/cleanup/cleanup.h"
#include "absl/status/status.h"

namespace teraju::rpc {
namespace {

constexpr rlim_t kMostFiles = 65536;
constexpr int kBacklog = 1024;
constexpr int kExhaustedPauseMs = 20;

absl::Status Failed(const char* step, const std::string& address, int port) {
  return absl::UnavailableError(
      fmt::format("{} {}:{}: {}", step, address, port, std::strerror(errno)));
}

int PortOf(int socket) {
  sockaddr_storage bound{};
  socklen_t length = sizeof(bound);
  if (getsockname(socket, reinterpret_cast<sockaddr*>(&bound), &length) != 0) return 0;
  return ntohs(bound.ss_family == AF_INET6 ? reinterpret_cast<sockaddr_in6&>(bound).sin6_port
                                           : reinterpret_cast<sockaddr_in&>(bound).sin_port);
}

}  // namespace

int RaiseFileLimit() {
  rlimit limit{};
  getrlimit(RLIMIT_NOFILE, &limit);
  const rlim_t wanted = std::min(limit.rlim_max, kMostFiles);
  if (limit.rlim_cur < wanted) {
    limit.rlim_cur = wanted;
    setrlimit(RLIMIT_NOFILE, &limit);
    getrlimit(RLIMIT_NOFILE, &limit);
  }
  return static_cast<int>(std::min(limit.rlim_cur, kMostFiles));
}

absl::StatusOr<std::unique_ptr<Acceptor>> Acceptor::Listen(const std::string& address,
                                                           int port,
                                                           metrics::Registry& registry) {
  addrinfo hints{};
  hints.ai_flags = AI_PASSIVE | AI_NUMERICHOST | AI_NUMERICSERV;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(address.c_str(), std::to_string(port).c_str(), &hints, &found) != 0) {
    return absl::UnavailableError(fmt::format("{} is not an address to listen on", address));
  }
  const absl::Cleanup free_addresses = [&] { freeaddrinfo(found); };
  const int listener = socket(found->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (listener < 0) return Failed("socket for", address, port);
  const int on = 1;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
  if (bind(listener, found->ai_addr, found->ai_addrlen) != 0 || listen(listener, kBacklog) != 0) {
    const absl::Status failed = Failed("listening on", address, port);
    close(listener);
    return failed;
  }
  const int wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  return std::unique_ptr<Acceptor>(new Acceptor(listener, wake, PortOf(listener), registry));
}

Acceptor::Acceptor(int listener, int wake, int port, metrics::Registry& registry)
    : listener_(listener),
      wake_(wake),
      port_(port),
      highest_([] {
        rlimit limit{};
        getrlimit(RLIMIT_NOFILE, &limit);
        return static_cast<int>(std::min(limit.rlim_cur, kMostFiles) / 4 * 3);
      }()),
      accepted_(registry.Counter("teraju_rpc_connections_total",
                                 "Connections by what became of them",
                                 {{"outcome", "accepted"}})),
      refused_(registry.Counter("teraju_rpc_connections_total",
                                "Connections by what became of them",
                                {{"outcome", "refused"}})) {}

Acceptor::~Acceptor() {
  Stop();
  close(wake_);
}

void Acceptor::Start(std::function<void(int)> take) {
  take_ = std::move(take);
  thread_ = std::thread([this] { Run(); });
}

void Acceptor::Stop() {
  if (thread_.joinable()) {
    eventfd_write(wake_, 1);
    thread_.join();
  }
  if (std::exchange(open_, false)) close(listener_);
}

void Acceptor::Run() {
  while (true) {
    pollfd ready[] = {{listener_, POLLIN, 0}, {wake_, POLLIN, 0}};
    poll(ready, 2, -1);
    if (ready[1].revents != 0) return;
    AcceptAll();
  }
}

void Acceptor::AcceptAll() {
  while (true) {
    const int connection = accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (connection < 0) {
      // Out of descriptors or memory all the same: the connection stays in the backlog, so wait
      // instead of spinning on it.
      if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM) {
        pollfd wake = {wake_, POLLIN, 0};
        poll(&wake, 1, kExhaustedPauseMs);
      }
      return;
    }
    // The kernel gives the lowest free number, so a high one says how many are open.
    if (connection >= highest_) {
      close(connection);
      refused_.Increment();
      continue;
    }
    const int on = 1;
    setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
    accepted_.Increment();
    take_(connection);
  }
}

}  // namespace teraju::rpc
