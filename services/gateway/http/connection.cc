#include "services/gateway/http/connection.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <chrono>
#include <utility>

#include "absl/time/clock.h"
#include "common/errors/error.h"

namespace teraju::gateway::http {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;

constexpr std::size_t kReadSize = 16 * 1024;
// What is still read and dropped after the last answer, so that it is not lost to a reset.
constexpr std::size_t kLingerBytes = 256 * 1024;

std::chrono::nanoseconds ToChrono(absl::Duration duration) {
  return absl::ToChronoNanoseconds(duration);
}

// RFC 9110, section 6.6.1; made once a second.
const std::string& DateNow() {
  thread_local absl::Time made = absl::InfinitePast();
  thread_local std::string text;
  const absl::Time now = absl::Now();
  if (now - made >= absl::Seconds(1)) {
    made = now;
    text = absl::FormatTime("%a, %d %b %Y %H:%M:%S GMT", now, absl::UTCTimeZone());
  }
  return text;
}

bool HasNoBody(int status) { return status == 204 || status == 304 || status < 200; }

}  // namespace

Connection::Connection(asio::ip::tcp::socket socket,
                       const ServerOptions& options,
                       Handler& handler,
                       std::atomic<std::size_t>& open,
                       const std::atomic<bool>& draining)
    : stream_(std::move(socket)),
      options_(options),
      handler_(handler),
      open_(open),
      draining_(draining) {
  error_code error;
  stream_.socket().set_option(asio::ip::tcp::no_delay(true), error);
  const auto endpoint = stream_.socket().remote_endpoint(error);
  if (!error) peer_ = endpoint.address().to_string();
  ++open_;
}

Connection::~Connection() { --open_; }

void Connection::Start() {
  stream_.expires_after(ToChrono(options_.header_timeout));
  ReadHead();
}

void Connection::CloseIfIdle() {
  if (idle_) stream_.close();
}

void Connection::Post(std::function<void()> work) {
  asio::post(stream_.get_executor(), std::move(work));
}

void Connection::After(absl::Duration delay, std::function<void()> work) {
  auto timer = std::make_shared<asio::steady_timer>(stream_.get_executor(), ToChrono(delay));
  timer->async_wait([timer, work = std::move(work)](const error_code&) { work(); });
}

void Connection::Fill(Next next) {
  const std::size_t used = buffer_.size();
  buffer_.resize(used + kReadSize);
  filling_ = true;
  stream_.async_read_some(asio::buffer(buffer_.data() + used, kReadSize),
                          [self = shared_from_this(), used, next = std::move(next)](
                              const error_code& error, std::size_t n) {
                            self->filling_ = false;
                            self->buffer_.resize(used + n);
                            // The answer came before the whole body: whoever read it does not care
                            // any more.
                            if (self->lingering_ && !error) return self->Discard(kLingerBytes);
                            next(error);
                          });
}

// --- Head
// ----------------------------------------------------------------------------------------------------------------

void Connection::ReadHead() {
  if (!buffer_.empty()) {
    if (std::exchange(idle_, false)) stream_.expires_after(ToChrono(options_.header_timeout));
    const auto found = scanner_.Scan(buffer_);
    if (const auto* malformed = std::get_if<Malformed>(&found)) return Refuse(400, malformed->what);
    const std::size_t size = std::get<std::size_t>(found);
    if (size > options_.max_header_bytes ||
        (size == 0 && buffer_.size() > options_.max_header_bytes)) {
      return Refuse(431, "head too large");
    }
    if (size > 0) return TakeHead(size);
  }
  Fill([this, self = shared_from_this()](const error_code& error) {
    if (!error) return ReadHead();
    // After a timeout the socket is closed already: whoever is that slow gets no answer.
    if (idle_ || error == boost::beast::error::timeout) return stream_.close();
    Refuse(400, "incomplete head");
  });
}

void Connection::TakeHead(std::size_t size) {
  std::string bytes = buffer_.substr(0, size);
  buffer_.erase(0, size);
  auto parsed = ParseHead(std::move(bytes));
  if (const auto* malformed = std::get_if<Malformed>(&parsed)) return Refuse(400, malformed->what);
  head_ = std::move(std::get<std::unique_ptr<const RequestHead>>(parsed));
  BeginRequest();
}

void Connection::BeginRequest() {
  remaining_ = head_->content_length;
  decoder_ = ChunkedDecoder();
  broken_ = false;
  stream_.expires_never();
  handler_.Handle(shared_from_this());
}

void Connection::Refuse(int status, std::string_view what) {
  head_ = nullptr;
  broken_ = true;
  Response response{.status = status,
                    .headers = {{"Content-Type", "application/json; charset=utf-8"}}};
  response.body = fmt::format(
      R"({{"error":{{"code":{},"status":"INVALID_ARGUMENT","message":"The request is not HTTP/1.1 as this server reads it: {}."}}}})",
      status,
      what);
  Respond(std::move(response));
}

