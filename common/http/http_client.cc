#include "common/http/http_client.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <chrono>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/errors/status_macros.h"

namespace teraju::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Message = beast::http::request<beast::http::string_body>;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMaxReply = 256 * 1024;
constexpr std::chrono::milliseconds kGlance{100};

struct Url {
  bool secure = true;
  std::string host;  // of an IPv6 address without brackets
  std::string authority;
  std::string port;
  std::string target;
};

std::optional<Url> ParseUrl(const std::string& text) {
  Url url;
  std::string rest;
  if (text.starts_with("https://")) {
    rest = text.substr(8);
  } else if (text.starts_with("http://")) {
    url.secure = false;
    rest = text.substr(7);
  }
  const bool printable =
      std::all_of(rest.begin(), rest.end(), [](char c) { return c > ' ' && c < 127; });
  if (!printable || rest.find('#') != std::string::npos) return std::nullopt;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  url.authority = rest.substr(0, slash);
  url.target = slash < rest.size() ? rest.substr(slash) : "/";
  const std::size_t bracket = url.authority.starts_with('[') ? url.authority.find(']') : 0;
  if (bracket == std::string::npos) return std::nullopt;
  const std::size_t colon = std::min(url.authority.find(':', bracket), url.authority.size());
  url.host = url.authority.substr(0, colon);
  if (bracket > 0) url.host = url.authority.substr(1, bracket - 1);
  url.port = colon < url.authority.size() ? url.authority.substr(colon + 1)
             : url.secure                 ? "443"
                                          : "80";
  const bool digits =
      std::all_of(url.port.begin(), url.port.end(), [](char c) { return c >= '0' && c <= '9'; });
  if (url.host.empty() || url.port.empty() || !digits ||
      url.authority.find_first_of("@?") != std::string::npos)
    return std::nullopt;
  return url;
}

// Runs asynchronous steps one after another until a deadline.
class Steps {
 public:
  Steps(absl::Time deadline, std::function<bool()> cancelled)
      : deadline_(absl::ToChronoTime(deadline)), cancelled_(std::move(cancelled)) {}

  asio::io_context& io() { return io_; }
  // `start(done)` begins a step that calls `done(error, ...)` at its end.
  template <typename Start>
  absl::Status Run(const char* name, Start start) {
    std::optional<error_code> ended;
    start([&ended](error_code error, auto&&...) { ended = error; });
    io_.restart();
    while (!ended) {
      const auto now = std::chrono::system_clock::now();
      if (cancelled_ && cancelled_()) return absl::CancelledError("nobody waits any more");
      if (now >= deadline_) return absl::UnavailableError(fmt::format("{} takes too long", name));
      io_.run_one_until(std::min(deadline_, now + kGlance));
    }
    if (*ended) return absl::UnavailableError(fmt::format("{}: {}", name, ended->message()));
    return absl::OkStatus();
  }

 private:
  const std::chrono::system_clock::time_point deadline_;
  const std::function<bool()> cancelled_;
  asio::io_context io_;
};

template <typename Stream>
absl::StatusOr<std::string> Exchange(Steps& steps, Stream& stream, const Message& message) {
  RETURN_IF_ERROR(
      steps.Run("write", [&](auto done) { beast::http::async_write(stream, message, done); }));
  beast::flat_buffer buffer;
  beast::http::response_parser<beast::http::string_body> parser;
  parser.body_limit(kMaxReply);
  RETURN_IF_ERROR(
      steps.Run("read", [&](auto done) { beast::http::async_read(stream, buffer, parser, done); }));
  const unsigned code = parser.get().result_int();
  if (code / 100 == 4) return absl::PermissionDeniedError(fmt::format("the answer is {}", code));
  if (code / 100 != 2) return absl::UnavailableError(fmt::format("the answer is {}", code));
  return std::move(parser.get().body());
}

Message MessageOf(const HttpRequest& request, const Url& url) {
  Message message;
  message.version(11);
  message.method_string(request.method);
  message.target(url.target);
  message.set(beast::http::field::host, url.authority);
  message.set(beast::http::field::user_agent, "teraju");
  message.set(beast::http::field::connection, "close");
  if (!request.accept.empty()) message.set(beast::http::field::accept, request.accept);
  if (!request.authorization.empty())
    message.set(beast::http::field::authorization, request.authorization);
  if (!request.content_type.empty())
    message.set(beast::http::field::content_type, request.content_type);
  message.body() = request.body;
  message.prepare_payload();
  return message;
}

absl::Status Trust(const std::string& authority, asio::ssl::context& trust) {
  error_code error;
  if (authority.empty()) {
    trust.set_default_verify_paths(error);
  } else {
    trust.load_verify_file(authority, error);
  }
  if (error) return absl::InvalidArgumentError("the authorities' certificates cannot be read");
  return absl::OkStatus();
}

absl::Status Unusable() {
  return absl::InvalidArgumentError(
      "an address is http:// or https:// with a host, without user information or fragment");
}

}  // namespace

absl::Status CheckUrl(const std::string& url) {
  return ParseUrl(url).has_value() ? absl::OkStatus() : Unusable();
}

absl::StatusOr<std::string> SendHttp(const HttpRequest& request, absl::Time deadline) {
  const std::optional<Url> url = ParseUrl(request.url);
  if (!url.has_value()) return Unusable();
  // What holds the connection goes before what runs it.
  Steps steps(deadline, request.cancelled);
  asio::ssl::context trust(asio::ssl::context::tls_client);
  if (url->secure) RETURN_IF_ERROR(Trust(request.authority, trust));
  Tcp::resolver resolver(steps.io());
  Tcp::resolver::results_type addresses;
  RETURN_IF_ERROR(steps.Run("resolve", [&](auto done) {
    resolver.async_resolve(
        url->host, url->port, [done, &addresses](error_code error, auto found) mutable {
          addresses = std::move(found);
          done(error);
        });
  }));
  asio::ssl::stream<Tcp::socket> stream(steps.io(), trust);
  RETURN_IF_ERROR(steps.Run(
      "connect", [&](auto done) { asio::async_connect(stream.next_layer(), addresses, done); }));
  const Message message = MessageOf(request, *url);
  if (!url->secure) return Exchange(steps, stream.next_layer(), message);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(url->host));
  SSL_set_tlsext_host_name(stream.native_handle(), url->host.c_str());
  RETURN_IF_ERROR(steps.Run("handshake", [&](auto done) {
    stream.async_handshake(asio::ssl::stream_base::client, done);
  }));
  return Exchange(steps, stream, message);
}

}  // namespace teraju::http
