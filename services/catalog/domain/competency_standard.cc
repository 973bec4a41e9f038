#include "services/catalog/domain/competency_standard.h"

#include <set>
#include <string_view>

#include "common/errors/error.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {

absl::Status CheckStandard(const v1::CompetencyStandard& standard) {
  std::set<std::string_view> seen;
  for (const v1::RequiredLevel& required : standard.required_levels()) {
    if (!seen.insert(required.competency()).second) {
      return errors::InvalidArgument(v1::COMPETENCY_REPEATED, "Name each competency once.")
          .With("competency", required.competency());
    }
  }
  return absl::OkStatus();
}

}  // namespace teraju::catalog::domain
