#include "services/gateway/gateway.h"

#include <atomic>
#include <optional>
#include <utility>

#include "absl/time/clock.h"
#include "common/auth/jwks_source.h"
#include "common/auth/permissions.h"
#include "common/errors/status_macros.h"
#include "common/metrics/exposer.h"
#include "common/metrics/registry.h"
#include "common/rpc/server.h"
#include "common/service/identity_source.h"
#include "common/time/clock.h"
#include "google/rpc/error_details.pb.h"
#include "services/gateway/openapi/document.h"
#include "services/gateway/pages.h"
#include "services/gateway/proxy/grpc_proxy.h"
#include "services/gateway/proxy/rest_handler.h"
#include "services/gateway/routing/http_rules.h"

namespace teraju::gateway {
namespace {

http::Response Plain(bool fine) {
  return {.status = fine ? 200 : 503,
          .headers = {{"Content-Type", "text/plain"}, {"Cache-Control", "no-store"}},
          .body = fine ? "ok\n" : "not ready\n"};
}

// Error details travel as google.protobuf.Any: no file of the contract imports them.
std::vector<const google::protobuf::FileDescriptor*> WithErrorDetails(
    std::vector<const google::protobuf::FileDescriptor*> files) {
  files.push_back(google::rpc::ErrorInfo::descriptor()->file());
  return files;
}

// Notes when the first key set has come.
auth::JwksSource::Fetch Noting(auth::JwksSource::Fetch fetch, std::atomic<bool>& keys_known) {
  return [fetch = std::move(fetch), &keys_known]() -> absl::StatusOr<std::string> {
    absl::StatusOr<std::string> document = fetch();
    if (document.ok() && auth::ParseKeySet(*document).ok()) keys_known = true;
    return document;
  };
}

}  // namespace

struct Gateway::Impl {
  Impl(Config given, logging::Logger& logger)
      : config(std::move(given)),
        logger(logger),
        identity({.target = config.targets["identity"], .connections = 1, .tls = config.tls}),
        keys(Noting(service::KeysFromIdentity(identity), keys_known), logger),
        verifier({.issuer = config.token_issuer}, keys, clock),
        admission(verifier, clock, config.admission) {
    for (const auto& [service, target] : config.targets) {
      backends.Add(service, {.target = target, .connections = 4, .tls = config.tls});
    }
  }

  // Requests end before what they use: connections, decisions, calls to services, then the loops
  // that would answer.
  ~Impl() {
    exposer.reset();
    if (rest_server != nullptr) rest_server->Drain(absl::InfinitePast());
    admission.Close();
    calls.CancelAllAndWait();
    grpc_server.reset();
    if (rest_server != nullptr) rest_server->Stop();
    calls.CancelAllAndWait();
    rest_server.reset();
  }

  absl::Status Start(const Contract& contract) {
    codec.emplace(WithErrorDetails(contract.files()),
                  *google::protobuf::MessageFactory::generated_factory());
    ASSIGN_OR_RETURN(std::vector<Route> read, RoutesOf(contract.services()));
    ASSIGN_OR_RETURN(RouteTable built, RouteTable::Build(std::move(read)));
    routes.emplace(std::move(built));
    ASSIGN_OR_RETURN(Methods known, Methods::Of(contract.services(), codec->plans()));
    methods.emplace(std::move(known));
    ASSIGN_OR_RETURN(openapi, MakeOpenApi(contract, *routes, *methods, TERAJU_VERSION));

    rest.emplace(
        RestDependencies{
            *codec, *routes, *methods, backends, admission, calls, logger, rpc_metrics},
        config.limits);
    pages.emplace(OwnPages(), *rest);
    proxy.emplace(GrpcProxyDependencies{*methods,
                                        backends,
                                        admission,
                                        calls,
                                        logger,
                                        rpc_metrics,
                                        config.limits.forwarded_hops},
                  config.limits.stream_timeout);
    ASSIGN_OR_RETURN(rest_server, http::Server::Start(config.rest, *pages));
    ASSIGN_OR_RETURN(grpc_server,
                     rpc::Server::Start({.address = config.rest.address, .port = config.grpc_port},
                                        {},
                                        auth::PermissionTable::Default(),
                                        registry,
                                        &*proxy));
    ASSIGN_OR_RETURN(
        exposer,
        metrics::Exposer::Start(config.metrics_address, config.metrics_port, OperatorsPages()));
    grpc_server->SetServing(true);
    logger.Info("started",
                {{"port", static_cast<int>(rest_server->port())},
                 {"grpc_port", grpc_server->port()},
                 {"metrics_port", exposer->port()},
                 {"routes", static_cast<int>(routes->routes().size())}});
    return absl::OkStatus();
  }

  bool ready() const { return keys_known && !draining; }

  std::map<std::string, Pages::Page, std::less<>> OwnPages() {
    return {{"/healthz", [] { return Plain(true); }},
            {"/readyz", [this] { return Plain(ready()); }},
            {"/openapi.json", [this] {
               return http::Response{.headers = {{"Content-Type", "application/json"},
                                                 {"Cache-Control", "public, max-age=300"}},
                                     .body = openapi};
             }}};
  }

  metrics::Exposer::Pages OperatorsPages() {
    return {{"/metrics",
             [this] {
               return metrics::Page{200, registry.Text()};
             }},
            {"/livez",
             [] {
               return metrics::Page{200, "ok\n"};
             }},
            {"/readyz", [this] {
               return ready() ? metrics::Page{200, "ok\n"} : metrics::Page{503, "not ready\n"};
             }}};
  }

  void Drain() {
    draining = true;
    grpc_server->SetServing(false);
    // Who sends requests here watches /readyz and goes elsewhere; until then they are served.
    absl::SleepFor(config.lame_duck);
    rest_server->Drain(absl::Now() + config.drain);
    grpc_server->Shutdown(config.drain);
  }

  Config config;
  logging::Logger& logger;
  time::SystemClock clock;
  metrics::Registry registry;
  metrics::RpcMetrics rpc_metrics{registry};
  std::optional<json::Codec> codec;
  std::optional<RouteTable> routes;
  std::optional<Methods> methods;
  std::string openapi;

  std::atomic<bool> keys_known = false;
  std::atomic<bool> draining = false;
  rpc::Channel identity;
  auth::JwksSource keys;
  auth::TokenVerifier verifier;
  Backends backends;
  CallRegistry calls;
  std::optional<RestHandler> rest;
  std::optional<Pages> pages;
  std::optional<GrpcProxy> proxy;
  Admission admission;

  std::unique_ptr<http::Server> rest_server;
  std::unique_ptr<rpc::Server> grpc_server;
  std::unique_ptr<metrics::Exposer> exposer;
};

Gateway::Gateway(Config config, logging::Logger& logger)
    : impl_(std::make_unique<Impl>(std::move(config), logger)) {}
Gateway::~Gateway() = default;

absl::Status Gateway::Start(const Contract& contract) { return impl_->Start(contract); }
void Gateway::Drain() { impl_->Drain(); }
int Gateway::rest_port() const { return impl_->rest_server->port(); }
int Gateway::grpc_port() const { return impl_->grpc_server->port(); }
int Gateway::metrics_port() const { return impl_->exposer->port(); }
bool Gateway::ready() const { return impl_->ready(); }

}  // namespace teraju::gateway
