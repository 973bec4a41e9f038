// One gateway: REST and gRPC in front of the services. It keeps nothing, so any number may run side
// by side.
#pragma once

#include <memory>

#include "absl/status/status.h"
#include "common/logging/logger.h"
#include "services/gateway/config.h"
#include "services/gateway/openapi/contract.h"

namespace teraju::gateway {

class Gateway {
 public:
  Gateway(Config config, logging::Logger& logger);
  ~Gateway();

  // Serves the methods of `contract`, which is not needed any more afterwards. FAILED_PRECONDITION
  // or INVALID_ARGUMENT where it cannot be served, UNAVAILABLE where a port cannot be had.
  absl::Status Start(const Contract& contract);
  // Says that it goes, serves on until others have noticed, then lets calls end.
  void Drain();

  int rest_port() const;
  int grpc_port() const;
  int metrics_port() const;
  // True once the issuer's keys have been read.
  bool ready() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::gateway
