#include "services/catalog/domain/goal.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/api/resource_name.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {
namespace {

constexpr api::NamePattern kImprovementName{
    "agencies/{agency}/improvementActions/{improvement_action}"};

absl::Status ParentInvalid(v1::Goal::Kind kind, v1::Goal::Kind parent_kind) {
  return errors::InvalidArgument(v1::GOAL_PARENT_INVALID, "A goal serves one of a higher level.")
      .With("kind", v1::Goal::Kind_Name(kind))
      .With("parent_kind", v1::Goal::Kind_Name(parent_kind));
}

}  // namespace

absl::Status CheckGoal(const v1::Goal& goal) {
  if (goal.first_year() > goal.last_year()) {
    return errors::InvalidArgument(v1::GOAL_YEARS_INVALID,
                                   "The first year must not come after the last.");
  }
  if (goal.kind() == v1::Goal::STRATEGIC_GOAL && !goal.parent_goal().empty()) {
    return ParentInvalid(goal.kind(), goal.kind());
  }
  errors::FieldViolations violations;
  for (int i = 0; i < goal.needs_size(); ++i) {
    const auto ids = kImprovementName.Parse(goal.needs(i), "goal.needs");
    if (ids.ok() && ids->front() == api::AgencyOf(goal.name())) continue;
    violations.Add(absl::StrCat("goal.needs[", i, "]"),
                   "INVALID",
                   "Sebutkan tindak perbaikan instansi ini: agencies/…/improvementActions/….",
                   "Name an improvement action of this agency: agencies/…/improvementActions/….");
  }
  return violations.ToStatus();
}

absl::Status CheckParent(const v1::Goal& goal,
                         const v1::Goal& parent,
                         std::span<const std::string> cascade) {
  if (std::find(cascade.begin(), cascade.end(), goal.name()) != cascade.end()) {
    return errors::FailedPrecondition(v1::GOAL_CYCLE, "A goal cannot serve itself.")
        .With("goal", goal.name());
  }
  // The kinds are numbered from the top of the cascade downward.
  if (parent.kind() > goal.kind()) return ParentInvalid(goal.kind(), parent.kind());
  return CheckEditable(parent);
}

absl::Status CheckEditable(const v1::Goal& goal) {
  if (goal.state() == v1::Goal::RETIRED) {
    return errors::FailedPrecondition(v1::ALREADY_RETIRED, "The goal is retired.");
  }
  return absl::OkStatus();
}

absl::Status PublishGoal(v1::Goal& goal, const v1::Goal* parent) {
  RETURN_IF_ERROR(CheckEditable(goal));
  if (parent != nullptr && parent->state() != v1::Goal::PUBLISHED) {
    return errors::FailedPrecondition(v1::GOAL_NOT_PUBLISHED, "Publish the goal above first.")
        .With("goal", parent->name());
  }
  goal.set_state(v1::Goal::PUBLISHED);
  return absl::OkStatus();
}

}  // namespace teraju::catalog::domain
