// How plans serve one another and the goals of the organisation, and how hard their targets are.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/decimal/decimal.h"
#include "teraju/evaluation/v1/cascade_service.pb.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation::domain {

// A published goal of the catalog with what leads to it.
struct CascadeGoal {
  std::string name;
  std::string title;
  std::string parent;                   // name; empty at the top
  std::vector<std::string> indicators;  // names
};

// `plans` have names, items and whether the person leads a unit. Goals are reported only where
// there are any.
v1::CascadeReport MakeCascadeReport(std::span<const v1::WorkPlan> plans,
                                    std::span<const CascadeGoal> goals);

// A plan of the same person from before, with the last realisation by indicator (`h1/k1`).
struct PastPlan {
  v1::WorkPlan plan;
  std::map<std::string, Decimal> realised;
};

// Hints on the single targets of a plan. An indicator is the same where title, unit of measure and
// polarity are; of the past the latest plan with it counts.
std::vector<v1::TargetHint> MakeTargetHints(const v1::WorkPlan& plan,
                                            std::span<const v1::WorkPlan> peers,
                                            std::span<const PastPlan> past);

}  // namespace teraju::evaluation::domain
