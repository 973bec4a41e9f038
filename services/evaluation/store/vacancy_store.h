// Vacancies as rows, and what the results say about those who might fill them. Bound to the
// transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/evaluation/domain/promotion.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {

class VacancyStore {
 public:
  explicit VacancyStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Vacancy Insert(const Key& key, const v1::Vacancy& vacancy);
  std::optional<v1::Vacancy> Find(const Key& key) const;
  // In the order of their ids.
  std::vector<v1::Vacancy> List(const std::string& agency, const PageQuery& page) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores the vacancy with
  // the next version. Nothing is stored if `change` fails. NOT_FOUND.
  absl::StatusOr<v1::Vacancy> Update(const Key& key,
                                     const api::Precondition& precondition,
                                     absl::FunctionRef<absl::Status(v1::Vacancy&)> change);

  // People with a final result of the latest year of the agency that has any, those with most years
  // that suffice first, then by achievement; at most `size`. Binding cycles only. With `employee`
  // (a subject) only that one. Grade and echelon are identity's to tell.
  std::vector<domain::CandidateFacts> FindPeople(const std::string& agency,
                                                 const v1::Vacancy& vacancy,
                                                 const std::string& employee,
                                                 int size) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
