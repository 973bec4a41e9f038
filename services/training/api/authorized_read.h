// Loads an object and asks for permission on it, before NOT_FOUND is said (AIP-211).
#pragma once

#include <type_traits>

#include "common/errors/status_macros.h"
#include "common/postgres/database.h"
#include "services/training/api/objects.h"

namespace teraju::training {

// What `read(tx)` finds under `key`, if the caller may do to `object_of(found)` what the method
// does.
template <typename Key, typename Read, typename ObjectOf>
auto AuthorizedRead(const CallContext& call,
                    postgres::Database& database,
                    const Key& key,
                    Read read,
                    ObjectOf object_of) -> std::invoke_result_t<Read, postgres::Transaction&> {
  auto found = database.Read(call, read);
  if (!found.ok() && !absl::IsNotFound(found.status())) return found;
  RETURN_IF_ERROR(
      call.Authorize(found.ok() ? object_of(*found) : AgencyObject(key.agency, key.Name())));
  return found;
}

// The same for what is about nobody: the agency is asked first.
template <typename Key, typename Read>
auto AuthorizedRead(const CallContext& call,
                    postgres::Database& database,
                    const Key& key,
                    Read read) -> std::invoke_result_t<Read, postgres::Transaction&> {
  RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
  return database.Read(call, read);
}

}  // namespace teraju::training
