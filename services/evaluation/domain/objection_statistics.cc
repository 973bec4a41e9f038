#include "services/evaluation/domain/objection_statistics.h"

#include <vector>

#include "common/engines/statistics/suppression.h"

namespace teraju::evaluation::domain {
namespace {

void Add(const v1::ObjectionCounts& unit, v1::ObjectionCounts& total) {
  total.set_results(total.results() + unit.results());
  total.set_filed(total.filed() + unit.filed());
  total.set_upheld(total.upheld() + unit.upheld());
  total.set_changed(total.changed() + unit.changed());
  total.set_withdrawn(total.withdrawn() + unit.withdrawn());
}

v1::ObjectionCounts Shown(const v1::ObjectionCounts& counts, bool shown) {
  if (shown) return counts;
  v1::ObjectionCounts withheld;
  withheld.set_unit(counts.unit());
  withheld.set_results(counts.results());
  withheld.set_suppressed(true);
  return withheld;
}

}  // namespace

v1::ObjectionStatistics MakeObjectionStatistics(std::span<const v1::ObjectionCounts> units) {
  std::vector<int> filed;
  v1::ObjectionCounts total;
  for (const v1::ObjectionCounts& unit : units) {
    filed.push_back(unit.filed());
    Add(unit, total);
  }
  const statistics::Suppression suppression = statistics::Suppress(filed, kObjectionThreshold);
  v1::ObjectionStatistics result;
  for (std::size_t i = 0; i < units.size(); ++i)
    *result.add_units() = Shown(units[i], suppression.shown[i]);
  *result.mutable_total() = Shown(total, suppression.total_shown);
  result.set_threshold(kObjectionThreshold);
  return result;
}

}  // namespace teraju::evaluation::domain
