#include "services/gateway/limits/rate_limiter.h"

#include <algorithm>
#include <functional>

namespace teraju::gateway {

void RateLimiter::Refill(Bucket& bucket, absl::Time now) const {
  if (now <= bucket.time) return;
  bucket.tokens =
      std::min(options_.burst,
               bucket.tokens + absl::ToDoubleSeconds(now - bucket.time) * options_.per_second);
  bucket.time = now;
}

std::optional<absl::Duration> RateLimiter::Take(std::string_view key, absl::Time now) {
  if (options_.per_second <= 0) return std::nullopt;
  Shard& shard = shards_[std::hash<std::string_view>()(key) % shards_.size()];
  absl::MutexLock lock(&shard.mutex);
  if (shard.buckets.size() >= shard.sweep_at) Sweep(shard, now);
  Bucket& bucket =
      shard.buckets.try_emplace(std::string(key), Bucket{options_.burst, now}).first->second;
  Refill(bucket, now);
  if (bucket.tokens < 1) return absl::Seconds((1 - bucket.tokens) / options_.per_second);
  bucket.tokens -= 1;
  return std::nullopt;
}

void RateLimiter::Sweep(Shard& shard, absl::Time now) const {
  for (auto at = shard.buckets.begin(); at != shard.buckets.end();) {
    Refill(at->second, now);
    at = at->second.tokens >= options_.burst ? shard.buckets.erase(at) : std::next(at);
  }
  shard.sweep_at = 2 * shard.buckets.size() + 1024;
}

}  // namespace teraju::gateway