// --- Body
// ----------------------------------------------------------------------------------------------------------------

bool Connection::body_done() const {
  switch (head_->body) {
    case RequestHead::Body::kNone:
      return true;
    case RequestHead::Body::kLength:
      return remaining_ == 0;
    case RequestHead::Body::kChunked:
      return decoder_.done();
  }
  return false;
}

bool Connection::TakeBody(std::string& out) {
  std::string_view input = buffer_;
  if (head_->body == RequestHead::Body::kChunked) {
    if (!decoder_.Feed(input, out)) return false;
  } else {
    const std::size_t taken =
        static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
    out.append(input.substr(0, taken));
    input.remove_prefix(taken);
    remaining_ -= taken;
  }
  buffer_.erase(0, buffer_.size() - input.size());
  return true;
}

void Connection::WithContinue(std::function<void()> then) {
  if (!head_->expects_continue || !buffer_.empty() || body_done()) return then();
  Write("HTTP/1.1 100 Continue\r\n\r\n",
        "",
        [this, self = shared_from_this(), then = std::move(then)](const error_code&) {
          stream_.expires_after(ToChrono(options_.body_timeout));
          then();
        });
}

void Connection::ReadAll(std::uint64_t limit, Piece done) {
  if (head_->content_length > limit) {
    broken_ = true;
    return done(errors::InvalidArgument(errors::reasons::BODY_TOO_LARGE, "The body is too large.")
                    .With("limit", std::to_string(limit)));
  }
  stream_.expires_after(ToChrono(options_.body_timeout));
  auto body = std::make_shared<std::string>();
  body->reserve(head_->content_length);
  WithContinue([this, self = shared_from_this(), limit, body, done = std::move(done)]() mutable {
    ContinueBody(limit, std::move(body), std::move(done));
  });
}

void Connection::ReadSome(Piece done) {
  stream_.expires_after(ToChrono(options_.body_timeout));
  WithContinue([this, self = shared_from_this(), done = std::move(done)]() mutable {
    ContinueBody(0, std::make_shared<std::string>(), std::move(done));
  });
}

// `limit` 0: stops at the first bytes.
void Connection::ContinueBody(std::uint64_t limit, std::shared_ptr<std::string> body, Piece done) {
  if (!TakeBody(*body)) {
    broken_ = true;
    return done(errors::InvalidArgument(errors::reasons::BODY_INVALID,
                                        "The body's chunked coding is broken.")
                    .With("detail", "chunked coding"));
  }
  if (limit > 0 && body->size() > limit) {
    broken_ = true;
    return done(errors::InvalidArgument(errors::reasons::BODY_TOO_LARGE, "The body is too large.")
                    .With("limit", std::to_string(limit)));
  }
  if (body_done() || (limit == 0 && !body->empty())) {
    stream_.expires_never();
    return done(std::move(*body));
  }
  Fill([this, self = shared_from_this(), limit, body = std::move(body), done = std::move(done)](
           const error_code& error) mutable {
    if (!error) return ContinueBody(limit, std::move(body), std::move(done));
    broken_ = true;
    done(errors::Make(absl::StatusCode::kDeadlineExceeded,
                      errors::reasons::DEADLINE_PASSED,
                      "The body did not arrive completely in time."));
  });
}

// --- Answer
// --------------------------------------------------------------------------------------------------------------

std::string Connection::CorsText() const {
  if (options_.cors_origins.empty() || head_ == nullptr) return "";
  const std::string_view origin = head_->Find("origin");
  const auto& allowed = options_.cors_origins;
  if (origin.empty() || std::find(allowed.begin(), allowed.end(), origin) == allowed.end())
    return "Vary: Origin\r\n";
  return fmt::format(
      "Vary: Origin\r\nAccess-Control-Allow-Origin: {}\r\nAccess-Control-Expose-Headers: "
      "X-Request-Id, Retry-After\r\n"
      "Access-Control-Allow-Methods: GET, POST, PUT, PATCH, DELETE\r\nAccess-Control-Max-Age: "
      "600\r\n"
      "Access-Control-Allow-Headers: Authorization, Content-Type, Idempotency-Key, X-Request-Id, "
      "Accept-Language\r\n",
      origin);
}

