#include "common/http/testing/http_receiver.h"

#include <algorithm>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"
#include "common/testing/local_listener.h"

namespace teraju::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

}  // namespace

struct HttpReceiver::Impl {
  Impl(Answer how, int port, const std::string& certificate, const std::string& key)
      : answer(std::move(how)), secure(!certificate.empty()) {
    if (secure) {
      context.use_certificate_chain_file(certificate);
      context.use_private_key_file(key, asio::ssl::context::pem);
    }
    listener.emplace(port, [this](Tcp::socket socket) { Take(std::move(socket)); });
  }

  template <typename Stream>
  void Serve(Stream& stream) {
    beast::flat_buffer buffer;
    beast::http::request<beast::http::string_body> request;
    error_code error;
    beast::http::read(stream, buffer, request, error);
    if (error) return;
    Received one{.method = std::string(request.method_string()),
                 .target = std::string(request.target()),
                 .body = request.body()};
    for (const auto& header : request) {
      std::string name(header.name_string());
      std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) {
        return static_cast<char>(std::tolower(c));
      });
      one.headers[name] = std::string(header.value());
    }
    const int status = answer(one);
    {
      absl::MutexLock lock(&mutex);
      kept.push_back(std::move(one));
    }
    if (status == 0) return;
    beast::http::response<beast::http::string_body> reply(static_cast<beast::http::status>(status),
                                                          11);
    reply.body() = "kept\n";
    reply.prepare_payload();
    reply.keep_alive(false);
    beast::http::write(stream, reply, error);
  }

  void Take(Tcp::socket socket) {
    if (!secure) return Serve(socket);
    error_code error;
    asio::ssl::stream<Tcp::socket> stream(std::move(socket), context);
    stream.handshake(asio::ssl::stream_base::server, error);
    if (!error) Serve(stream);
  }

  const Answer answer;
  const bool secure;
  asio::ssl::context context{asio::ssl::context::tls_server};
  mutable absl::Mutex mutex;
  std::vector<Received> kept ABSL_GUARDED_BY(mutex);
  std::optional<testing::LocalListener> listener;  // last, so that it ends first
};

HttpReceiver::HttpReceiver(Answer answer,
                           int port,
                           const std::string& certificate,
                           const std::string& key)
    : impl_(std::make_unique<Impl>(std::move(answer), port, certificate, key)) {}

HttpReceiver::~HttpReceiver() = default;

int HttpReceiver::port() const { return impl_->listener->port(); }

std::string HttpReceiver::url() const {
  return (impl_->secure ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port());
}

std::vector<Received> HttpReceiver::received() const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->kept;
}

}  // namespace teraju::http
