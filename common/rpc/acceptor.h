// Accepts TCP connections in a thread of its own. gRPC 1.51's own listener stops accepting for good
// once it has run out of descriptors (CVE-2023-4785); this one closes what comes above three
// quarters of the limit and goes on.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <thread>

#include "absl/status/statusor.h"
#include "common/metrics/registry.h"

namespace teraju::rpc {

class Acceptor {
 public:
  // Listens on a numeric address; port 0 takes a free one. UNAVAILABLE when it cannot.
  static absl::StatusOr<std::unique_ptr<Acceptor>> Listen(const std::string& address,
                                                          int port,
                                                          metrics::Registry& registry);
  ~Acceptor();

  int port() const { return port_; }
  // Begins to accept. `take` gets each connection's descriptor (non-blocking) and owns it. Called
  // once.
  void Start(std::function<void(int)> take);
  // Accepts no more and closes the listening socket. Called by the destructor too.
  void Stop();

 private:
  Acceptor(int listener, int wake, int port, metrics::Registry& registry);
  void Run();
  void AcceptAll();

  const int listener_;
  const int wake_;  // eventfd
  const int port_;
  const int highest_;  // descriptor that is kept
  prometheus::Counter& accepted_;
  prometheus::Counter& refused_;
  bool open_ = true;
  std::function<void(int)> take_;
  std::thread thread_;
};

// Raises the soft limit of open files to the hard one, at most 65,536. Returns the limit.
int RaiseFileLimit();

}  // namespace teraju::rpc
