// What a transaction leaves beside its own rows: outbox events, audit records, the answer of its
// request id.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/postgres/session.h"
#include "common/postgres/transaction.h"

namespace teraju::postgres {

// PERMISSION_DENIED (DUTIES_SEPARATED) where a record decides on what the caller, or the one he
// speaks for, has entered (common/auth/duties.txt), unless he holds `duties.combine`.
absl::Status CheckDuties(Transaction& tx, const std::vector<AuditRecord>& records);

// The query that writes all of it, none when there is nothing to write. `response` is stored under
// the call's request id.
std::optional<Query> CommitRecords(const CallContext& call,
                                   const std::vector<Event>& events,
                                   const std::vector<AuditRecord>& records,
                                   const std::optional<std::string>& response);

// Writes the events at once, where a transaction has too many to keep them until its end.
void WriteEvents(Transaction& tx, const std::vector<Event>& events);

}  // namespace teraju::postgres
