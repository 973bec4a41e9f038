#include "common/postgres/lock_name.h"

namespace teraju::postgres {
namespace {

constexpr Statement kLockName{"lock_name",
                              "SELECT pg_advisory_xact_lock(hashtextextended($1::text, 0))"};

}  // namespace

void LockName(Transaction& tx, const std::string& name) { tx.Exec(kLockName, name); }

}  // namespace teraju::postgres
