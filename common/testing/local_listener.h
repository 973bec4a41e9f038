// A TCP server inside a test's process.
#pragma once

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <functional>
#include <thread>

namespace teraju::testing {

// One connection at a time, each on the listener's thread.
class LocalListener {
 public:
  using Serve = std::function<void(boost::asio::ip::tcp::socket)>;

  // Listens on 127.0.0.1, on a free port for 0. `serve` is not called any more once the listener is
  // destroyed, which waits for it.
  LocalListener(int port, Serve serve);
  ~LocalListener();

  int port() const { return acceptor_.local_endpoint().port(); }

 private:
  void Loop();

  boost::asio::io_context io_;
  boost::asio::ip::tcp::acceptor acceptor_;
  const Serve serve_;
  std::atomic<bool> stopping_ = false;
  std::thread thread_;
};

}  // namespace teraju::testing
