// Follows identity's feed: joiners get plans, transfers and leavers end them, another appraiser
// takes over, while a cycle is open.
#pragma once

#include <functional>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "common/auth/call_context.h"
#include "common/postgres/database.h"
#include "common/postgres/feed.h"
#include "services/evaluation/clients/identity_client.h"
#include "services/evaluation/store/following_store.h"
#include "teraju/evaluation/v1/cycle.pb.h"

namespace teraju::evaluation {

class LineFollowing {
 public:
  // `own_call` makes a call of this service's own.
  LineFollowing(postgres::Database& database,
                IdentityClient& identity,
                std::function<CallContext()> own_call)
      : database_(database), identity_(identity), own_call_(std::move(own_call)) {}

  // Reads the segments, in every opened cycle, of the persons whom the changes concern. Kept for
  // Apply until the next page. UNAVAILABLE, DEADLINE_EXCEEDED.
  absl::Status Read(std::span<const postgres::FeedChange> changes);
  // Makes plans and evaluations of the person whom the change concerns fit these segments. What has
  // been rated stays with whoever rated it, what is final stays as it is.
  absl::Status Apply(postgres::Transaction& tx, const postgres::FeedChange& change) const;

 private:
  struct Followed {
    OpenedCycle opened;
    v1::Cycle cycle;
  };
  struct Line {
    const Followed* in;
    std::vector<v1::Snapshot> segments;
  };
  absl::Status FollowInCycle(postgres::Transaction& tx,
                             const std::string& person,
                             const Line& line) const;

  postgres::Database& database_;
  IdentityClient& identity_;
  const std::function<CallContext()> own_call_;
  std::vector<Followed> cycles_;
  std::map<std::string, std::vector<Line>> lines_;  // by the person's name
};

}  // namespace teraju::evaluation
