// Improvement actions as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback.pb.h"

namespace teraju::feedback {

class ImprovementStore {
 public:
  explicit ImprovementStore(postgres::Transaction& tx) : tx_(tx) {}

  // What a closed survey found in a unit. FAILED_PRECONDITION: REPORT_NOT_PUBLISHED,
  // SURVEY_UNIT_UNKNOWN.
  absl::StatusOr<v1::SurveyResult> ResultOf(const SurveyKey& survey, const std::string& unit) const;

  v1::ImprovementAction Insert(const ImprovementKey& key,
                               const SurveyKey& survey,
                               const std::string& owner,
                               v1::ImprovementAction action);
  // With its effect. NOT_FOUND.
  absl::StatusOr<v1::ImprovementAction> Get(const ImprovementKey& key) const;
  // The unit and every unit above it; empty where there is no such action.
  std::vector<std::string> FindUnitPath(const ImprovementKey& key) const;
  // Up to `limit` behind the id `after`, in the order of ids, with effects; of `unit` unless it is
  // empty.
  std::vector<v1::ImprovementAction> List(const AgencyId& agency,
                                          const std::string& unit,
                                          const std::string& after,
                                          int limit) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, which may set `owner` (as
  // stored), and stores it with the next version. NOT_FOUND.
  absl::StatusOr<v1::ImprovementAction> Update(
      const ImprovementKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::ImprovementAction&, std::string& owner)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::feedback
