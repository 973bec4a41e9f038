// One client connection: reads requests in their order, one at a time, and writes their answers.
#pragma once

#include <atomic>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <memory>
#include <string>

#include "services/gateway/http/chunked.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/http/server.h"

namespace teraju::gateway::http {

class Connection final : public Exchange, public std::enable_shared_from_this<Connection> {
 public:
  // `open` counts the connections of the server; `draining` tells when answers should end theirs.
  Connection(boost::asio::ip::tcp::socket socket,
             const ServerOptions& options,
             Handler& handler,
             std::atomic<std::size_t>& open,
             const std::atomic<bool>& draining);
  ~Connection() override;

  void Start();
  // Ends it if it waits for a request. On its loop.
  void CloseIfIdle();

  const RequestHead& head() const override { return *head_; }
  std::string_view peer() const override { return peer_; }
  void ReadAll(std::uint64_t limit, Piece done) override;
  void ReadSome(Piece done) override;
  void Respond(Response response) override;
  void BeginStream(Response head, std::function<void(bool)> written) override;
  void WriteStream(std::string data, std::function<void(bool)> written) override;
  void EndStream() override;
  void Abort() override;
  void Post(std::function<void()> work) override;
  void After(absl::Duration delay, std::function<void()> work) override;

 private:
  using Next = std::function<void(const boost::system::error_code&)>;

  void ReadHead();
  void TakeHead(std::size_t size);
  void BeginRequest();
  // Answers a request that cannot be given to the handler, and ends the connection.
  void Refuse(int status, std::string_view what);

  // Reads more bytes into `buffer_`.
  void Fill(Next next);
  // Takes decoded body bytes from `buffer_`. False where the framing is broken.
  bool TakeBody(std::string& out);
  bool body_done() const;
  void ContinueBody(std::uint64_t limit, std::shared_ptr<std::string> body, Piece done);
  void WithContinue(std::function<void()> then);

  // Empty unless the request comes from a script of an allowed origin.
  std::string CorsText() const;
  std::string HeadText(const Response& response, bool streamed) const;
  void Write(std::string head, std::string body, Next next);
  void AfterResponse();
  // Says goodbye so that the client still reads the answer: sends the end, then reads what it had
  // under way.
  void Linger();
  void Discard(std::size_t left);

  boost::beast::tcp_stream stream_;
  const ServerOptions& options_;
  Handler& handler_;
  std::atomic<std::size_t>& open_;
  const std::atomic<bool>& draining_;
  std::string peer_;

  std::string buffer_;  // read and not yet used
  HeadScanner scanner_;
  std::unique_ptr<const RequestHead> head_;
  ChunkedDecoder decoder_;
  std::uint64_t remaining_ = 0;  // of a body with a length
  bool idle_ = true;             // no byte of the next request has come
  bool broken_ = false;          // the body's framing is lost
  bool streamed_chunked_ = false;
  bool filling_ = false;    // a read is under way
  bool lingering_ = false;  // the last answer has been written
  std::string out_head_;    // what is being written
  std::string out_body_;
};

}  // namespace teraju::gateway::http
