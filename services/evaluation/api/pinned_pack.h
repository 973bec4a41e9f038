// The policy pack that a cycle is pinned to, read once for a long operation.
#pragma once

#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "common/errors/status_macros.h"
#include "common/postgres/database.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/store/local_pack_store.h"

namespace teraju::evaluation {

// Nothing where the cycle names none.
inline absl::StatusOr<std::optional<domain::LocalPack>> ReadPinnedPack(postgres::Database& database,
                                                                       const CallContext& call,
                                                                       const std::string& name) {
  if (name.empty()) return std::nullopt;
  ASSIGN_OR_RETURN(domain::LocalPack pack, database.Read(call, [&](postgres::Transaction& tx) {
    return LocalPackStore(tx).Get(name);
  }));
  return pack;
}

}  // namespace teraju::evaluation
