// Final results by group, and the fairness report of a cycle, as rows. Bound to the transaction it
// is given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/fairness.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/fairness_service.pb.h"

namespace teraju::evaluation {

class FairnessStore {
 public:
  explicit FairnessStore(postgres::Transaction& tx) : tx_(tx) {}

  // Everybody with a final annual result, with the objections to it until now, in groups by
  // `traits`: of employees' names.
  std::vector<domain::FairnessPerson> ListPeople(
      const CycleKey& cycle, const std::map<std::string, domain::PersonTraits>& traits) const;
  // ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::Status InsertReport(const CycleKey& cycle, const v1::FairnessReport& report);
  std::optional<v1::FairnessReport> FindReport(const CycleKey& cycle) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
