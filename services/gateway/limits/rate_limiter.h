// Token buckets: how often each key (a caller, an agency) may call.
#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "absl/synchronization/mutex.h"
#include "absl/time/time.h"

namespace teraju::gateway {

// Thread-safe. Buckets that are full again are forgotten, so memory is bounded by the keys active
// within burst / rate.
class RateLimiter {
 public:
  struct Options {
    double per_second = 0;  // 0: no limit
    double burst = 1;       // calls that may come at once
  };

  explicit RateLimiter(Options options) : options_(options) {}

  // Takes one call from the key's bucket; otherwise how long until there is one.
  std::optional<absl::Duration> Take(std::string_view key, absl::Time now);

 private:
  struct Bucket {
    double tokens;
    absl::Time time;
  };
  struct Shard {
    absl::Mutex mutex;
    std::unordered_map<std::string, Bucket> buckets;
    std::size_t sweep_at = 1024;
  };

  void Refill(Bucket& bucket, absl::Time now) const;
  void Sweep(Shard& shard, absl::Time now) const;

  const Options options_;
  std::array<Shard, 16> shards_;
};

}  // namespace teraju::gateway
