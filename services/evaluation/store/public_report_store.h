// What the public reads as rows, and who it counts. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/domain/public_report.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {

class PublicReportStore {
 public:
  explicit PublicReportStore(postgres::Transaction& tx) : tx_(tx) {}

  // Everybody with a final result of the year, with the latest objection to it.
  std::vector<domain::AppraisedPerson> People(const PeriodKey& year) const;
  // Once per cycle.
  void Insert(const CycleKey& key, const v1::PublicReport& report);
  // As it was published.
  std::optional<v1::PublicReport> Find(const CycleKey& key) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
