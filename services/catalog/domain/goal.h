// Rules of goals: what may serve what, and when a goal becomes binding.
#pragma once

#include <span>
#include <string>

#include "absl/status/status.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog::domain {

// What holds for a goal by itself. INVALID_ARGUMENT: GOAL_YEARS_INVALID, GOAL_PARENT_INVALID.
absl::Status CheckGoal(const v1::Goal& goal);

// Whether `goal` may serve `parent`. `cascade` are the names of the parent and of what it serves,
// upward. INVALID_ARGUMENT (GOAL_PARENT_INVALID); FAILED_PRECONDITION: GOAL_CYCLE, ALREADY_RETIRED.
absl::Status CheckParent(const v1::Goal& goal,
                         const v1::Goal& parent,
                         std::span<const std::string> cascade);

// FAILED_PRECONDITION (ALREADY_RETIRED).
absl::Status CheckEditable(const v1::Goal& goal);

// Makes it binding; what is published stays so. `parent` is null for a goal that serves none.
// FAILED_PRECONDITION: GOAL_NOT_PUBLISHED for the parent, ALREADY_RETIRED.
absl::Status PublishGoal(v1::Goal& goal, const v1::Goal* parent);

}  // namespace teraju::catalog::domain