std::string Connection::HeadText(const Response& response, bool streamed) const {
  std::string text = fmt::format(
      "HTTP/1.1 {} {}\r\nDate: {}\r\n", response.status, ReasonPhrase(response.status), DateNow());
  // A page of ours has its style within; nothing else of it is obeyed or loaded.
  std::string_view style;
  for (const auto& [name, value] : response.headers) {
    text.append(name).append(": ").append(value).append("\r\n");
    if (name == "Content-Type" && value.starts_with("text/html"))
      style = "style-src 'unsafe-inline'; ";
  }
  // What a browser must not do with an answer of an API.
  text.append("X-Content-Type-Options: nosniff\r\nContent-Security-Policy: default-src 'none'; ")
      .append(style)
      .append("frame-ancestors 'none'\r\n");
  text += "Referrer-Policy: no-referrer\r\nCross-Origin-Resource-Policy: same-origin\r\n";
  text += CorsText();
  if (streamed) {
    if (streamed_chunked_) text += "Transfer-Encoding: chunked\r\n";
  } else if (!HasNoBody(response.status)) {
    text += fmt::format("Content-Length: {}\r\n", response.body.size());
  }
  if (head_ == nullptr || !head_->keep_alive || broken_ || draining_ || !body_done() ||
      (streamed && !streamed_chunked_)) {
    text += "Connection: close\r\n";
  }
  return text += "\r\n";
}

void Connection::Write(std::string head, std::string body, Next next) {
  out_head_ = std::move(head);
  out_body_ = std::move(body);
  stream_.expires_after(ToChrono(options_.write_timeout));
  asio::async_write(
      stream_,
      std::array<asio::const_buffer, 2>{asio::buffer(out_head_), asio::buffer(out_body_)},
      [self = shared_from_this(), next = std::move(next)](const error_code& error, std::size_t) {
        next(error);
      });
}

void Connection::Respond(Response response) {
  const bool bodyless = HasNoBody(response.status) || (head_ != nullptr && head_->method == "HEAD");
  std::string head = HeadText(response, false);
  if (draining_) broken_ = true;
  Write(std::move(head),
        bodyless ? "" : std::move(response.body),
        [this, self = shared_from_this()](const error_code& error) {
          if (error) return stream_.close();
          AfterResponse();
        });
}

void Connection::AfterResponse() {
  if (head_ == nullptr || !head_->keep_alive || broken_ || draining_ || !body_done())
    return Linger();
  head_ = nullptr;
  scanner_ = HeadScanner();
  idle_ = true;
  stream_.expires_after(ToChrono(options_.idle_timeout));
  ReadHead();
}

void Connection::BeginStream(Response head, std::function<void(bool)> written) {
  // HTTP/1.0 knows no chunks: there the end of the connection is the end of the answer.
  streamed_chunked_ = head_->bytes.find(" HTTP/1.1\r\n") != std::string::npos;
  std::string text = HeadText(head, true);
  if (!streamed_chunked_ || draining_) broken_ = true;
  Write(std::move(text), "", [written = std::move(written)](const error_code& error) {
    written(!error);
  });
}

void Connection::WriteStream(std::string data, std::function<void(bool)> written) {
  if (data.empty()) return written(true);
  std::string head;
  if (streamed_chunked_) {
    head = fmt::format("{:x}\r\n", data.size());
    data += "\r\n";
  }
  Write(std::move(head), std::move(data), [written = std::move(written)](const error_code& error) {
    written(!error);
  });
}

void Connection::EndStream() {
  if (!streamed_chunked_) return AfterResponse();
  Write("0\r\n\r\n", "", [this, self = shared_from_this()](const error_code& error) {
    if (error) return stream_.close();
    AfterResponse();
  });
}

void Connection::Abort() { stream_.close(); }

void Connection::Linger() {
  error_code error;
  stream_.socket().shutdown(asio::ip::tcp::socket::shutdown_send, error);
  if (error) return stream_.close();
  stream_.expires_after(std::chrono::seconds(2));
  lingering_ = true;
  if (!filling_) Discard(kLingerBytes);
}

void Connection::Discard(std::size_t left) {
  buffer_.resize(std::min(left, kReadSize));
  stream_.async_read_some(
      asio::buffer(buffer_),
      [self = shared_from_this(), left](const error_code& error, std::size_t n) {
        if (error || n >= left) return self->stream_.close();
        self->Discard(left - n);
      });
}

std::string_view ReasonPhrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 204:
      return "No Content";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 409:
      return "Conflict";
    case 413:
      return "Content Too Large";
    case 415:
      return "Unsupported Media Type";
    case 429:
      return "Too Many Requests";
    case 431:
      return "Request Header Fields Too Large";
    case 499:
      return "Client Closed Request";
    case 500:
      return "Internal Server Error";
    case 501:
      return "Not Implemented";
    case 503:
      return "Service Unavailable";
    case 504:
      return "Gateway Timeout";
    default:
      return "Status";
  }
}

}  // namespace teraju::gateway::http
