#include "common/service/host.h"

#include <prometheus/gauge.h>

#include <map>
#include <string_view>
#include <vector>

#include "absl/time/clock.h"
#include "common/audit/audit_events_service.h"
#include "common/audit/audit_logs_service.h"
#include "common/audit/head_exporter.h"
#include "common/audit/refusals.h"
#include "common/audit/sequencer.h"
#include "common/changes/changes_client.h"
#include "common/changes/changes_service.h"
#include "common/errors/status_macros.h"
#include "common/metrics/exposer.h"
#include "common/metrics/postgres_metrics.h"
#include "common/operations/operations_service.h"
#include "common/operations/worker.h"
#include "common/postgres/feed_watch.h"
#include "common/postgres/housekeeping.h"
#include "common/service/health.h"
#include "common/service/host_settings.h"
#include "common/service/identity_source.h"
#include "common/service/periodic.h"
#include "common/service/process.h"

namespace teraju::service {
namespace {

constexpr absl::Duration kCheckTimeout = absl::Milliseconds(400);
// How long a peer may keep this service waiting for a change: a drain waits as long.
constexpr absl::Duration kFeedWait = absl::Seconds(1);

constexpr absl::Duration kHousekeeping = absl::Minutes(10);

struct Repeated {
  std::string name;
  absl::Duration interval;
  std::function<absl::Status()> work;
};

struct Followed {
  std::string peer;
  Host::ReadForChanges read;
  postgres::ApplyChange apply;
};

// The keys of a source that is made after the pipeline.
class LateKeys final : public auth::KeySource {
 public:
  absl::StatusOr<std::shared_ptr<const auth::VerificationKey>> Find(std::string_view id) override {
    return source->Find(id);
  }
  std::unique_ptr<auth::JwksSource> source;
};

}  // namespace

struct Host::Impl {
  Impl(std::string service,
       const postgres::Migrations& migrations,
       Settings& settings,
       logging::Logger& logger)
      : name(std::move(service)),
        migrations(postgres::CountMigrations(migrations)),
        settings(settings),
        logger(logger),
        tls(TlsOf(settings)),
        server_options(ServerOf(settings, tls)),
        metrics_address(settings.Text("METRICS_ADDRESS", "0.0.0.0")),
        metrics_port(settings.Integer("METRICS_PORT", 9464, 0, 65535)),
        audit_key_file(settings.Text("AUDIT_KEY_FILE", "")),
        head_export(HeadExportOf(name, settings)),
        lame_duck(settings.Milliseconds("LAME_DUCK_MILLISECONDS", 500, 0, 60'000)),
        drain(settings.Seconds("DRAIN_SECONDS", 8, 1, 600)),
        database(DatabaseOf(name, settings, logger), postgres_metrics),
        verifier({.issuer = settings.RequiredText("TOKEN_ISSUER")}, keys, clock),
        calls({.name = "calls",
               .threads = settings.Integer("THREADS", 16, 1, 1000),
               .queue = settings.Integer("QUEUE", 256, 1, 100'000)},
              registry),
        waits({.name = "waits",
               .threads = settings.Integer("WAIT_THREADS", 32, 1, 1000),
               .queue = 64},
              registry),
        pipeline({.service = name,
                  .calls = calls,
                  .waits = waits,
                  .verifier = verifier,
                  .authorizer = authorizer,
                  .clock = clock,
                  .logger = logger,
                  .metrics = rpc_metrics,
                  .peers = settings.List("TLS_PEERS"),
                  .record_refusal = [this](const CallContext& call, const absl::Status& refusal) {
                    return audit::RecordRefusal(database, call, refusal);
                  }}) {}

  // Whoever calls into others goes before them.
  ~Impl() {
    exposer.reset();
    readiness.reset();
    server.reset();
    head_exporter.reset();
    sequencer.reset();
    feed_consumers.clear();
    worker.reset();
    periodic.clear();
    follower.reset();
    while (!owned.empty()) owned.pop_back();
  }

  const rpc::Channel& ChannelTo(std::string_view peer) {
    std::unique_ptr<rpc::Channel>& channel = channels[std::string(peer)];
    if (!channel) {
      std::string setting(peer);
      for (char& c : setting) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      channel = std::make_unique<rpc::Channel>(
          rpc::ChannelOptions{.target = settings.RequiredText(setting + "_TARGET"),
                              .package = "teraju." + std::string(peer) + ".v1",
                              .tls = tls});
    }
    return *channel;
  }

  rpc::TokenSource OwnToken() {
    return [this]() -> absl::StatusOr<std::string> {
      if (!own_token) return absl::UnavailableError("the host does not run yet");
      return own_token->Get();
    };
  }

  // What the wiring left to the default comes from identity.
  void Complete() {
    if (!fetch_token) {
      std::string id = settings.Text("CLIENT_ID", name);
      fetch_token = TokenFromIdentity(
          ChannelTo("identity"), std::move(id), settings.RequiredSecret("CLIENT_SECRET"), clock);
    }
    if (!fetch_keys) fetch_keys = KeysFromIdentity(ChannelTo("identity"));
    if (!access_source) access_source = AccessFromIdentity(ChannelTo("identity"), OwnToken());
  }

  absl::Status Start() {
    own_token = std::make_unique<rpc::ServiceToken>(fetch_token, clock);
    watch = std::make_unique<postgres::FeedWatch>(database, authorizer);
    std::optional<audit::Signer> signer;
    if (!audit_key_file.empty()) {
      ASSIGN_OR_RETURN(signer, audit::Signer::FromPemFile(audit_key_file));
    }
    common = {std::make_shared<changes::ChangesService>(pipeline, database, *watch, name),
              std::make_shared<operations::OperationsService>(pipeline, database, name),
              std::make_shared<audit::AuditEventsService>(
                  pipeline, database, name, signer.has_value() ? signer->public_key() : ""),
              std::make_shared<audit::AuditLogsService>(
                  pipeline, database, name, signer.has_value() ? signer->public_key() : "")};
    for (const auto& service : common) services.push_back(service.get());
    keys.source = std::make_unique<auth::JwksSource>(fetch_keys, logger);
    follower =
        std::make_unique<auth::AccessFollower>(access_source, bindings, lease_clock, clock, logger);
    ASSIGN_OR_RETURN(
        server,
        rpc::Server::Start(server_options, services, auth::PermissionTable::Default(), registry));
    readiness = std::make_unique<Readiness>(
        [this] { return Check(); }, [this](bool ready) { SetServing(ready); }, logger);
    ASSIGN_OR_RETURN(exposer, metrics::Exposer::Start(metrics_address, metrics_port, Pages()));
    for (const Repeated& one : repeated)
      periodic.push_back(std::make_unique<Periodic>(one.name, one.interval, one.work, logger));
    StartSequencer(std::move(signer));
    StartHeadExport();
    if (!handlers.empty()) {
      worker = std::make_unique<operations::Worker>(
          operations::WorkerOptions{.service = name}, handlers, database, authorizer, logger);
    }
    for (const Followed& feed : followed) StartToFollow(feed);
    logger.Info("started", {{"port", server->port()}, {"metrics_port", exposer->port()}});
    return absl::OkStatus();
  }

  void StartToFollow(const Followed& feed) {
    const postgres::FeedSource changes =
        changes::FollowPeer(feed.peer, ChannelTo(feed.peer), OwnToken(), authorizer);
    feed_consumers.push_back(std::make_unique<postgres::FeedConsumer>(
        postgres::FeedConsumerOptions{.service = name, .name = feed.peer, .max_wait = kFeedWait},
        [changes, read = feed.read](const std::string& cursor,
                                    absl::Duration max_wait) -> absl::StatusOr<postgres::FeedPage> {
          ASSIGN_OR_RETURN(postgres::FeedPage page, changes(cursor, max_wait));
          RETURN_IF_ERROR(read(page.changes));
          return page;
        },
        feed.apply,
        database,
        authorizer,
        registry,
        logger));
  }

  // Without a key events are recorded and their proofs stay pending.
  void StartSequencer(std::optional<audit::Signer> signer) {
    if (!signer.has_value()) {
      logger.Warning("audit log is not signed", {{"setting", "AUDIT_KEY_FILE"}});
      return;
    }
    sequencer =
        std::make_unique<audit::Sequencer>(name, *std::move(signer), database, authorizer, logger);
  }

  void StartHeadExport() {
    if (head_export.address.empty()) {
      logger.Info("audit heads are kept nowhere else", {{"setting", "AUDIT_HEADS_URL"}});
      return;
    }
    head_exporter =
        std::make_unique<audit::HeadExporter>(head_export, database, authorizer, registry, logger);
  }

  // A new replica takes no calls before it can tell who calls and what they may do; one that has
  // known is not taken out when identity goes, because it still answers what it can.
  absl::Status Check() {
    RETURN_IF_ERROR(database.Check(migrations, kCheckTimeout));
    if (!complete && !keys.source->HasKeys())
      return absl::UnavailableError("the issuer's keys are not known yet");
    if (!complete && !bindings.fresh())
      return absl::UnavailableError("the role bindings are not known yet");
    complete = true;
    return absl::OkStatus();
  }

  void SetServing(bool ready) {
    server->SetServing(ready);
    registry.Gauge("teraju_ready", "Whether this replica takes calls").Set(ready ? 1 : 0);
  }

  metrics::Exposer::Pages Pages() {
    return {{"/metrics",
             [this] {
               return metrics::Page{200, registry.Text()};
             }},
            {"/livez",
             [] {
               return metrics::Page{200, "ok\n"};
             }},
            {"/readyz", [this] {
               return readiness->ready() ? metrics::Page{200, "ok\n"}
                                         : metrics::Page{503, "not ready\n"};
             }}};
  }

  void Drain() {
    readiness->Stop();
    // Callers watch the health and go elsewhere; until they have, they are served.
    absl::SleepFor(lame_duck);
    pipeline.EndWaits();
    server->Shutdown(drain);
    head_exporter.reset();
    sequencer.reset();
    feed_consumers.clear();
    worker.reset();
    periodic.clear();
    follower.reset();
  }

  const std::string name;
  const int migrations;
  Settings& settings;
  logging::Logger& logger;
  const rpc::TlsFiles tls;
  const rpc::ServerOptions server_options;
  const std::string metrics_address;
  const int metrics_port;
  const std::string audit_key_file;  // for the sequencer of the audit log
  const audit::HeadExportOptions head_export;
  const absl::Duration lame_duck;
  const absl::Duration drain;

  time::SystemClock clock;
  metrics::Registry registry;
  metrics::PostgresMetrics postgres_metrics{registry};
  metrics::RpcMetrics rpc_metrics{registry};
  postgres::Database database;
  bool complete = false;  // of the readiness thread
  LateKeys keys;
  auth::TokenVerifier verifier;
  time::SteadyClock lease_clock;
  auth::InMemoryBindings bindings{lease_clock};
  const auth::Authorizer authorizer{auth::PermissionTable::Default(), bindings};
  rpc::Executor calls;
  rpc::Executor waits;
  rpc::Pipeline pipeline;
  std::map<std::string, std::unique_ptr<rpc::Channel>> channels;
  auth::JwksSource::Fetch fetch_keys;
  auth::AccessFollower::Source access_source;
  rpc::ServiceToken::Fetch fetch_token;
  std::unique_ptr<rpc::ServiceToken> own_token;

  std::vector<std::shared_ptr<void>> owned;
  std::vector<grpc::Service*> services;
  operations::Handlers handlers;
  std::vector<Followed> followed;
  std::vector<Repeated> repeated = {
      {"housekeeping", kHousekeeping, [this] {
         return postgres::RemoveExpired(database, authorizer, absl::Now()).status();
       }}};

  std::unique_ptr<postgres::FeedWatch> watch;
  std::vector<std::shared_ptr<grpc::Service>> common;  // what every service of the suite offers
  std::unique_ptr<rpc::Server> server;
  std::unique_ptr<auth::AccessFollower> follower;
  std::unique_ptr<operations::Worker> worker;
  std::vector<std::unique_ptr<postgres::FeedConsumer>> feed_consumers;
  std::vector<std::unique_ptr<Periodic>> periodic;
  std::unique_ptr<audit::Sequencer> sequencer;
  std::unique_ptr<audit::HeadExporter> head_exporter;
  std::unique_ptr<Readiness> readiness;
  std::unique_ptr<metrics::Exposer> exposer;
};

Host::Host(std::string name,
           const postgres::Migrations& migrations,
           Settings& settings,
           logging::Logger& logger)
    : impl_(std::make_unique<Impl>(std::move(name), migrations, settings, logger)) {}
Host::~Host() = default;

const std::string& Host::name() const { return impl_->name; }
rpc::Pipeline& Host::pipeline() { return impl_->pipeline; }
postgres::Database& Host::database() { return impl_->database; }
const auth::Authorizer& Host::authorizer() { return impl_->authorizer; }
logging::Logger& Host::logger() { return impl_->logger; }
metrics::Registry& Host::metrics() { return impl_->registry; }
const time::Clock& Host::clock() { return impl_->clock; }
Settings& Host::settings() { return impl_->settings; }
const rpc::Channel& Host::Channel(std::string_view peer) { return impl_->ChannelTo(peer); }
rpc::TokenSource Host::OwnToken() { return impl_->OwnToken(); }

CallContext Host::OwnCall(std::string method, absl::Duration timeout) {
  const absl::Time now = impl_->clock.Now();
  CallContext::Fields fields;
  fields.principal.subject = "services/" + impl_->name;
  fields.method = std::move(method);
  fields.call_id = NewUuid7(now);
  fields.time = now;
  fields.deadline = absl::Now() + timeout;
  return CallContext(std::move(fields), impl_->authorizer);
}

void Host::Execute(std::string kind, operations::Handler handler) {
  impl_->handlers.emplace(std::move(kind), std::move(handler));
}
void Host::Follow(std::string peer, ReadForChanges read, postgres::ApplyChange apply) {
  impl_->ChannelTo(peer);  // a missing setting is told with the others
  impl_->followed.push_back({std::move(peer), std::move(read), std::move(apply)});
}
void Host::Every(absl::Duration interval, std::string name, std::function<absl::Status()> work) {
  impl_->repeated.push_back({std::move(name), interval, std::move(work)});
}
void Host::SetKeys(auth::JwksSource::Fetch fetch) { impl_->fetch_keys = std::move(fetch); }
void Host::SetAccess(auth::AccessFollower::Source source) {
  impl_->access_source = std::move(source);
}
void Host::SetOwnToken(rpc::ServiceToken::Fetch fetch) { impl_->fetch_token = std::move(fetch); }
void Host::RefreshAccess() {
  if (impl_->follower) impl_->follower->Refresh();
}
void Host::Keep(std::shared_ptr<void> object) { impl_->owned.push_back(std::move(object)); }
void Host::Offer(grpc::Service& service) { impl_->services.push_back(&service); }

int Host::Run() {
  impl_->Complete();
  if (const absl::Status faults = impl_->settings.Check(); !faults.ok()) {
    impl_->logger.Error("wrong settings", {{"faults", std::string(faults.message())}});
    return 2;
  }
  impl_->settings.Log(impl_->logger);
  if (const absl::Status started = impl_->Start(); !started.ok()) {
    impl_->logger.Error("not started", {{"cause", logging::Describe(started)}});
    return 1;
  }
  const int signal = AwaitSignal();
  impl_->logger.Info("draining", {{"signal", signal}});
  impl_->Drain();
  impl_->logger.Info("stopped");
  return 0;
}

}  // namespace teraju::service
