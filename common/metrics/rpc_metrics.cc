#include "common/metrics/rpc_metrics.h"

#include <prometheus/counter.h>
#include <prometheus/gauge.h>
#include <prometheus/histogram.h>

#include <string>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/synchronization/mutex.h"

namespace teraju::metrics {

struct RpcMetrics::Impl {
  struct Series {
    prometheus::Counter* handled;
    prometheus::Histogram* seconds;
  };

  explicit Impl(Registry& registry)
      : registry(registry),
        in_flight(registry.Gauge("teraju_rpc_in_flight", "Calls being handled, waiting included")) {
  }

  Series Of(std::string_view method, std::string_view code) {
    std::pair<std::string, std::string> key(method, code);
    {
      absl::ReaderMutexLock lock(&mutex);
      if (auto found = series.find(key); found != series.end()) return found->second;
    }
    const Series made{
        &registry.Counter("teraju_rpc_handled_total",
                          "Calls answered",
                          {{"method", key.first}, {"code", key.second}}),
        &registry.Histogram(
            "teraju_rpc_handling_seconds", "Time from arrival to answer", {{"method", key.first}})};
    absl::MutexLock lock(&mutex);
    series.emplace(std::move(key), made);
    return made;
  }

  Registry& registry;
  prometheus::Gauge& in_flight;
  absl::Mutex mutex;
  absl::flat_hash_map<std::pair<std::string, std::string>, Series> series ABSL_GUARDED_BY(mutex);
};

RpcMetrics::RpcMetrics(Registry& registry) : impl_(std::make_unique<Impl>(registry)) {}
RpcMetrics::~RpcMetrics() = default;

void RpcMetrics::Started() { impl_->in_flight.Increment(); }

void RpcMetrics::Handled(std::string_view method, std::string_view code, double seconds) {
  impl_->in_flight.Decrement();
  const Impl::Series series = impl_->Of(method, code);
  series.handled->Increment();
  series.seconds->Observe(seconds);
}

QueueMetrics::QueueMetrics(Registry& registry, std::string_view executor)
    : depth_(registry.Gauge("teraju_rpc_queue_depth",
                            "Calls waiting for a worker",
                            {{"executor", std::string(executor)}})),
      refused_(registry.Counter("teraju_rpc_refused_total",
                                "Calls refused because the queue was full",
                                {{"executor", std::string(executor)}})) {}

void QueueMetrics::SetDepth(int calls) { depth_.Set(calls); }
void QueueMetrics::CountRefused() { refused_.Increment(); }

}  // namespace teraju::metrics
