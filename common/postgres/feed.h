// The change feed of this service, read from its outbox: gapless, in an order that never changes.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/postgres/transaction.h"

namespace teraju::postgres {

// A place in the feed: transaction, then event.
struct FeedPosition {
  std::uint64_t xid = 0;
  std::int64_t event = 0;

  friend auto operator<=>(const FeedPosition&, const FeedPosition&) = default;
};

// The opaque text of a position. Empty text is the beginning; INVALID_ARGUMENT (CURSOR_INVALID) for
// what is not ours.
std::string ToCursor(const FeedPosition& position);
absl::StatusOr<FeedPosition> ParseCursor(const std::string& cursor);

// One change as it is followed.
struct FeedChange {
  std::string cursor;  // continue after this change
  std::string agency;
  std::string resource;
  std::string type;
  absl::Time create_time;
  std::string payload;
};

struct FeedPage {
  std::vector<FeedChange> changes;
  std::string next_cursor;  // continue here, also when there are no changes
};

// Changes after `cursor`, oldest first, at most `size`; of one agency, or of all when `agency` is
// empty. Only those below the oldest running transaction: a change that is committed later cannot
// come before one that has been read. Also CURSOR_INVALID for a cursor that lies ahead of this
// database, which has been restored.
absl::StatusOr<FeedPage> ReadFeed(Transaction& tx,
                                  const std::string& cursor,
                                  const std::string& agency,
                                  int size);

// The newest position that readers may see.
FeedPosition FeedHead(Transaction& tx);

}  // namespace teraju::postgres
