// Follows the feed of another service: applies its changes and stores the cursor in one
// transaction, so that each change has its effect exactly once.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/logging/logger.h"
#include "common/metrics/registry.h"
#include "common/postgres/database.h"
#include "common/postgres/feed.h"

namespace teraju::postgres {

// Asks the followed service for the page after `cursor`, waiting up to `max_wait` for a first
// change.
using FeedSource =
    std::function<absl::StatusOr<FeedPage>(const std::string& cursor, absl::Duration max_wait)>;
// Applies one change within the transaction. Types that it does not know it leaves alone.
using ApplyChange = std::function<absl::Status(Transaction& tx, const FeedChange& change)>;

struct FeedConsumerOptions {
  std::string service;  // who follows
  std::string name;     // key of the stored cursor: `identity` for what identity reports
  absl::Duration max_wait = absl::Seconds(20);
  absl::Duration backoff = absl::Seconds(1);  // after an error; doubled up to thirty times
};

class FeedConsumer {
 public:
  // Runs in a thread of its own from the stored cursor on. Any number of replicas may follow under
  // the same name: whoever moves the cursor first has applied the change, the others go on behind
  // it. A change that cannot be applied stops the feed there, is logged, counted in
  // `teraju_feed_failures_total` and tried again: order is kept.
  FeedConsumer(FeedConsumerOptions options,
               FeedSource source,
               ApplyChange apply,
               Database& database,
               const auth::Authorizer& authorizer,
               metrics::Registry& registry,
               logging::Logger& logger);
  // Returns when the source does.
  ~FeedConsumer();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::postgres
