// A few read-only pages over HTTP on a port of their own: metrics, liveness, readiness. For
// operators, never for users.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "absl/status/statusor.h"

namespace teraju::metrics {

struct Page {
  int status = 200;
  std::string body;
};

// One thread; GET and HEAD only; a client that is slow to ask is cut off after five seconds.
class Exposer {
 public:
  // Path to what makes its page. Called on the exposer's thread.
  using Pages = std::map<std::string, std::function<Page()>>;

  // `address` is numeric; port 0 takes a free one. UNAVAILABLE when it cannot listen.
  static absl::StatusOr<std::unique_ptr<Exposer>> Start(const std::string& address,
                                                        int port,
                                                        Pages pages);
  ~Exposer();

  int port() const;

 private:
  struct Impl;
  explicit Exposer(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::metrics
