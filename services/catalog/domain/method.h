// The rules of taking over another agency's method: what of it travels, and under which names it
// arrives.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/api/strong_id.h"
#include "teraju/catalog/v1/method_service.pb.h"

namespace teraju::catalog::domain {

// Takes away what belongs to the agency alone: units, times, states, where indicators stood.
void Strip(v1::Method& method);

// The method with the agency's names, parents of goals before what serves them, policy packs as
// drafts of revision 1. INVALID_ARGUMENT (FIELD_INVALID) where something of it does not hold by
// itself: a pack that does not read, a goal that serves an unknown one or itself.
absl::StatusOr<v1::Method> Rename(v1::Method method, const AgencyId& agency);

// The same definition as revision 1. INVALID_ARGUMENT (FIELD_INVALID).
absl::StatusOr<std::string> AsFirstRevision(const std::string& definition);

}  // namespace teraju::catalog::domain
