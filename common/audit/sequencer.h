// Gives each audit event its place in the tree of its agency, and signs the heads.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/audit/signer.h"
#include "common/auth/authorizer.h"
#include "common/logging/logger.h"
#include "common/postgres/database.h"

namespace teraju::audit {

inline constexpr int kEventsPerRound = 1000;

// One round: sequences up to `batch` events in one transaction and returns how many. Trees, heads
// and the sequencer's own place change together or not at all. 0 also when another replica is at
// it.
absl::StatusOr<int> SequenceOnce(postgres::Database& database,
                                 const CallContext& call,
                                 const std::string& service,
                                 const Signer& signer,
                                 int batch = kEventsPerRound);

// Runs rounds in a thread of its own, each `interval` and without a pause while they are full.
// Every replica has one; the database lets one at a time work.
class Sequencer {
 public:
  Sequencer(std::string service,
            Signer signer,
            postgres::Database& database,
            const auth::Authorizer& authorizer,
            logging::Logger& logger,
            absl::Duration interval = absl::Seconds(1));
  ~Sequencer();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::audit
