#include "common/metrics/postgres_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace teraju::metrics {

struct PostgresMetrics::Impl {
  explicit Impl(Registry& registry)
      : registry(registry),
        in_use(registry.Gauge("teraju_postgres_pool_in_use", "Connections held by transactions")),
        waiting(registry.Gauge("teraju_postgres_pool_waiting", "Callers waiting for a connection")),
        opened(registry.Counter("teraju_postgres_connections_total", "Connections opened")),
        retries(registry.Counter("teraju_postgres_retries_total",
                                 "Transactions run again after a conflict")) {}

  // The registry's own look-up builds label maps; statements are observed thousands of times a
  // second.
  prometheus::Histogram& Statement(std::string_view name, std::string_view outcome) {
    std::pair<std::string, std::string> key(name, outcome);
    {
      absl::ReaderMutexLock lock(&mutex);
      if (auto found = statements.find(key); found != statements.end()) return *found->second;
    }
    prometheus::Histogram& series =
        registry.Histogram("teraju_postgres_statement_seconds",
                           "Time of one statement, round trip included",
                           {{"statement", key.first}, {"outcome", key.second}});
    absl::MutexLock lock(&mutex);
    statements.emplace(std::move(key), &series);
    return series;
  }

  Registry& registry;
  prometheus::Gauge& in_use;
  prometheus::Gauge& waiting;
  prometheus::Counter& opened;
  prometheus::Counter& retries;
  absl::Mutex mutex;
  absl::flat_hash_map<std::pair<std::string, std::string>, prometheus::Histogram*> statements
      ABSL_GUARDED_BY(mutex);
};

PostgresMetrics::PostgresMetrics(Registry& registry) : impl_(std::make_unique<Impl>(registry)) {}
PostgresMetrics::~PostgresMetrics() = default;

void PostgresMetrics::ObserveStatement(std::string_view name,
                                       std::string_view outcome,
                                       double seconds) {
  impl_->Statement(name, outcome).Observe(seconds);
}
void PostgresMetrics::SetPoolInUse(int connections) { impl_->in_use.Set(connections); }
void PostgresMetrics::SetPoolWaiting(int callers) { impl_->waiting.Set(callers); }
void PostgresMetrics::CountConnection() { impl_->opened.Increment(); }
void PostgresMetrics::CountRetry() { impl_->retries.Increment(); }

}  // namespace teraju::metrics
