// gRPC through the gateway: every method of every service, as bytes, on a port of its own.
// Admission, limits and headers are those of REST.
#pragma once

#include "absl/time/time.h"
#include "common/logging/logger.h"
#include "common/metrics/rpc_metrics.h"
#include "grpcpp/generic/async_generic_service.h"
#include "services/gateway/proxy/admission.h"
#include "services/gateway/proxy/backends.h"
#include "services/gateway/proxy/call_registry.h"
#include "services/gateway/proxy/method.h"

namespace teraju::gateway {

struct GrpcProxyDependencies {
  const Methods& methods;
  const Backends& backends;
  Admission& admission;
  CallRegistry& calls;
  logging::Logger& logger;
  metrics::RpcMetrics& metrics;
  int forwarded_hops = 0;
};

class GrpcProxy final : public grpc::CallbackGenericService {
 public:
  // No call lasts longer than `longest`, whatever deadline its client gave.
  GrpcProxy(GrpcProxyDependencies dependencies, absl::Duration longest)
      : dependencies_(dependencies), longest_(longest) {}

  grpc::ServerGenericBidiReactor* CreateReactor(
      grpc::GenericCallbackServerContext* context) override;

 private:
  const GrpcProxyDependencies dependencies_;
  const absl::Duration longest_;
};

}  // namespace teraju::gateway
