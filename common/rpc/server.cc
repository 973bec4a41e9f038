#include "common/rpc/server.h"

#include <grpcpp/ext/proto_server_reflection_plugin.h>
#include <grpcpp/generic/async_generic_service.h>
#include <grpcpp/health_check_service_interface.h>
#include <grpcpp/impl/server_builder_option.h>
#include <grpcpp/impl/server_builder_plugin.h>
#include <grpcpp/impl/server_initializer.h>
#include <grpcpp/resource_quota.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include <utility>

#include "absl/time/clock.h"
#include "common/errors/status_macros.h"
#include "common/rpc/acceptor.h"
#include "common/rpc/method_rule.h"

namespace teraju::rpc {
namespace {

constexpr int kMaxMessage = 4 << 20;
constexpr int kMaxMetadata = 8 << 10;
constexpr int kMaxStreams = 1024;  // of one connection; a gateway multiplexes everybody over a few
constexpr std::size_t kMemory = 256 << 20;  // of all connections' buffers
constexpr int kHandshakeMs = 10'000;
constexpr int kKeepaliveMs = 20'000;
constexpr int kKeepaliveTimeoutMs = 5'000;
constexpr int kShortestPingMs =
    500;  // of clients; gRPC's default of 5 minutes would refuse our own channels
constexpr int kConnectionGraceMs = 30 * 60'000;  // an upload may outlast its connection's age

// Reads the names of the services that a builder is given; grpc::Service does not tell its own.
class ServiceNames final : public grpc::ServerBuilderPlugin {
 public:
  explicit ServiceNames(std::vector<std::string>& names) : names_(names) {}
  std::string name() override { return "teraju_service_names"; }
  void InitServer(grpc::ServerInitializer*) override {}
  void Finish(grpc::ServerInitializer* initializer) override {
    names_ = *initializer->GetServiceList();
  }
  void ChangeArguments(const std::string&, void*) override {}

 private:
  std::vector<std::string>& names_;
};

class CollectNames final : public grpc::ServerBuilderOption {
 public:
  explicit CollectNames(std::vector<std::string>& names) : names_(names) {}
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    plugins->push_back(std::make_unique<ServiceNames>(names_));
  }

 private:
  std::vector<std::string>& names_;
};

// Debian's reflection library offers itself to every server of a process that it is linked into.
class WithoutReflection final : public grpc::ServerBuilderOption {
 public:
  void UpdateArguments(grpc::ChannelArguments*) override {}
  void UpdatePlugins(std::vector<std::unique_ptr<grpc::ServerBuilderPlugin>>* plugins) override {
    std::erase_if(*plugins,
                  [](const auto& plugin) { return plugin->name() == "proto_server_reflection"; });
  }
};

}  // namespace

void Harden(grpc::ServerBuilder& builder, const ServerOptions& options) {
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_GZIP, false);
  builder.SetCompressionAlgorithmSupportStatus(GRPC_COMPRESS_DEFLATE, false);
  builder.SetMaxReceiveMessageSize(kMaxMessage);
  builder.SetResourceQuota(grpc::ResourceQuota("teraju").Resize(kMemory));
  const std::pair<const char*, int> arguments[] = {
      {GRPC_ARG_MAX_METADATA_SIZE, kMaxMetadata},
      {GRPC_ARG_MAX_CONCURRENT_STREAMS, kMaxStreams},
      {GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMs},
      {GRPC_ARG_KEEPALIVE_TIME_MS, kKeepaliveMs},
      {GRPC_ARG_KEEPALIVE_TIMEOUT_MS, kKeepaliveTimeoutMs},
      {GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1},
      {GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, kShortestPingMs},
      {GRPC_ARG_MAX_CONNECTION_AGE_MS,
       static_cast<int>(absl::ToInt64Milliseconds(options.max_connection_age))},
      {GRPC_ARG_MAX_CONNECTION_AGE_GRACE_MS, kConnectionGraceMs},
  };
  for (const auto& [name, value] : arguments) builder.AddChannelArgument(name, value);
}

struct Server::Impl {
  std::unique_ptr<Acceptor> acceptor;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> connections;
  std::vector<std::string> services;
  std::unique_ptr<grpc::Server> server;
};

Server::Server(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const ServerOptions& options,
                                                      const std::vector<grpc::Service*>& services,
                                                      const auth::PermissionTable& permissions,
                                                      metrics::Registry& registry,
                                                      grpc::CallbackGenericService* generic) {
  RETURN_IF_ERROR(CheckTlsFiles(options.tls));
  RaiseFileLimit();
  auto impl = std::make_unique<Impl>();
  ASSIGN_OR_RETURN(impl->acceptor, Acceptor::Listen(options.address, options.port, registry));
  grpc::EnableDefaultHealthCheckService(true);
  if (options.reflection) grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  grpc::ServerBuilder builder;
  if (!options.reflection) builder.SetOption(std::make_unique<WithoutReflection>());
  Harden(builder, options);
  builder.SetOption(std::make_unique<CollectNames>(impl->services));
  for (grpc::Service* service : services) builder.RegisterService(service);
  if (generic != nullptr) builder.RegisterCallbackGenericService(generic);
  impl->connections = builder.experimental().AddExternalConnectionAcceptor(
      grpc::ServerBuilder::experimental_type::ExternalConnectionType::FROM_FD,
      MakeServerCredentials(options.tls));
  impl->server = builder.BuildAndStart();
  if (!impl->server) return absl::UnavailableError("the gRPC server does not start");
  std::unique_ptr<Server> server(new Server(std::move(impl)));
  server->SetServing(false);
  // Nobody can connect before this has passed.
  for (const std::string& name : server->impl_->services) {
    if (!name.starts_with("grpc.")) RETURN_IF_ERROR(CheckService(name, permissions));
  }
  server->impl_->acceptor->Start([impl = server->impl_.get()](int descriptor) {
    grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters connection;
    connection.fd = descriptor;
    impl->connections->HandleNewConnection(&connection);
  });
  return server;
}

Server::~Server() { Shutdown(absl::ZeroDuration()); }

int Server::port() const { return impl_->acceptor->port(); }

void Server::SetServing(bool serving) {
  impl_->server->GetHealthCheckService()->SetServingStatus(serving);
}

void Server::Shutdown(absl::Duration grace) {
  impl_->acceptor->Stop();
  impl_->server->Shutdown(absl::ToChronoTime(absl::Now() + grace));
}

}  // namespace teraju::rpc
