// A plain socket for tests: sends bytes as they are, reads until the other end closes or enough has
// come.
#pragma once

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/time/clock.h"

namespace teraju::gateway::http {

class RawClient {
 public:
  explicit RawClient(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    inet_pton(AF_INET, "127.0.0.1", &address.sin_addr);
    connected_ = ::connect(socket_, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0;
  }
  RawClient(const RawClient&) = delete;
  RawClient& operator=(const RawClient&) = delete;
  ~RawClient() { ::close(socket_); }

  bool connected() const { return connected_; }
  // False once the other end does not take bytes any more.
  bool Send(std::string_view bytes) const {
    while (!bytes.empty()) {
      const ssize_t n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (n <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
  }
  void EndSending() const { ::shutdown(socket_, SHUT_WR); }

  // Reads until `enough(text so far)`, the end, or ten seconds; `ended()` tells whether the other
  // end closed.
  template <typename Enough>
  std::string ReadUntil(Enough enough) {
    const absl::Time deadline = absl::Now() + absl::Seconds(10);
    while (!enough(text_) && !ended_ && absl::Now() < deadline) {
      pollfd waiting{socket_, POLLIN, 0};
      if (::poll(&waiting, 1, 100) <= 0) continue;
      char piece[65536];
      const ssize_t n = ::recv(socket_, piece, sizeof(piece), 0);
      if (n <= 0) {
        ended_ = true;
      } else {
        text_.append(piece, static_cast<std::size_t>(n));
      }
    }
    return text_;
  }
  std::string ReadToEnd() {
    return ReadUntil([](const std::string&) { return false; });
  }
  // One answer with a Content-Length, taken off what was read.
  std::string ReadResponse() {
    std::size_t whole = 0;
    ReadUntil([&](const std::string& text) {
      const std::size_t end = text.find("\r\n\r\n");
      if (end == std::string::npos) return false;
      const std::size_t at = text.find("Content-Length: ");
      whole = end + 4 + (at < end ? std::stoul(text.substr(at + 16)) : 0);
      return text.size() >= whole;
    });
    std::string response = text_.substr(0, whole);
    text_.erase(0, whole);
    return response;
  }
  bool ended() const { return ended_; }

 private:
  int socket_;
  bool connected_ = false;
  bool ended_ = false;
  std::string text_;
};

}  // namespace teraju::gateway::http
