// Which cells of a table with a total may be shown, so that no answer of a small cell can be got by
// subtraction.
#pragma once

#include <span>
#include <vector>

namespace teraju::statistics {

struct Suppression {
  std::vector<bool> shown;  // for each cell
  bool total_shown = false;
};

// `answers` is the number of answers behind each cell. A cell is shown only with at least
// `threshold`. Where the total is shown too, what it has beyond the shown cells is known to
// everybody: as long as that is fewer than `threshold` answers (but not none), the smallest shown
// cell is withheld as well, the first of equal ones. A total of fewer than `threshold` is withheld.
Suppression Suppress(std::span<const int> answers, int threshold);

enum class Detail {
  kNothing,  // below the threshold
  kMean,     // number of answers and mean, to 0.1
  kAll,      // adjusted value, interval and distribution too: from twice the threshold
};

Detail DetailFor(int answers, int threshold);

}  // namespace teraju::statistics
