#include "services/gateway/http/server.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <chrono>
#include <list>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "services/gateway/http/connection.h"

namespace teraju::gateway::http {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;
using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::size_t DescriptorShare() {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return 768;
  return static_cast<std::size_t>(limit.rlim_cur) / 4 * 3;
}

// One thread with its event loop and its listening socket.
class Loop {
 public:
  Loop(const ServerOptions& options,
       Handler& handler,
       std::atomic<std::size_t>& open,
       const std::atomic<bool>& draining)
      : options_(options),
        handler_(handler),
        open_(open),
        draining_(draining),
        acceptor_(context_),
        pause_(context_) {}

  error_code Listen(const tcp::endpoint& endpoint) {
    error_code error;
    acceptor_.open(endpoint.protocol(), error);
    if (!error) acceptor_.set_option(tcp::acceptor::reuse_address(true), error);
    if (!error) acceptor_.set_option(ReusePort(true), error);
    if (!error) acceptor_.bind(endpoint, error);
    if (!error) acceptor_.listen(asio::socket_base::max_listen_connections, error);
    return error;
  }

  tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

  void Run() {
    Accept();
    thread_ = std::thread([this] { context_.run(); });
  }

  void StopAccepting() {
    asio::post(context_, [this] {
      acceptor_.close();
      pause_.cancel();
      ForEach([](Connection& connection) { connection.CloseIfIdle(); });
    });
  }

  void CloseAll() {
    asio::post(context_, [this] { ForEach([](Connection& connection) { connection.Abort(); }); });
  }

  void Join() {
    context_.stop();
    if (thread_.joinable()) thread_.join();
  }

 private:
  template <typename Do>
  void ForEach(Do action) {
    for (const auto& weak : connections_) {
      if (const auto connection = weak.lock()) action(*connection);
    }
  }

  void Accept() {
    acceptor_.async_accept([this](const error_code& error, tcp::socket socket) {
      if (!acceptor_.is_open()) return;
      if (error) return AcceptLater();
      // At the limit a connection is refused at once rather than left to wait: the loop stays able
      // to answer.
      if (open_.load() < options_.max_connections) Serve(std::move(socket));
      Accept();
    });
  }

  // Out of descriptors, most likely: trying again at once would only turn the loop.
  void AcceptLater() {
    pause_.expires_after(std::chrono::milliseconds(100));
    pause_.async_wait([this](const error_code& error) {
      if (!error && acceptor_.is_open()) Accept();
    });
  }

  void Serve(tcp::socket socket) {
    auto connection =
        std::make_shared<Connection>(std::move(socket), options_, handler_, open_, draining_);
    connections_.emplace_back(connection);
    if (connections_.size() >= sweep_at_) {
      connections_.remove_if([](const auto& weak) { return weak.expired(); });
      sweep_at_ = 2 * connections_.size() + 64;
    }
    connection->Start();
  }

  const ServerOptions& options_;
  Handler& handler_;
  std::atomic<std::size_t>& open_;
  const std::atomic<bool>& draining_;
  asio::io_context context_{1};
  // A request that waits for its service is no work of the loop's own: without this a draining loop
  // would end before the answer.
  asio::executor_work_guard<asio::io_context::executor_type> working_{context_.get_executor()};
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::list<std::weak_ptr<Connection>> connections_;
  std::size_t sweep_at_ = 64;
  std::thread thread_;
};

}  // namespace

struct Server::Impl {
  ServerOptions options;
  std::atomic<std::size_t> open = 0;
  std::atomic<bool> draining = false;
  std::uint16_t port = 0;
  std::vector<std::unique_ptr<Loop>> loops;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Server::~Server() {
  Drain(absl::InfinitePast());
  Stop();
}

std::uint16_t Server::port() const { return impl_->port; }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      Handler& handler) {
  auto impl = std::make_unique<Impl>();
  impl->options = options;
  if (impl->options.max_connections == 0) impl->options.max_connections = DescriptorShare();
  error_code error;
  tcp::endpoint endpoint(asio::ip::make_address(options.address, error), options.port);
  for (int i = 0; i < options.threads && !error; ++i) {
    auto& loop = impl->loops.emplace_back(
        std::make_unique<Loop>(impl->options, handler, impl->open, impl->draining));
    error = loop->Listen(endpoint);
    if (!error) endpoint = loop->endpoint();  // the port that a 0 became
  }
  if (error) {
    return errors::Unavailable(
               errors::reasons::DEPENDENCY_UNAVAILABLE,
               fmt::format(
                   "Cannot listen on {}:{}: {}.", options.address, options.port, error.message()))
        .With("dependency", "listening socket");
  }
  impl->port = endpoint.port();
  for (const auto& loop : impl->loops) loop->Run();
  return std::unique_ptr<Server>(new Server(std::move(impl)));
}

void Server::Drain(absl::Time deadline) {
  impl_->draining = true;
  for (const auto& loop : impl_->loops) loop->StopAccepting();
  while (impl_->open.load() > 0 && absl::Now() < deadline) absl::SleepFor(absl::Milliseconds(5));
  for (const auto& loop : impl_->loops) loop->CloseAll();
}

void Server::Stop() {
  for (const auto& loop : impl_->loops) loop->Join();
}

}  // namespace teraju::gateway::http
