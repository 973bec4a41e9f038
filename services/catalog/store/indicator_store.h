// Indicators and their revisions as rows. Bound to the transaction it is given.
#pragma once

#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/auth/authorizer.h"
#include "common/postgres/transaction.h"
#include "services/catalog/store/keys.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog {

// Empty members do not restrict.
struct IndicatorQuery {
  AgencyId agency;
  auth::Scope scope;
  std::string goal_id;
  std::string unit;
  v1::Indicator::State state = v1::Indicator::STATE_UNSPECIFIED;
  std::string after_id;
  int limit = 0;
};

class IndicatorStore {
 public:
  explicit IndicatorStore(postgres::Transaction& tx) : tx_(tx) {}

  // As the draft of revision 1. ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::StatusOr<v1::Indicator> Insert(const IndicatorKey& key, const v1::Indicator& indicator);
  // As published last, as drafted while it never was. NOT_FOUND.
  absl::StatusOr<v1::Indicator> Get(const IndicatorKey& key) const;
  // NOT_FOUND when it was not published.
  absl::StatusOr<v1::Indicator> GetRevision(const IndicatorKey& key, int revision) const;
  // NOT_FOUND; FAILED_PRECONDITION (DRAFT_MISSING).
  absl::StatusOr<v1::Indicator> GetDraft(const IndicatorKey& key) const;
  // Names and titles of those that are not retired, by their last revision or draft.
  std::vector<std::pair<std::string, std::string>> Titles(const AgencyId& agency) const;
  // As Get, in the order of their ids.
  absl::StatusOr<std::vector<v1::Indicator>> List(const IndicatorQuery& query) const;

  // Loads the draft of the next revision locked (a copy of the last one where there is none),
  // checks `precondition` (ABORTED), runs `change` and stores the draft. What is published stays.
  absl::StatusOr<v1::Indicator> UpdateDraft(const IndicatorKey& key,
                                            const api::Precondition& precondition,
                                            absl::FunctionRef<absl::Status(v1::Indicator&)> change);
  // Loads the draft locked, runs `publish`, which makes it the next revision, and stores that.
  // Without a draft it returns what is published.
  absl::StatusOr<v1::Indicator> Publish(const IndicatorKey& key,
                                        const api::Precondition& precondition,
                                        absl::FunctionRef<absl::Status(v1::Indicator&)> publish);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::catalog
