// Results of units, and the distribution of predicates in them, as rows. Bound to the transaction
// it is given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/distribution_simulation.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation {

// Where a unit stands and who leads the people in it, by the evaluations of a period.
struct UnitPosition {
  std::vector<std::string> unit_path;  // ids, the unit first
  std::string appraiser;               // the higher leader, as subject
};

// A result with what permission is decided on.
struct StoredUnitResult {
  v1::UnitResult result;
  UnitPosition position;
  bool rehearsal = false;  // of a shadow cycle
};

struct UnitResultQuery {
  auth::Scope scope;
  std::string caller;  // as subject
  std::optional<PeriodKey> period;
  std::string unit;  // id; empty: of every unit
  PageQuery page;
};

class UnitResultStore {
 public:
  explicit UnitResultStore(postgres::Transaction& tx) : tx_(tx) {}

  // The higher leader is the appraiser of the unit's head; where somebody acts as head, the
  // superior of whom the people report to; where nobody does, whom the topmost person reports to.
  // Nothing when no evaluation of the period lies in the unit.
  std::optional<UnitPosition> FindPosition(const PeriodKey& period, const std::string& unit) const;

  // ALREADY_EXISTS (RESOURCE_EXISTS) when the unit has a result for the period.
  absl::StatusOr<v1::UnitResult> Insert(const Key& key,
                                        const PeriodKey& period,
                                        const UnitPosition& position,
                                        const v1::UnitResult& result);
  // Results carry the distribution: as it is now until confirmed, then as it was confirmed. Its
  // check is the domain's.
  std::optional<StoredUnitResult> Find(const Key& key) const;
  std::vector<v1::UnitResult> List(const std::string& agency, const UnitResultQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the result with
  // the next version. NOT_FOUND.
  absl::StatusOr<v1::UnitResult> Update(const Key& key,
                                        const api::Precondition& precondition,
                                        absl::FunctionRef<absl::Status(v1::UnitResult&)> change);

  // The result with its distribution, locked until the transaction ends: a rating that has begun is
  // waited for, one that begins waits. Nothing where there is none.
  std::optional<StoredUnitResult> Lock(const Key& key);

  // Of these names of evaluations and annual results those of people who count in the distribution
  // of the unit.
  domain::CountedPeople FindCounted(const Key& key, const std::vector<std::string>& names) const;

  // What the results of units mean for these evaluations of one period, by evaluation id. Locks the
  // results against confirmation until the transaction ends.
  std::map<std::string, domain::UnitContext> ContextOf(
      const std::vector<v1::Evaluation>& evaluations) const;

  // Ids of evaluations of the unit's head.
  std::vector<std::string> EvaluationsOfHead(const PeriodKey& period,
                                             const std::string& unit) const;
  // Units whose result is not confirmed; with `required` also those directly below the root that
  // have people and no result.
  std::vector<std::string> FindOpenUnits(const PeriodKey& period, bool required) const;
  // Makes the confirmed results part of the published ones.
  void Publish(const PeriodKey& period);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
