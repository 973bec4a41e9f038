// Needs as rows. Bound to the transaction it is given.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/auth/authorizer.h"
#include "common/decimal/decimal.h"
#include "common/postgres/transaction.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training {

// Empty members do not restrict.
struct NeedQuery {
  AgencyId agency;
  auth::Scope scope;
  int fiscal_year = 0;
  std::string employee;
  std::string unit;
  v1::Need::State state = v1::Need::STATE_UNSPECIFIED;
  // Of the last need before: weight, id.
  std::vector<std::string> after;
  int limit = 0;
};

// What deriving did.
struct DerivationCounts {
  int from_results = 0;
  int from_feedback = 0;
  int from_competencies = 0;
  int unchanged = 0;
};

class NeedStore {
 public:
  explicit NeedStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS), naming the one that the person has for topic and year.
  absl::StatusOr<v1::Need> Insert(const NeedKey& key, const v1::Need& need);
  absl::StatusOr<v1::Need> Get(const NeedKey& key) const;  // NOT_FOUND
  // Most urgent first.
  absl::StatusOr<std::vector<v1::Need>> List(const NeedQuery& query) const;
  // Changes state and comments. ABORTED, NOT_FOUND.
  absl::StatusOr<v1::Need> Update(const NeedKey& key,
                                  const api::Precondition& precondition,
                                  absl::FunctionRef<absl::Status(v1::Need&)> change);

  // Stores derived needs of a year: new ones are added, proposed ones brought up to date. What
  // somebody entered or decided stays as it is. All in one statement.
  DerivationCounts Derive(const AgencyId& agency,
                          int fiscal_year,
                          const std::vector<v1::Need>& needs);
  // Proposed and confirmed needs of a year, most urgent first.
  std::vector<v1::Need> ListUndecided(const AgencyId& agency, int fiscal_year) const;
  // Needs that have their place by a plan, most urgent first.
  std::vector<v1::Need> ListPlannedBy(const PlanKey& plan) const;
  // Topics and weights of each person's needs that are not met or dismissed, most urgent first.
  std::map<std::string, std::vector<std::pair<std::string, Decimal>>> OpenNeeds(
      const AgencyId& agency) const;

  // Gives each need its place in an offering; the two lists go together. False when one of them is
  // decided already.
  bool Plan(const AgencyId& agency,
            const std::vector<std::string>& need_ids,
            const std::vector<std::string>& offering_names);
  // What became of a person's planned needs in an offering: met, or open again.
  void Settle(const std::string& employee, const std::string& offering_name, v1::Need::State state);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::training
