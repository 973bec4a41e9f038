#include "common/http/testing/http_receiver.h"

#include <algorithm>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/synchronization/mutex.h"

namespace teraju::http {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

}  // namespace

struct HttpReceiver::Impl {
  Impl(Answer how, int port, const std::string& certificate, const std::string& key)
      : answer(std::move(how)),
        secure(!certificate.empty()),
        acceptor(
            io,
            Tcp::endpoint(asio::ip::make_address("127.0.0.1"), static_cast<std::uint16_t>(port))) {
    if (!secure) return;
    context.use_certificate_chain_file(certificate);
    context.use_private_key_file(key, asio::ssl::context::pem);
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

  void Loop() {
    for (;;) {
      Tcp::socket socket(io);
      error_code error;
      acceptor.accept(socket, error);
      if (stopping) return;
      if (error) continue;
      if (!secure) {
        Serve(socket);
        continue;
      }
      asio::ssl::stream<Tcp::socket> stream(std::move(socket), context);
      stream.handshake(asio::ssl::stream_base::server, error);
      if (!error) Serve(stream);
    }
  }

  const Answer answer;
  const bool secure;
  asio::io_context io;
  asio::ssl::context context{asio::ssl::context::tls_server};
  Tcp::acceptor acceptor;
  std::atomic<bool> stopping = false;
  mutable absl::Mutex mutex;
  std::vector<Received> kept ABSL_GUARDED_BY(mutex);
  std::thread thread;
};

HttpReceiver::HttpReceiver(Answer answer,
                           int port,
                           const std::string& certificate,
                           const std::string& key)
    : impl_(std::make_unique<Impl>(std::move(answer), port, certificate, key)) {
  impl_->thread = std::thread([this] { impl_->Loop(); });
}

HttpReceiver::~HttpReceiver() {
  impl_->stopping = true;
  // Wakes the acceptor, which looks at `stopping` then.
  asio::io_context io;
  Tcp::socket knock(io);
  error_code ignored;
  knock.connect(impl_->acceptor.local_endpoint(), ignored);
  impl_->thread.join();
}

int HttpReceiver::port() const { return impl_->acceptor.local_endpoint().port(); }

std::string HttpReceiver::url() const {
  return (impl_->secure ? "https://localhost:" : "http://127.0.0.1:") + std::to_string(port());
}

std::vector<Received> HttpReceiver::received() const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->kept;
}

}  // namespace teraju::http
