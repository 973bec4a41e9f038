#include "common/testing/local_listener.h"

#include <boost/asio/ip/address.hpp>
#include <utility>

namespace teraju::testing {

using Tcp = boost::asio::ip::tcp;
using boost::system::error_code;

LocalListener::LocalListener(int port, Serve serve)
    : acceptor_(io_,
                Tcp::endpoint(boost::asio::ip::make_address("127.0.0.1"),
                              static_cast<std::uint16_t>(port))),
      serve_(std::move(serve)),
      thread_([this] { Loop(); }) {}

LocalListener::~LocalListener() {
  stopping_ = true;
  // Wakes the acceptor, which looks at `stopping_` then.
  boost::asio::io_context io;
  Tcp::socket knock(io);
  error_code ignored;
  knock.connect(acceptor_.local_endpoint(), ignored);
  thread_.join();
}

void LocalListener::Loop() {
  for (;;) {
    Tcp::socket socket(io_);
    error_code error;
    acceptor_.accept(socket, error);
    if (stopping_) return;
    if (!error) serve_(std::move(socket));
  }
}

}  // namespace teraju::testing
