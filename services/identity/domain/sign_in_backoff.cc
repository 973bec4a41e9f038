#include "services/identity/domain/sign_in_backoff.h"

#include <algorithm>

namespace teraju::identity::domain {

absl::Duration SignInBackoff(int failures) {
  constexpr int kFree = 4;
  constexpr int kDoublings = 10;  // beyond the longest
  if (failures <= kFree) return absl::ZeroDuration();
  return std::min(absl::Minutes(15),
                  absl::Seconds(1) * (1 << std::min(failures - kFree - 1, kDoublings)));
}

}  // namespace teraju::identity::domain
