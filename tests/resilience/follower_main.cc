// Follows catalog's feed as a service would, with the shipping consumer, and notes every change in
// the order of its application. R07 kills it again and again.
//   teraju-follower DSN TARGET TOKEN
#include <csignal>
#include <cstdio>

#include "common/auth/authorizer.h"
#include "common/auth/permissions.h"
#include "common/changes/changes_client.h"
#include "common/logging/logger.h"
#include "common/metrics/postgres_metrics.h"
#include "common/metrics/registry.h"
#include "common/postgres/feed_consumer.h"
#include "common/postgres/migrator.h"
#include "common/time/clock.h"

namespace teraju {
namespace {

// Without a unique key: a change that is applied twice must be seen.
const postgres::Migrations kTables = {
    {"0100_create_applied.sql",
     "CREATE TABLE applied (number bigint GENERATED ALWAYS AS IDENTITY, cursor text NOT NULL, "
     "resource text NOT NULL)"}};
constexpr postgres::Statement kNote{"applied_insert",
                                    "INSERT INTO applied (cursor, resource) VALUES ($1, $2)"};

absl::Status Follow(const std::string& dsn, const std::string& target, const std::string& token) {
  if (auto applied = postgres::Migrate(dsn, kTables); !applied.ok()) return applied.status();
  logging::Logger logger("follower");
  metrics::Registry registry;
  metrics::PostgresMetrics metrics(registry);
  postgres::Database database({.dsn = dsn, .service = "follower", .connections = 2}, metrics);
  const time::SystemClock clock;
  const auth::InMemoryBindings bindings(clock);
  const auth::Authorizer authorizer(auth::PermissionTable::Default(), bindings);
  const rpc::Channel channel({.target = target, .package = "teraju.catalog.v1"});
  const postgres::FeedConsumer consumer(
      {.service = "follower", .name = "catalog", .backoff = absl::Milliseconds(50)},
      changes::FollowPeer(
          "catalog", channel, [token] { return absl::StatusOr<std::string>(token); }, authorizer),
      [](postgres::Transaction& tx, const postgres::FeedChange& change) {
        tx.Exec(kNote, change.cursor, change.resource);
        return absl::OkStatus();
      },
      database,
      authorizer,
      registry,
      logger);
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  int signal = 0;
  sigwait(&ends, &signal);
  return absl::OkStatus();
}

}  // namespace
}  // namespace teraju

int main(int argc, char** argv) {
  if (argc != 4) return 2;
  const absl::Status status = teraju::Follow(argv[1], argv[2], argv[3]);
  if (!status.ok()) std::fprintf(stderr, "%s\n", std::string(status.message()).c_str());
  return status.ok() ? 0 : 1;
}
