// Computes every final result of a cycle again, page by page, and reports what does not match.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"
#include "common/postgres/database.h"
#include "services/evaluation/domain/local_pack.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/cycle.pb.h"
#include "teraju/evaluation/v1/recomputations_service.pb.h"

namespace teraju::evaluation {

// The cycle's own pack; nothing where it has none, or where what is stored of it is not what it was
// pinned to any more: then the results that name it do not match.
absl::StatusOr<std::optional<domain::LocalPack>> FindPinnedPack(postgres::Database& database,
                                                                const CallContext& call,
                                                                const std::string& name);

class RecomputeCycleWork {
 public:
  explicit RecomputeCycleWork(postgres::Database& database) : database_(database) {}

  absl::StatusOr<std::unique_ptr<google::protobuf::Message>> Run(operations::Work& work) const;

 private:
  struct Plan {
    v1::Cycle cycle;
    std::optional<domain::LocalPack> pack;
    std::int64_t total = 0;
  };
  struct Progress;

  absl::StatusOr<Plan> MakePlan(operations::Work& work, const CycleKey& key) const;
  absl::Status CheckPeriod(operations::Work& work,
                           const Plan& plan,
                           const v1::Period& period,
                           Progress& progress) const;
  absl::Status CheckYears(operations::Work& work,
                          const Plan& plan,
                          const PeriodKey& year,
                          Progress& progress) const;

  postgres::Database& database_;
};

}  // namespace teraju::evaluation
