// The record of calls that somebody was denied.
#pragma once

#include "absl/status/status.h"
#include "common/auth/call_context.h"
#include "common/postgres/database.h"

namespace teraju::audit {

// Adds a record `call.refused` to the log of the caller's agency, with the resource that the
// refusal names (else the method), the permission and the reason. Errors as of Database::Write.
absl::Status RecordRefusal(postgres::Database& database,
                           const CallContext& call,
                           const absl::Status& refusal);

}  // namespace teraju::audit
