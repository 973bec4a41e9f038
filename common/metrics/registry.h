// The metrics of one process. Series are made by constructors and kept by reference; there is no
// global registry.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

namespace prometheus {
class Counter;
class Gauge;
class Histogram;
class Registry;
}  // namespace prometheus

namespace teraju::metrics {

using Labels = std::map<std::string, std::string>;

// Upper bounds in seconds, 0.5 ms to 10 s, for calls and statements.
const std::vector<double>& SecondsBuckets();

// Thread-safe. The same name and labels give the same series; a name belongs to one kind of metric
// (another kind throws std::invalid_argument at start). References live as long as the registry.
// Label values are bounded sets (methods, codes, statement names), never ids or persons.
class Registry {
 public:
  Registry();
  ~Registry();

  prometheus::Counter& Counter(const std::string& name,
                               const std::string& help,
                               const Labels& labels = {});
  prometheus::Gauge& Gauge(const std::string& name,
                           const std::string& help,
                           const Labels& labels = {});
  prometheus::Histogram& Histogram(const std::string& name,
                                   const std::string& help,
                                   const Labels& labels = {});

  // Everything in Prometheus's text format 0.0.4.
  std::string Text() const;

 private:
  std::unique_ptr<prometheus::Registry> registry_;
};

}  // namespace teraju::metrics
