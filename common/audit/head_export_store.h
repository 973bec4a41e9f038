// How far signed heads have been brought to an outside address, as rows. Bound to the transaction
// it is given.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/postgres/transaction.h"
#include "teraju/audit/v1/audit_events.pb.h"

namespace teraju::audit {

struct NumberedHead {
  std::int64_t number = 0;  // in the order in which heads came to be
  v1::TreeHead head;
};

class HeadExportStore {
 public:
  explicit HeadExportStore(postgres::Transaction& tx) : tx_(tx) {}

  // The heads that have not been brought there, oldest first; of every agency.
  std::vector<NumberedHead> Waiting(const std::string& destination, int size);
  // How many wait, counted up to `most`, and since when the oldest does.
  struct Backlog {
    int heads = 0;
    std::optional<absl::Time> since;
  };
  Backlog CountWaiting(const std::string& destination, int most);

  // Takes the destination for `lease`, or keeps it, for some time. False while another one has it.
  bool Take(const std::string& destination, const std::string& lease, absl::Duration time);
  // Notes that everything up to `number` has arrived. False when the lease is lost: another one
  // works on from what was noted before.
  bool Advance(const std::string& destination, const std::string& lease, std::int64_t number);
  // Lets others take it at once.
  void Release(const std::string& destination, const std::string& lease);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::audit
