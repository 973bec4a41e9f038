#include "services/identity/domain/mandate.h"

#include "common/errors/error.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {

bool CanBeMandated(std::string_view permission) {
  constexpr std::string_view kOwn[] = {"duties.",
                                       "identity.mandates.",
                                       "identity.sessions.",
                                       "identity.accounts.",
                                       "identity.roleBindings.",
                                       "identity.apiClients."};
  for (const std::string_view prefix : kOwn) {
    if (permission.starts_with(prefix)) return false;
  }
  return true;
}

absl::Status CheckTerm(absl::Time start, absl::Time end, absl::Time now) {
  constexpr absl::Duration kLongest = absl::Hours(24 * 366);
  if (start < end && now < end && end - start <= kLongest) return absl::OkStatus();
  return errors::InvalidArgument(v1::INTERVAL_INVALID, "The term is empty, over or too long.")
      .With("field", "mandate.endTime");
}

}  // namespace teraju::identity::domain
