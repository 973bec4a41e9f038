#include "services/identity/clients/http_client.h"

#include <fmt/format.h>

#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/host_name_verification.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>

#include "absl/time/clock.h"
#include "common/errors/status_macros.h"

namespace teraju::identity {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

constexpr std::size_t kMaxReply = 256 * 1024;
constexpr absl::Duration kLongest = absl::Seconds(5);

struct Url {
  bool secure = true;
  std::string host;
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
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  const std::string authority = rest.substr(0, slash);
  const std::size_t colon = std::min(authority.find(':'), authority.size());
  url.host = authority.substr(0, colon);
  url.port = colon < authority.size() ? authority.substr(colon + 1) : url.secure ? "443" : "80";
  url.target = slash < rest.size() ? rest.substr(slash) : "/";
  const bool here = url.host == "127.0.0.1" || url.host == "localhost";
  if (url.host.empty() || url.port.empty() || url.host.find('@') != std::string::npos ||
      (!url.secure && !here)) {
    return std::nullopt;
  }
  return url;
}

// Runs asynchronous steps one after another until a deadline.
class Steps {
 public:
  explicit Steps(absl::Time deadline) : deadline_(absl::ToChronoTime(deadline)) {}

  asio::io_context& io() { return io_; }
  // `start(done)` begins a step that calls `done(error)` at its end.
  template <typename Start>
  absl::Status Run(const char* name, Start start) {
    std::optional<error_code> ended;
    start([&ended](error_code error, auto&&...) { ended = error; });
    io_.restart();
    while (!ended && io_.run_one_until(deadline_) != 0) {
    }
    if (!ended) return absl::UnavailableError(fmt::format("the issuer: {} takes too long", name));
    if (*ended)
      return absl::UnavailableError(fmt::format("the issuer: {}: {}", name, ended->message()));
    return absl::OkStatus();
  }

 private:
  const std::chrono::system_clock::time_point deadline_;
  asio::io_context io_;
};

template <typename Stream>
absl::StatusOr<std::string> Exchange(Steps& steps,
                                     Stream& stream,
                                     const http::request<http::string_body>& message) {
  RETURN_IF_ERROR(steps.Run("write", [&](auto done) { http::async_write(stream, message, done); }));
  beast::flat_buffer buffer;
  http::response_parser<http::string_body> parser;
  parser.body_limit(kMaxReply);
  RETURN_IF_ERROR(
      steps.Run("read", [&](auto done) { http::async_read(stream, buffer, parser, done); }));
  if (parser.get().result_int() / 100 == 4)
    return absl::PermissionDeniedError(
        fmt::format("the issuer answered {}", parser.get().result_int()));
  if (parser.get().result() != http::status::ok) {
    return absl::UnavailableError(fmt::format("the issuer answered {}", parser.get().result_int()));
  }
  return std::move(parser.get().body());
}

http::request<http::string_body> MessageOf(const HttpRequest& request, const Url& url) {
  const auto verb = request.form.empty() ? http::verb::get : http::verb::post;
  http::request<http::string_body> message(verb, url.target, 11);
  const bool usual = url.port == (url.secure ? "443" : "80");
  message.set(http::field::host, usual ? url.host : url.host + ":" + url.port);
  message.set(http::field::accept, "application/json");
  message.set(http::field::connection, "close");
  if (!request.authorization.empty())
    message.set(http::field::authorization, request.authorization);
  if (!request.form.empty()) {
    message.set(http::field::content_type, "application/x-www-form-urlencoded");
    message.body() = request.form;
  }
  message.prepare_payload();
  return message;
}

}  // namespace

absl::StatusOr<std::string> SendHttp(const HttpRequest& request, absl::Time deadline) {
  const std::optional<Url> url = ParseUrl(request.url);
  if (!url) return absl::InvalidArgumentError("an issuer's address must be https");
  // What holds the connection goes before what runs it.
  Steps steps(std::min(deadline, absl::Now() + kLongest));
  Tcp::resolver resolver(steps.io());
  error_code unresolved;
  const auto addresses = resolver.resolve(url->host, url->port, unresolved);
  if (unresolved) return absl::UnavailableError("the issuer's address is unknown");
  asio::ssl::context trust(asio::ssl::context::tls_client);
  asio::ssl::stream<Tcp::socket> stream(steps.io(), trust);
  RETURN_IF_ERROR(steps.Run(
      "connect", [&](auto done) { asio::async_connect(stream.next_layer(), addresses, done); }));
  const auto message = MessageOf(request, *url);
  if (!url->secure) return Exchange(steps, stream.next_layer(), message);
  error_code ignored;
  trust.set_default_verify_paths(ignored);
  stream.set_verify_mode(asio::ssl::verify_peer);
  stream.set_verify_callback(asio::ssl::host_name_verification(url->host));
  SSL_set_tlsext_host_name(stream.native_handle(), url->host.c_str());
  RETURN_IF_ERROR(steps.Run("handshake", [&](auto done) {
    stream.async_handshake(asio::ssl::stream_base::client, done);
  }));
  return Exchange(steps, stream, message);
}

}  // namespace teraju::identity
