// The names of the catalog's resources.
#pragma once

#include "common/api/resource_key.h"
#include "common/api/resource_name.h"

namespace teraju::catalog {

struct GoalTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/goals/{goal}"};
};
struct IndicatorTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/indicators/{indicator}"};
};
struct BehaviorTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/behaviors/{behavior}"};
};
struct CompetencyTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/competencies/{competency}"};
};
struct StandardTag {
  static constexpr api::NamePattern kPattern{
      "agencies/{agency}/competencyStandards/{competency_standard}"};
};
struct PolicyPackTag {
  static constexpr api::NamePattern kPattern{"agencies/{agency}/policyPacks/{policy_pack}"};
};

using GoalKey = api::ResourceKey<GoalTag>;
using IndicatorKey = api::ResourceKey<IndicatorTag>;
using BehaviorKey = api::ResourceKey<BehaviorTag>;
using CompetencyKey = api::ResourceKey<CompetencyTag>;
using StandardKey = api::ResourceKey<StandardTag>;
using PolicyPackKey = api::ResourceKey<PolicyPackTag>;

}  // namespace teraju::catalog
