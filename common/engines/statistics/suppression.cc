#include "common/engines/statistics/suppression.h"

#include <algorithm>
#include <numeric>

namespace teraju::statistics {

Suppression Suppress(std::span<const int> answers, int threshold) {
  Suppression result;
  const int total = std::accumulate(answers.begin(), answers.end(), 0);
  result.total_shown = total >= std::max(threshold, 1);
  std::vector<std::size_t> shown;
  int hidden = 0;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    const bool enough = answers[i] >= std::max(threshold, 1);
    result.shown.push_back(enough);
    if (enough) {
      shown.push_back(i);
    } else {
      hidden += answers[i];
    }
  }
  while (hidden > 0 && hidden < threshold && !shown.empty()) {
    const auto smallest = std::min_element(
        shown.begin(), shown.end(), [&](auto a, auto b) { return answers[a] < answers[b]; });
    result.shown[*smallest] = false;
    hidden += answers[*smallest];
    shown.erase(smallest);
  }
  return result;
}

Detail DetailFor(int answers, int threshold) {
  const int least = std::max(threshold, 1);
  if (answers < least) return Detail::kNothing;
  return answers < 2 * least ? Detail::kMean : Detail::kAll;
}

}  // namespace teraju::statistics
