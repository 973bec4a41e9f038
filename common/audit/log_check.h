// Whether a log is still what it was: every hash computed again, against tree, heads, and heads
// that were kept elsewhere.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "teraju/audit/v1/audit_logs.pb.h"

namespace teraju::audit {

// Of one agency's log of `service`; `tx` reads a snapshot. Memory does not grow with the log. What
// the key's owner rewrites as a whole, or cuts off at the end, only `outside` shows.
absl::StatusOr<v1::AuditLogCheck> CheckLog(postgres::Transaction& tx,
                                           const std::string& service,
                                           const std::string& agency,
                                           std::string_view public_key,
                                           std::span<const v1::TreeHead* const> outside);

}  // namespace teraju::audit
