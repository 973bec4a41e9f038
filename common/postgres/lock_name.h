// A lock on a name, for what no row stands for: a resource that is entered by its first update, a
// whole collection.
#pragma once

#include <string>

#include "common/postgres/transaction.h"

namespace teraju::postgres {

// Until the end of the transaction others who lock `name` wait. A statement before it would not see
// what they have written. Two names whose hashes collide wait for one another and are otherwise
// right.
void LockName(Transaction& tx, const std::string& name);

}  // namespace teraju::postgres
