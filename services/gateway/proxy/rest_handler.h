// REST: every method of every service, by its route. There is no handler per method.
#pragma once

#include <memory>

#include "absl/time/time.h"
#include "common/logging/logger.h"
#include "common/metrics/rpc_metrics.h"
#include "services/gateway/http/exchange.h"
#include "services/gateway/json/codec.h"
#include "services/gateway/proxy/admission.h"
#include "services/gateway/proxy/backends.h"
#include "services/gateway/proxy/call_registry.h"
#include "services/gateway/proxy/method.h"
#include "services/gateway/routing/route_table.h"

namespace teraju::gateway {

// What a REST call works with; all of it outlives the server that calls the handler.
struct RestDependencies {
  const json::Codec& codec;
  const RouteTable& routes;
  const Methods& methods;
  const Backends& backends;
  Admission& admission;
  CallRegistry& calls;
  logging::Logger& logger;
  metrics::RpcMetrics& metrics;
};

struct RestLimits {
  std::uint64_t max_body_bytes = 1024 * 1024;
  absl::Duration call_timeout = absl::Seconds(15);
  absl::Duration waiting_call_timeout =
      absl::Seconds(30);  // methods that wait by themselves (change feeds)
  absl::Duration stream_timeout = absl::Minutes(30);  // uploads and downloads
  int forwarded_hops = 0;  // proxies in front that append to X-Forwarded-For
};

class RestHandler final : public http::Handler {
 public:
  RestHandler(RestDependencies dependencies, RestLimits limits)
      : dependencies_(dependencies), limits_(limits) {}

  void Handle(std::shared_ptr<http::Exchange> exchange) override;

 private:
  const RestDependencies dependencies_;
  const RestLimits limits_;
};

}  // namespace teraju::gateway
