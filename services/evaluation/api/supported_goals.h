// What the items of a plan say they serve: asked of the catalog before a transaction begins,
// checked within it.
#pragma once

#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "common/auth/call_context.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/clients/catalog_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

// The catalog's part of what a plan supports, as it was when asked.
struct SupportedGoals {
  std::set<std::string> goals;                    // published
  std::map<std::string, std::string> indicators;  // published, with the name of their revision
};

// Asks the catalog about each goal and indicator once. UNAVAILABLE.
absl::StatusOr<SupportedGoals> AskCatalog(CatalogClient& catalog,
                                          const CallContext& call,
                                          const v1::WorkPlan& plan);

// FAILED_PRECONDITION (SUPPORTS_UNKNOWN) when an item supports something that is neither in `known`
// nor an item of a plan of the appraiser in the same cycle.
absl::Status CheckSupports(postgres::Transaction& tx,
                           const v1::WorkPlan& plan,
                           const SupportedGoals& known);

// What became of the links of a plan that has just been approved: one to a published goal or
// indicator, or to an item of an approved plan, is confirmed, every other is proposed.
void SettleSupports(postgres::Transaction& tx, const SupportedGoals& known, v1::WorkPlan& plan);

// Makes a support request of each needed resource that has none.
void AskForResources(postgres::Transaction& tx, const Key& key, v1::WorkPlan& plan);

}  // namespace teraju::evaluation
