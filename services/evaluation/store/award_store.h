// Awards as rows, and who may be nominated. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/unit_result.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation {

struct AwardQuery {
  auth::Scope scope;
  std::string caller;  // as subject
  std::optional<PeriodKey> period;
  PageQuery page;
};

class AwardStore {
 public:
  explicit AwardStore(postgres::Transaction& tx) : tx_(tx) {}

  struct Candidate {
    std::string employee;    // subject
    std::string unit;        // id of the unit below the root
    std::string evaluation;  // id
    domain::AwardGround ground;
  };
  // Persons with a final predicate of Sangat Baik, by unit below the root and best mean
  // achievement, within `share_percent` of the unit's people (rounded down), who are not nominated
  // for the period yet. A person counts where the last segment lies.
  std::vector<Candidate> FindCandidates(const PeriodKey& period, int share_percent) const;
  // Nominations with all but state and times set.
  void Insert(const PeriodKey& period, std::span<const v1::Award> awards);

  std::optional<v1::Award> Find(const Key& key) const;
  // In the order of nomination.
  std::vector<v1::Award> List(const std::string& agency, const AwardQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the decision with
  // the next version. NOT_FOUND.
  absl::StatusOr<v1::Award> Update(const Key& key,
                                   const api::Precondition& precondition,
                                   absl::FunctionRef<absl::Status(v1::Award&)> change);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
