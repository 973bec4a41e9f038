#include "common/postgres/database.h"

#include <algorithm>

#include "absl/random/random.h"
#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/pool.h"
#include "common/postgres/runner.h"

namespace teraju::postgres {
namespace {

// How long a silent server may hold a session after the call has ended.
constexpr absl::Duration kGrace = absl::Seconds(2);

absl::Status DeadlinePassed() {
  return errors::Make(
      absl::StatusCode::kDeadlineExceeded, errors::reasons::DEADLINE_PASSED, "Time ran out.");
}

// Full jitter, so that those who collided do not meet again.
absl::Duration Pause(int attempt) {
  thread_local absl::BitGen random;
  const double limit = std::min(200.0, 5.0 * (1 << std::min(attempt, 6)));
  return absl::Milliseconds(absl::Uniform(random, 1.0, limit));
}

// A string that does not parse fails each use with UNAVAILABLE, like a server that is not there.
std::string DsnOf(const DatabaseOptions& options) {
  auto dsn = CompleteDsn(options.dsn, "teraju-" + options.service, options.statement_timeout);
  return dsn.ok() ? *dsn : options.dsn;
}

}  // namespace

struct Database::Impl {
  Impl(DatabaseOptions given, metrics::PostgresMetrics& metrics)
      : options(std::move(given)),
        metrics(metrics),
        pool(DsnOf(options), options.connections, metrics) {}

  const DatabaseOptions options;
  metrics::PostgresMetrics& metrics;
  Pool pool;
};

Database::Database(DatabaseOptions options, metrics::PostgresMetrics& metrics)
    : impl_(std::make_unique<Impl>(std::move(options), metrics)) {}

Database::~Database() = default;

absl::Status Database::Run(Mode mode,
                           const CallContext& call,
                           absl::FunctionRef<absl::Status(Transaction&)> run,
                           absl::FunctionRef<absl::Status(const std::string&)> replay,
                           absl::FunctionRef<std::string()> response) {
  const DatabaseOptions& options = impl_->options;
  bool reconnected = false;
  absl::Status open;  // what an attempt said that may have committed, until a later one has looked
  for (int number = 1;; ++number) {
    const absl::Time now = absl::Now();
    if (call.deadline() <= now) return open.ok() ? DeadlinePassed() : open;
    const absl::Time wait_until = std::min(call.deadline(), now + options.acquire_timeout);
    absl::StatusOr<Pool::Lease> acquired =
        impl_->pool.Acquire(wait_until, call.deadline() + kGrace);
    if (!acquired.ok()) return open.ok() ? acquired.status() : open;
    Pool::Lease lease = *std::move(acquired);
    Attempt attempt = Runner(options, lease, call).Run({mode, run, replay, response});
    if (attempt.settled) open = absl::OkStatus();
    if (attempt.outcome_open) open = attempt.status;
    if (!open.ok()) attempt.status = open;
    // One lost connection may be chance (a restart, a failover); a second one is an outage, or a
    // statement that kills.
    if (!attempt.repeatable || number >= options.attempts ||
        (attempt.lost_connection && reconnected)) {
      return attempt.status;
    }
    reconnected = reconnected || attempt.lost_connection;
    { const Pool::Lease returned = std::move(lease); }
    const absl::Duration pause = Pause(number);
    if (absl::Now() + pause >= call.deadline()) return attempt.status;
    impl_->metrics.CountRetry();
    absl::SleepFor(pause);
  }
}

absl::Status Database::Check(int migrations, absl::Duration timeout) {
  const absl::Time deadline = absl::Now() + timeout;
  ASSIGN_OR_RETURN(Pool::Lease lease, impl_->pool.Acquire(deadline, deadline));
  try {
    pqxx::nontransaction tx(lease.session().connection());
    const int applied = tx.exec("SELECT count(*) FROM schema_migrations")[0][0].as<int>();
    if (applied >= migrations) return absl::OkStatus();
    return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE,
                               "The schema of the database is behind.")
        .With("dependency", "postgres");
  } catch (...) {
    lease.Discard();
    return DatabaseUnavailable();
  }
}

}  // namespace teraju::postgres
