// An HTTP/1.1 server: one event loop per thread, each with a listening socket of its own
// (SO_REUSEPORT).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/gateway/http/exchange.h"

namespace teraju::gateway::http {

struct ServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any free one
  int threads = 2;
  std::size_t max_header_bytes = 16 * 1024;
  // Connections above this are closed as they come. 0: three quarters of the descriptors that the
  // process may open.
  std::size_t max_connections = 0;
  absl::Duration idle_timeout = absl::Seconds(60);    // between requests
  absl::Duration header_timeout = absl::Seconds(10);  // from its first byte, for the whole head
  absl::Duration body_timeout =
      absl::Seconds(30);  // for a whole body, or for each piece of an upload
  // Origins whose scripts may call (CORS); none by default.
  std::vector<std::string> cors_origins = {};
  absl::Duration write_timeout = absl::Seconds(120);  // for each write, over slow lines too
};

class Server {
 public:
  // Listens and serves until it is destroyed. UNAVAILABLE where the address cannot be bound.
  // `handler` is called from all loops.
  static absl::StatusOr<std::unique_ptr<Server>> Start(const ServerOptions& options,
                                                       Handler& handler);
  ~Server();

  std::uint16_t port() const;
  // Takes no new connections, ends idle ones, lets requests in progress finish, and ends what is
  // left at `deadline`. The loops run on, so that handlers learn of it.
  void Drain(absl::Time deadline);
  // Ends the loops: nothing that is posted runs any more. Before the server is destroyed nobody may
  // be left to post.
  void Stop();

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::gateway::http
