// What the public is told about a cycle: announced while it is open, counted once when it closes.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "common/postgres/database.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/public_reports_service.pb.h"

namespace teraju::evaluation {

// Rules and calendar of a cycle. NOT_FOUND for one that is not open yet, or not binding.
absl::StatusOr<v1::PublicReport> Announce(postgres::Transaction& tx, const CycleKey& key);

// The report of a cycle that may be closed now, with its counts; nothing for any other, and for a
// cycle that is not binding. Made before the transaction that closes the cycle: results are final,
// and the counting takes seconds in a large agency. UNAVAILABLE without identity, which names
// units.
absl::StatusOr<std::optional<v1::PublicReport>> PrepareReport(postgres::Database& database,
                                                              PeopleClient& people,
                                                              const CallContext& call,
                                                              const CycleKey& key);

}  // namespace teraju::evaluation
