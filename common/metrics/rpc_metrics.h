// What the call pipeline reports: every call by method and code, its time, calls in flight, the
// executor's queue.
#pragma once

#include <memory>
#include <string_view>

#include "common/metrics/registry.h"

namespace teraju::metrics {

// Thread-safe.
class RpcMetrics {
 public:
  explicit RpcMetrics(Registry& registry);
  ~RpcMetrics();

  void Started();
  // `method` is `{package}.{Service}/{Method}`, `code` the canonical name of the gRPC code
  // (`PERMISSION_DENIED`).
  void Handled(std::string_view method, std::string_view code, double seconds);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The queue in front of the workers named `executor`.
class QueueMetrics {
 public:
  QueueMetrics(Registry& registry, std::string_view executor);

  void SetDepth(int calls);
  void CountRefused();

 private:
  prometheus::Gauge& depth_;
  prometheus::Counter& refused_;
};

}  // namespace teraju::metrics
