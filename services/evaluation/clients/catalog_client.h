// What evaluation asks the catalog: goals and indicators that plans support, the behaviours that
// are expected, the competencies that posts require, and the policy pack that a cycle is pinned to.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "services/evaluation/domain/cascade.h"
#include "services/evaluation/domain/competency.h"
#include "services/evaluation/domain/plan_form.h"

namespace teraju::evaluation {

// A revision of a policy pack.
struct PackRevision {
  std::string definition;  // JSON
  std::string digest;
  bool active = false;
};

class CatalogClient {
 public:
  virtual ~CatalogClient() = default;
  // Whether the goal (`agencies/…/goals/…`) is published. UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<bool> IsGoalPublished(const CallContext& call,
                                               const std::string& goal) = 0;
  // The name of the published revision of an indicator (`…/indicators/{indicator}/revisions/{n}`),
  // nothing when it has none or is retired. UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::optional<std::string>> FindIndicatorRevision(
      const CallContext& call, const std::string& indicator) = 0;
  // The title of a goal or an indicator, nothing when there is none. UNAVAILABLE,
  // DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::optional<std::string>> FindTitle(const CallContext& call,
                                                               const std::string& name) = 0;
  // The published goals of an agency (an id) with their published indicators. UNAVAILABLE,
  // DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::vector<domain::CascadeGoal>> ListGoals(const CallContext& call,
                                                                     const std::string& agency) = 0;
  // The behaviours that an agency (an id) expects. UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::vector<domain::BehaviorGuides>> ListBehaviors(
      const CallContext& call, const std::string& agency) = 0;
  // The competency standards of an agency (an id). UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::vector<domain::CompetencyStandard>> ListCompetencyStandards(
      const CallContext& call, const std::string& agency) = 0;
  // A revision of a policy pack (`…/policyPacks/{pack}/revisions/{n}`), nothing when there is none.
  // UNAVAILABLE, DEADLINE_EXCEEDED.
  virtual absl::StatusOr<std::optional<PackRevision>> FindPackRevision(
      const CallContext& call, const std::string& revision) = 0;
};

}  // namespace teraju::evaluation
