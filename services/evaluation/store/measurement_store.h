// Where measured figures go, and which are known. Bound to the transaction it is given.
#pragma once

#include <map>
#include <span>
#include <string>
#include <vector>

#include "common/postgres/transaction.h"
#include "services/evaluation/domain/measurement.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/work_plan.pb.h"

namespace teraju::evaluation {

class MeasurementStore {
 public:
  explicit MeasurementStore(postgres::Transaction& tx) : tx_(tx) {}

  // The approved plans of open cycles that each figure is about, locked: ids by the figure's place.
  // Those that are refused are passed over.
  std::map<std::size_t, std::vector<std::string>> LockPlans(
      const std::string& agency, std::span<const domain::ToldFigure> figures) const;
  // Measured entries of these plans for the days of the figures that nobody has corrected, by plan
  // id.
  std::map<std::string, std::vector<v1::ProgressEntry>> FindMeasured(
      const std::string& agency,
      const std::vector<std::string>& plans,
      std::span<const domain::ToldFigure> figures) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::evaluation
