// The pinned policy packs and the figures entered for them, as rows. Bound to the transaction it is
// given.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation {

class LocalPackStore {
 public:
  explicit LocalPackStore(postgres::Transaction& tx) : tx_(tx) {}

  // Keeps a revision; one that is kept already never changes, so that a second cycle shares it.
  void Insert(const PackKey& key, const std::string& definition, const std::string& digest);
  // By the name that a cycle or a result gives. NOT_FOUND.
  absl::StatusOr<domain::LocalPack> Get(const std::string& name) const;

  // The evaluations of these people (as subjects) in a period, in the order of their ids.
  std::vector<v1::Evaluation> FindPeople(const PeriodKey& period,
                                         const std::vector<std::string>& employees) const;
  // The same, locked.
  std::vector<v1::Evaluation> LockPeople(const PeriodKey& period,
                                         const std::vector<std::string>& employees);
  // Stores the figures of evaluations with their next versions.
  void StoreFigures(const std::string& agency, std::span<const v1::Evaluation> evaluations);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
