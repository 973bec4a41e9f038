// The connections to one peer: several, each with its own sub-channels, spread over the peer's
// healthy replicas.
#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/rpc/tls.h"
#include "grpcpp/channel.h"
#include "grpcpp/client_context.h"

namespace teraju::rpc {

struct ChannelOptions {
  std::string target;  // `host:port`, `dns:///host:port`, several addresses as `ipv4:a:1,b:2`
  // The peer's proto package (`teraju.identity.v1`): its methods that only read are repeated when a
  // replica is gone.
  std::string package = {};
  int connections = 2;
  TlsFiles tls = {};
};

// Thread-safe; outlives what is made of it. A replica that hangs is noticed by pings within about
// three seconds, one that says NOT_SERVING gets no new calls, one that is new is found when
// connections come of age. At most three attempts per call, and a budget: when more than about
// every tenth call fails, nothing is repeated.
class Channel {
 public:
  explicit Channel(const ChannelOptions& options);
  Channel(const Channel&) = delete;
  Channel& operator=(const Channel&) = delete;

  // The next connection in turn, as an index of all(). One that has no replica is passed over while
  // another has one: each finds a replica again in its own time.
  std::size_t Turn() const;
  const std::shared_ptr<grpc::Channel>& Next() const { return channels_[Turn()]; }
  const std::vector<std::shared_ptr<grpc::Channel>>& all() const { return channels_; }

 private:
  std::vector<std::shared_ptr<grpc::Channel>> channels_;
  mutable std::atomic<unsigned> next_ = 0;
};

// The channel arguments of every client of the suite, the gateway's included, with the service
// config as JSON.
grpc::ChannelArguments MakeChannelArguments(const std::string& service_config);

// gRPC's service config: health-checked round robin, and retries for the methods of the packages
// that only read
// (`google.api.http` get, or `idempotency_level`), google.longrunning.Operations and the change
// feed.
std::string MakeServiceConfig(const std::vector<std::string>& packages);

}  // namespace teraju::rpc
