// Prior grades and the report of a rehearsal as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/postgres/transaction.h"
#include "google/protobuf/repeated_field.h"
#include "services/evaluation/domain/rehearsal.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/rehearsals_service.pb.h"

namespace teraju::evaluation {

class RehearsalStore {
 public:
  explicit RehearsalStore(postgres::Transaction& tx) : tx_(tx) {}

  // Enters or replaces the grades of those who have a work plan in the cycle; returns their
  // subjects.
  std::vector<std::string> StoreGrades(
      const CycleKey& cycle, const google::protobuf::RepeatedPtrField<v1::PriorGrade>& grades);
  // Everybody with a final annual result and a prior grade.
  std::vector<domain::ComparedPerson> ListCompared(const CycleKey& cycle) const;

  // ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::Status InsertReport(const CycleKey& cycle, const v1::RehearsalReport& report);
  std::optional<v1::RehearsalReport> FindReport(const CycleKey& cycle) const;
  // Loads the report locked, runs `change`, stores the decision. Nothing where there is none.
  absl::StatusOr<std::optional<v1::RehearsalReport>> Decide(
      const CycleKey& cycle, absl::FunctionRef<absl::Status(v1::RehearsalReport&)> change);

  // What the agency has rehearsed, decided and opened, apart from `cycle`.
  domain::RehearsalStand StandBeside(const CycleKey& cycle) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
