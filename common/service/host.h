// Everything that a service is wired with, and the owner of what it is made of.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "absl/time/time.h"
#include "common/auth/access_follower.h"
#include "common/auth/authorizer.h"
#include "common/auth/call_context.h"
#include "common/auth/jwks_source.h"
#include "common/logging/logger.h"
#include "common/metrics/registry.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "common/postgres/feed_consumer.h"
#include "common/postgres/migrator.h"
#include "common/rpc/channel.h"
#include "common/rpc/client_call.h"
#include "common/rpc/pipeline.h"
#include "common/rpc/service_token.h"
#include "common/service/settings.h"
#include "common/time/clock.h"
#include "grpcpp/impl/service_type.h"

namespace teraju::service {

class Host {
 public:
  // Reads the common settings; `settings` collects their faults.
  Host(std::string name,
       const postgres::Migrations& migrations,
       Settings& settings,
       logging::Logger& logger);
  ~Host();

  const std::string& name() const;
  rpc::Pipeline& pipeline();
  postgres::Database& database();
  const auth::Authorizer& authorizer();
  logging::Logger& logger();
  metrics::Registry& metrics();
  const time::Clock& clock();
  // For settings of the service's own.
  Settings& settings();

  // The peer at TERAJU_<SERVICE>_<PEER>_TARGET (required). One set of connections per peer.
  const rpc::Channel& Channel(std::string_view peer);
  // This service's own token, for rpc::Client.
  rpc::TokenSource OwnToken();
  // A call of this service's own, for work that no request asked for. `method` names the work in
  // audit and log.
  CallContext OwnCall(std::string method, absl::Duration timeout);

  // Makes an object that lives as long as the host; destroyed in reverse order.
  template <typename T, typename... Args>
  T& Own(Args&&... args) {
    auto made = std::make_shared<T>(std::forward<Args>(args)...);
    Keep(made);
    return *made;
  }
  // Makes a gRPC service and offers it.
  template <typename T, typename... Args>
  T& Serve(Args&&... args) {
    T& service = Own<T>(std::forward<Args>(args)...);
    Offer(service);
    return service;
  }
  // Executes operations of this kind with `handler`, on any replica.
  void Execute(std::string kind, operations::Handler handler);
  // What the changes of a page need from elsewhere, read before the transaction that applies them.
  using ReadForChanges = std::function<absl::Status(std::span<const postgres::FeedChange>)>;
  // Follows the feed of the peer, on any replica. `apply` runs for each change in the order of the
  // feed, in the transaction that remembers how far this service has come.
  void Follow(std::string peer, ReadForChanges read, postgres::ApplyChange apply);

  // Runs `work` with this time between, on every replica, while the host runs; see Periodic.
  void Every(absl::Duration interval, std::string name, std::function<absl::Status()> work);

  // Where keys, role bindings with revocations and the own token come from. Without these calls:
  // from identity, over gRPC. Identity itself says how it reads its own.
  void SetKeys(auth::JwksSource::Fetch fetch);
  void SetAccess(auth::AccessFollower::Source source);
  void SetOwnToken(rpc::ServiceToken::Fetch fetch);
  // Reads role bindings and revocations now, so that a change of this replica's own is in force
  // when its call is answered.
  void RefreshAccess();

  // Serves until SIGTERM or SIGINT, then drains: not serving, half a second for callers to notice,
  // no new calls, running ones end, then workers, then the rest. The exit code of the process.
  int Run();

 private:
  void Keep(std::shared_ptr<void> object);
  void Offer(grpc::Service& service);

  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::service
