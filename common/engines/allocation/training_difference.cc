#include "common/engines/allocation/training_difference.h"

#include <algorithm>
#include <iterator>

namespace teraju::allocation {
namespace {

std::vector<Seat> SeatsOnlyIn(std::vector<Seat> in, std::vector<Seat> not_in) {
  std::sort(in.begin(), in.end());
  std::sort(not_in.begin(), not_in.end());
  std::vector<Seat> only;
  std::set_difference(in.begin(), in.end(), not_in.begin(), not_in.end(), std::back_inserter(only));
  return only;
}

}  // namespace

TrainingDifference DifferenceOf(const TrainingPlan& before, const TrainingPlan& after) {
  TrainingDifference difference;
  difference.objective = after.objective - before.objective;
  for (std::size_t i = 0; i < after.spent.size(); ++i) {
    const std::int64_t earlier = i < before.spent.size() ? before.spent[i] : 0;
    difference.spent.push_back(after.spent[i] - earlier);
  }
  for (std::size_t i = 0; i < after.decisions.size(); ++i) {
    const bool was = before.decisions[i].met();
    const bool is = after.decisions[i].met();
    if (is && !was) difference.newly_met.push_back(static_cast<int>(i));
    if (was && !is) difference.no_longer_met.push_back(static_cast<int>(i));
  }
  difference.given = SeatsOnlyIn(SeatsOf(after), SeatsOf(before));
  difference.taken_away = SeatsOnlyIn(SeatsOf(before), SeatsOf(after));
  return difference;
}

}  // namespace teraju::allocation
