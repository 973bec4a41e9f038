#include "common/testing/rpc_test.h"

#include <grpcpp/security/server_credentials.h>
#include <grpcpp/server.h>
#include <grpcpp/server_builder.h>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/rpc/request_metadata.h"

namespace teraju::testing {
namespace {

constexpr char kIssuer[] = "https://identity.test";

}  // namespace

struct RpcHost::Impl {
  Impl(const std::string& service,
       const auth::PermissionTable& permissions,
       std::vector<std::string> peers)
      : logger(service,
               [this](std::string_view line) {
                 absl::MutexLock lock(&mutex);
                 lines.emplace_back(line);
               }),
        calls({.name = "calls", .threads = 4, .queue = 64}, registry),
        waits({.name = "waits", .threads = 4, .queue = 64}, registry),
        authorizer(permissions, bindings),
        pipeline({.service = service,
                  .calls = calls,
                  .waits = waits,
                  .verifier = verifier,
                  .authorizer = authorizer,
                  .clock = clock,
                  .logger = logger,
                  .metrics = rpc_metrics,
                  .peers = std::move(peers),
                  .record_refusal = [this](const CallContext& call, const absl::Status& refusal) {
                    return recorder ? recorder(call, refusal) : absl::OkStatus();
                  }}) {
    bindings.HoldUntil(absl::InfiniteFuture());
  }

  Recorder recorder;
  mutable absl::Mutex mutex;
  std::vector<std::string> lines ABSL_GUARDED_BY(mutex);
  FakeClock clock;
  logging::Logger logger;
  metrics::Registry registry;
  metrics::RpcMetrics rpc_metrics{registry};
  rpc::Executor calls;
  rpc::Executor waits;
  const auth::TokenSigner signer = auth::TokenSigner::Generate();
  auth::FixedKeys keys{*auth::ParseKeySet(auth::MakeKeySetDocument({&signer}))};
  const auth::TokenVerifier verifier{{.issuer = kIssuer}, keys, clock};
  auth::InMemoryBindings bindings{clock};
  const auth::Authorizer authorizer;
  rpc::Pipeline pipeline;
  std::vector<std::unique_ptr<grpc::Service>> services;
  std::unique_ptr<grpc::Server> server;
  std::shared_ptr<grpc::Channel> channel;
};

RpcHost::RpcHost(const std::string& service,
                 const auth::PermissionTable& permissions,
                 std::vector<std::string> peers)
    : impl_(std::make_unique<Impl>(service, permissions, std::move(peers))) {}

RpcHost::~RpcHost() {
  if (impl_->server) impl_->server->Shutdown(absl::ToChronoTime(absl::Now()));
}

void RpcHost::RecordRefusals(Recorder recorder) { impl_->recorder = std::move(recorder); }
rpc::Pipeline& RpcHost::pipeline() { return impl_->pipeline; }
FakeClock& RpcHost::clock() { return impl_->clock; }
logging::Logger& RpcHost::logger() { return impl_->logger; }
metrics::Registry& RpcHost::metrics() { return impl_->registry; }
const auth::TokenSigner& RpcHost::signer() const { return impl_->signer; }

void RpcHost::Add(std::unique_ptr<grpc::Service> service) {
  impl_->services.push_back(std::move(service));
}

std::shared_ptr<grpc::Channel> RpcHost::channel() {
  if (!impl_->server) {
    grpc::ServerBuilder builder;
    for (const auto& service : impl_->services) builder.RegisterService(service.get());
    impl_->server = builder.BuildAndStart();
    impl_->channel = impl_->server->InProcessChannel({});
  }
  return impl_->channel;
}

void RpcHost::Prepare(grpc::ClientContext& context, const Caller& caller) const {
  context.set_deadline(absl::ToChronoTime(absl::Now() + caller.timeout));
  context.AddMetadata("accept-language", caller.locale);
  if (!caller.request_id.empty()) context.AddMetadata("x-request-id", caller.request_id);
  if (!caller.on_behalf_of.empty())
    context.AddMetadata(rpc::kOnBehalfOfHeader, caller.on_behalf_of);
  if (!caller.source.empty()) context.AddMetadata(rpc::kSourceHeader, caller.source);
  const std::string token =
      caller.token.empty() && !caller.subject.empty()
          ? CallerToken(caller.subject, caller.agency, caller.session, caller.scope)
          : caller.token;
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
}

std::string RpcHost::CallerToken(const std::string& subject,
                                 const std::string& agency,
                                 const std::string& session,
                                 const std::string& scope) const {
  const absl::Time now = impl_->clock.Now();
  return impl_->signer.Sign({.issuer = kIssuer,
                             .principal = {.subject = subject,
                                           .agency = AgencyId(agency),
                                           .client = "",
                                           .session = session,
                                           .scope = scope},
                             .issue_time = now,
                             .expire_time = now + absl::Minutes(10),
                             .token_id = "test"});
}

void RpcHost::Bind(std::vector<auth::RoleBinding> bindings) {
  impl_->bindings.Replace(std::move(bindings));
  impl_->bindings.HoldUntil(absl::InfiniteFuture());
}
void RpcHost::SetMandates(std::vector<auth::Mandate> mandates) {
  impl_->bindings.SetMandates(std::move(mandates));
}
void RpcHost::StaleBindings() { impl_->bindings.HoldUntil(absl::InfinitePast()); }
void RpcHost::Revoke(const std::string& key) {
  impl_->bindings.Revoke({{.key = key, .expire_time = absl::InfiniteFuture()}}, clock().Now());
}

std::vector<std::string> RpcHost::log_lines() const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->lines;
}

}  // namespace teraju::testing
