// Objections, their frozen records and the agencies' rules for them as rows. Bound to the
// transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"
#include "teraju/evaluation/v1/objection.pb.h"

namespace teraju::evaluation {

struct ObjectionQuery {
  auth::Scope scope;
  std::string caller;               // as subject
  std::optional<PeriodKey> period;  // nothing: of every period
  std::string employee;             // as subject; empty: of everybody
  v1::Objection::State state = v1::Objection::STATE_UNSPECIFIED;
  bool without_decider = false;
  PageQuery page;
};

class ObjectionStore {
 public:
  explicit ObjectionStore(postgres::Transaction& tx) : tx_(tx) {}

  // Those of the agency, or the values of the law.
  v1::ObjectionRules GetRules(const std::string& agency) const;
  // Loads the row locked, or the values of the law, checks `precondition` (ABORTED), runs `change`,
  // stores the rules.
  absl::StatusOr<v1::ObjectionRules> UpdateRules(
      const std::string& agency,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::ObjectionRules&)> change);

  // FAILED_PRECONDITION (OBJECTION_EXISTS) where there is a case against the result.
  absl::StatusOr<v1::Objection> Insert(const Key& key,
                                       const v1::Objection& objection,
                                       const PeriodKey& period,
                                       const std::string& record);
  // Without the record. Nothing where there is none.
  std::optional<v1::Objection> Find(const Key& key) const;
  v1::ObjectionRecord GetRecord(const Key& key) const;
  // In the order of their ids, without their records.
  std::vector<v1::Objection> List(const std::string& agency, const ObjectionQuery& query) const;
  // Open cases for which no reminder has gone out since `before`, locked.
  std::vector<v1::Objection> NextToRemind(const std::string& agency, absl::Time before) const;
  // Open cases without a decider.
  int CountWithoutDecider(const std::string& agency) const;
  void Reminded(const Key& key);
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the case with the
  // next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::Objection> Update(const Key& key,
                                       const api::Precondition& precondition,
                                       absl::FunctionRef<absl::Status(v1::Objection&)> change);

  // Makes a changed result final anew: `evaluation` and its receipt take the place of what was.
  void ReplaceResult(const Key& key,
                     const v1::Evaluation& evaluation,
                     const v1::ScoreReceipt& receipt);

  // By the last plan in the cycle, who appraises this person (a subject); empty for nobody.
  std::string AppraiserOf(const CycleKey& cycle, const std::string& person) const;

  // Final results and objections of a period by the unit right below the root.
  std::vector<v1::ObjectionCounts> CountByUnit(const PeriodKey& period) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
