#include "common/metrics/exposer.h"

#include <fmt/format.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <thread>
#include <utility>

#include "absl/status/status.h"

namespace teraju::metrics {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::ip::tcp;

constexpr std::chrono::seconds kPatience(5);
constexpr std::size_t kMaxHeader = 4096;

// One request and its answer; then the connection ends.
class Session : public std::enable_shared_from_this<Session> {
 public:
  Session(tcp::socket socket, const Exposer::Pages& pages)
      : stream_(std::move(socket)), pages_(pages) {
    parser_.header_limit(kMaxHeader);
    parser_.body_limit(0);
  }

  void Run() {
    stream_.expires_after(kPatience);
    http::async_read(stream_,
                     buffer_,
                     parser_,
                     [self = shared_from_this()](beast::error_code error, std::size_t) {
                       if (!error) self->Answer();
                     });
  }

 private:
  void Answer() {
    const http::request<http::empty_body>& request = parser_.get();
    const bool head = request.method() == http::verb::head;
    const auto page = pages_.find(std::string(request.target()));
    response_.version(11);
    response_.set(http::field::content_type, "text/plain; version=0.0.4; charset=utf-8");
    response_.set(http::field::cache_control, "no-store");
    if (!head && request.method() != http::verb::get) {
      response_.result(http::status::method_not_allowed);
      response_.set(http::field::allow, "GET, HEAD");
    } else if (page == pages_.end()) {
      response_.result(http::status::not_found);
    } else {
      Page made = page->second();
      response_.result(static_cast<unsigned>(made.status));
      response_.body() = std::move(made.body);
    }
    response_.keep_alive(false);
    response_.prepare_payload();
    if (head) response_.body().clear();
    http::async_write(
        stream_, response_, [self = shared_from_this()](beast::error_code, std::size_t) {
          beast::error_code ignored;
          self->stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
        });
  }

  beast::tcp_stream stream_;
  const Exposer::Pages& pages_;
  beast::flat_buffer buffer_{2 * kMaxHeader};
  http::request_parser<http::empty_body> parser_;
  http::response<http::string_body> response_;
};

}  // namespace

struct Exposer::Impl {
  void Accept() {
    acceptor.async_accept([this](beast::error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) std::make_shared<Session>(std::move(socket), pages)->Run();
      Accept();
    });
  }

  Pages pages;
  asio::io_context context{1};
  tcp::acceptor acceptor{context};
  std::thread thread;
};

Exposer::Exposer(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

absl::StatusOr<std::unique_ptr<Exposer>> Exposer::Start(const std::string& address,
                                                        int port,
                                                        Pages pages) {
  auto impl = std::make_unique<Impl>();
  impl->pages = std::move(pages);
  beast::error_code error;
  const asio::ip::address parsed = asio::ip::make_address(address, error);
  const tcp::endpoint endpoint(parsed, static_cast<unsigned short>(port));
  if (!error) impl->acceptor.open(endpoint.protocol(), error);
  if (!error) impl->acceptor.set_option(asio::socket_base::reuse_address(true), error);
  if (!error) impl->acceptor.bind(endpoint, error);
  if (!error) impl->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error) {
    return absl::UnavailableError(
        fmt::format("metrics page on {}:{}: {}", address, port, error.message()));
  }
  impl->Accept();
  impl->thread = std::thread([impl = impl.get()] { impl->context.run(); });
  return std::unique_ptr<Exposer>(new Exposer(std::move(impl)));
}

Exposer::~Exposer() {
  impl_->context.stop();
  impl_->thread.join();
}

int Exposer::port() const { return impl_->acceptor.local_endpoint().port(); }

}  // namespace teraju::metrics
