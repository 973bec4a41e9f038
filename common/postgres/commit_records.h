// What a transaction leaves beside its own rows: outbox events, audit records, the answer of its
// request id.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"

namespace teraju::postgres {

// Writes all of it in one statement; none when there is nothing to write. `response` is stored
// under the call's request id.
void WriteCommitRecords(Transaction& tx,
                        const std::vector<Event>& events,
                        const std::vector<AuditRecord>& records,
                        const std::optional<std::string>& response);

}  // namespace teraju::postgres
