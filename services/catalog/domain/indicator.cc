#include "services/catalog/domain/indicator.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {

void DraftIndicator(v1::Indicator& indicator) {
  indicator.set_state(v1::Indicator::DRAFT);
  indicator.set_revision(0);
}

absl::Status CheckEditable(const v1::Indicator& indicator) {
  if (indicator.state() == v1::Indicator::RETIRED) {
    return errors::FailedPrecondition(v1::ALREADY_RETIRED, "The indicator is retired.");
  }
  return absl::OkStatus();
}

absl::Status PublishIndicator(v1::Indicator& draft, const v1::Goal& goal) {
  RETURN_IF_ERROR(CheckEditable(draft));
  if (goal.state() != v1::Goal::PUBLISHED) {
    return errors::FailedPrecondition(v1::GOAL_NOT_PUBLISHED, "Publish the goal first.")
        .With("goal", goal.name());
  }
  draft.set_state(v1::Indicator::PUBLISHED);
  draft.set_revision(draft.revision() + 1);
  return absl::OkStatus();
}

}  // namespace teraju::catalog::domain
