#include "services/catalog/domain/method.h"

#include <set>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/json.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/catalog/domain/competency_standard.h"
#include "services/catalog/domain/goal.h"
#include "services/catalog/domain/policy_pack.h"

namespace teraju::catalog::domain {
namespace {

// `agencies/a/goals/g` as `agencies/b/goals/g`; empty for empty.
std::string Moved(const std::string& name, const AgencyId& agency) {
  const std::size_t collection = name.find('/', name.find('/') + 1);
  if (name.empty() || collection == std::string::npos) return "";
  return absl::StrCat("agencies/", agency.value(), name.substr(collection));
}

template <typename Messages>
void MoveNames(Messages& messages, const AgencyId& agency) {
  for (auto& message : messages) message.set_name(Moved(message.name(), agency));
}

template <typename Messages>
void StripCommon(Messages& messages) {
  for (auto& message : messages) {
    message.clear_create_time();
    message.clear_etag();
  }
}

// Parents before what serves them.
absl::Status SortGoals(google::protobuf::RepeatedPtrField<v1::Goal>& goals) {
  std::vector<v1::Goal> left(goals.begin(), goals.end());
  goals.Clear();
  std::set<std::string> placed = {""};
  while (!left.empty()) {
    std::vector<v1::Goal> later;
    for (v1::Goal& goal : left) {
      if (placed.contains(goal.parent_goal())) {
        placed.insert(goal.name());
        goals.Add(std::move(goal));
      } else {
        later.push_back(std::move(goal));
      }
    }
    if (later.size() == left.size()) {
      errors::FieldViolations violations;
      violations.Add(
          "method.goals",
          "PARENT_UNKNOWN",
          absl::StrCat("Sertakan sasaran yang didukung oleh ", later.front().name(), "."),
          absl::StrCat("Include the goal that ", later.front().name(), " serves."));
      return violations.ToStatus();
    }
    left = std::move(later);
  }
  return absl::OkStatus();
}

}  // namespace

void Strip(v1::Method& method) {
  StripCommon(*method.mutable_goals());
  StripCommon(*method.mutable_indicators());
  StripCommon(*method.mutable_behaviors());
  StripCommon(*method.mutable_competencies());
  StripCommon(*method.mutable_competency_standards());
  for (v1::Goal& goal : *method.mutable_goals()) {
    goal.clear_unit();
    goal.clear_unit_path();
    goal.clear_needs();
    goal.clear_state();
    goal.clear_update_time();
  }
  for (v1::Indicator& indicator : *method.mutable_indicators()) {
    indicator.clear_unit();
    indicator.clear_unit_path();
    indicator.clear_state();
    indicator.clear_update_time();
    indicator.clear_revision();
    indicator.clear_baseline();
  }
}

absl::StatusOr<std::string> AsFirstRevision(const std::string& definition) {
  ASSIGN_OR_RETURN(rules::Json json, rules::ParseJson(definition));
  json.Set("revision", 1);
  return rules::PrettyJson(json);
}

absl::StatusOr<v1::Method> Rename(v1::Method method, const AgencyId& agency) {
  Strip(method);
  method.clear_name();
  for (std::string& definition : *method.mutable_policy_packs()) {
    v1::PolicyPack pack;
    pack.set_definition(definition);
    RETURN_IF_ERROR(Describe(pack).status());
    ASSIGN_OR_RETURN(definition, AsFirstRevision(definition));
  }
  MoveNames(*method.mutable_goals(), agency);
  MoveNames(*method.mutable_indicators(), agency);
  MoveNames(*method.mutable_behaviors(), agency);
  MoveNames(*method.mutable_competencies(), agency);
  MoveNames(*method.mutable_competency_standards(), agency);
  for (v1::Goal& goal : *method.mutable_goals()) {
    goal.set_parent_goal(Moved(goal.parent_goal(), agency));
    RETURN_IF_ERROR(CheckGoal(goal));
  }
  RETURN_IF_ERROR(SortGoals(*method.mutable_goals()));
  for (v1::Indicator& indicator : *method.mutable_indicators())
    indicator.set_goal(Moved(indicator.goal(), agency));
  for (v1::CompetencyStandard& standard : *method.mutable_competency_standards()) {
    RETURN_IF_ERROR(CheckStandard(standard));
    for (v1::RequiredLevel& required : *standard.mutable_required_levels())
      required.set_competency(Moved(required.competency(), agency));
  }
  return method;
}

}  // namespace teraju::catalog::domain
