// A gRPC server that is safe to expose: bounded, without decompression, with an acceptor of its
// own, and with a health that the process sets.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/permissions.h"
#include "common/metrics/registry.h"
#include "common/rpc/tls.h"
#include "grpcpp/impl/service_type.h"

namespace grpc {
class CallbackGenericService;
class ServerBuilder;
}  // namespace grpc

namespace teraju::rpc {

struct ServerOptions {
  std::string address = "0.0.0.0";  // numeric
  int port = 0;                     // 0: a free one
  TlsFiles tls = {};
  bool reflection = false;  // describes every method to whoever asks
  absl::Duration max_connection_age =
      absl::Seconds(30);  // clients look for new replicas when a connection ends
};

// Settings that every server of the suite has, the gateway's proxy included: no gzip or deflate (a
// small message could inflate to gigabytes before the limit is checked), 4 MiB per message, 8 KiB
// of metadata, bounded streams, memory and handshakes.
void Harden(grpc::ServerBuilder& builder, const ServerOptions& options);

class Server {
 public:
  // Offers `services` once each of their methods has an access rule (CheckService);
  // FAILED_PRECONDITION naming the method otherwise, UNAVAILABLE when the port cannot be had.
  // `generic`, if given, takes every other method. Health is NOT_SERVING until SetServing. The
  // services outlive the server.
  static absl::StatusOr<std::unique_ptr<Server>> Start(
      const ServerOptions& options,
      const std::vector<grpc::Service*>& services,
      const auth::PermissionTable& permissions,
      metrics::Registry& registry,
      grpc::CallbackGenericService* generic = nullptr);
  ~Server();

  int port() const;
  // What grpc.health.v1.Health answers, for the server as a whole and for each service.
  void SetServing(bool serving);
  // Accepts nothing new, lets calls end, and breaks off what is left after `grace`. Blocks until
  // all handlers have ended.
  void Shutdown(absl::Duration grace);

 private:
  struct Impl;
  explicit Server(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::rpc
