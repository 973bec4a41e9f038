#include "services/evaluation/api/supported_goals.h"

#include <optional>
#include <vector>

#include "common/api/resource_name.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/support_request_store.h"
#include "services/evaluation/store/work_plan_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

constexpr api::NamePattern kGoalName{"agencies/{agency}/goals/{goal}"};
constexpr api::NamePattern kIndicatorName{"agencies/{agency}/indicators/{indicator}"};

// Names of another agency are as unknown as names that do not exist.
bool SameAgency(const v1::WorkPlan& plan, const std::string& name) {
  return api::AgencyOf(name) == api::AgencyOf(plan.name());
}

}  // namespace

absl::StatusOr<SupportedGoals> AskCatalog(CatalogClient& catalog,
                                          const CallContext& call,
                                          const v1::WorkPlan& plan) {
  std::set<std::string> names;
  for (const v1::WorkPlanItem& item : plan.items()) {
    if (SameAgency(plan, item.supports())) names.insert(item.supports());
  }
  SupportedGoals known;
  for (const std::string& name : names) {
    if (kGoalName.Matches(name)) {
      ASSIGN_OR_RETURN(const bool published, catalog.IsGoalPublished(call, name));
      if (published) known.goals.insert(name);
    } else if (kIndicatorName.Matches(name)) {
      ASSIGN_OR_RETURN(std::optional<std::string> revision,
                       catalog.FindIndicatorRevision(call, name));
      if (revision.has_value()) known.indicators.emplace(name, *std::move(revision));
    }
  }
  return known;
}

absl::Status CheckSupports(postgres::Transaction& tx,
                           const v1::WorkPlan& plan,
                           const SupportedGoals& known) {
  std::vector<std::string> open;
  for (const v1::WorkPlanItem& item : plan.items()) {
    const std::string& name = item.supports();
    if (!name.empty() && !known.goals.contains(name) && !known.indicators.contains(name))
      open.push_back(name);
  }
  if (open.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const CycleKey cycle, ParseCycle(plan.cycle(), "cycle"));
  const std::vector<std::string> found = WorkPlanStore(tx).FindItemsOf(
      cycle.agency, cycle.cycle, SubjectOf(plan.snapshot().appraiser()), open);
  const std::set<std::string> of_superior(found.begin(), found.end());
  for (const std::string& name : open) {
    if (of_superior.contains(name)) continue;
    return errors::FailedPrecondition(v1::SUPPORTS_UNKNOWN,
                                      "What an item supports is not in force.")
        .With("supports", name);
  }
  return absl::OkStatus();
}

void SettleSupports(postgres::Transaction& tx, const SupportedGoals& known, v1::WorkPlan& plan) {
  std::vector<std::string> items;
  for (const v1::WorkPlanItem& item : plan.items()) {
    if (kItemName.Matches(item.supports())) items.push_back(item.supports());
  }
  const auto found = WorkPlanStore(tx).FindItems(std::string(api::AgencyOf(plan.name())), items);
  for (v1::WorkPlanItem& item : *plan.mutable_items()) {
    const std::string& name = item.supports();
    if (name.empty()) {
      item.clear_supports_state();
      if (!item.proposed_support().empty()) item.set_supports_state(v1::WorkPlanItem::PROPOSED);
      continue;
    }
    const auto of_plan = found.find(name);
    const bool confirmed = known.goals.contains(name) || known.indicators.contains(name) ||
                           (of_plan != found.end() && of_plan->second.approved);
    if (item.supports_state() != v1::WorkPlanItem::CONFIRMED)
      item.set_supports_state(confirmed ? v1::WorkPlanItem::CONFIRMED : v1::WorkPlanItem::PROPOSED);
  }
}

void AskForResources(postgres::Transaction& tx, const Key& key, v1::WorkPlan& plan) {
  for (v1::NeededResource& resource : *plan.mutable_needed_resources()) {
    if (!resource.support_request().empty()) continue;
    v1::SupportRequest request;
    request.set_kind(resource.kind());
    request.set_text(resource.text());
    const v1::SupportRequest made =
        SupportRequestStore(tx).Insert({key.agency, key.id, NewUuid7(tx.call().time())}, request);
    RecordChange(tx, made.name(), "supportRequest.created");
    resource.set_support_request(made.name());
  }
}

}  // namespace teraju::evaluation
