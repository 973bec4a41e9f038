// What leaders rated in a period, and what it rests on. Bound to the transaction it is given.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/domain/rating_practice.h"
#include "services/evaluation/store/names.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {

struct PracticeQuery {
  PeriodKey period;
  auth::Scope scope;
  std::string caller;     // as subject: sees the own practice before the results are published
  std::string appraiser;  // as subject; empty: everybody's
  PageQuery page;         // behind the appraiser `after`, a subject
};

class RatingPracticeStore {
 public:
  explicit RatingPracticeStore(postgres::Transaction& tx) : tx_(tx) {}

  // By appraiser, as subjects.
  std::map<std::string, std::vector<domain::RatedPerson>> ListPeople(
      const PracticeQuery& query) const;
  // Nothing until the period is published, and with fewer leaders than `fewest`.
  std::optional<v1::AgencyRatings> OfAgency(const PeriodKey& period, int fewest) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
