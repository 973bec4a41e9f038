// How a rater uses the scale, beside the other raters of the same ratees: for the rater's own eyes
// and for training of raters, never to correct a value silently.
#pragma once

#include <optional>
#include <vector>

#include "common/engines/statistics/ratings.h"
#include "common/engines/statistics/reliability.h"

namespace teraju::statistics {

struct RaterDiagnostics {
  int rater = 0;
  int answers = 0;
  int ratees = 0;
  // Mean of own answer less the mean of the others' answers to the same item about the same ratee;
  // negative is severe. Absent where nobody else rated the same.
  std::optional<double> severity;
  double severity_standard_error = 0;
  // Spread of the answers about one ratee over the items, over that of all raters: far below 1, all
  // items get the same answer. Absent with fewer than two items.
  std::optional<double> halo;
  // Share of answers on the middle of the scale, less that of all raters.
  double central_tendency = 0;
  // Spread of the ratees' means in this rater's eyes, over that in all raters'. Absent with fewer
  // than three ratees.
  std::optional<double> range;
  // Change of severity from one period to the next, by least squares, with its standard error.
  // Absent with one period.
  std::optional<double> drift;
  double drift_standard_error = 0;
};

// One line for each rater with answers, in order.
std::vector<RaterDiagnostics> DiagnoseRaters(const Ratings& ratings, const Interval& scale);

enum class SeverityBand { kUnknown, kSevere, kUsual, kLenient };

// What may be kept of a rater after a campaign: severe or lenient only where the severity (of the
// diagnostics, or a rater's effect with its conditional SD) is beyond `margin` and beyond twice its
// standard error. With fewer than three answers nothing is known.
SeverityBand BandOf(double severity, double standard_error, int answers, double margin);
SeverityBand BandOf(const RaterDiagnostics& rater, double margin);

}  // namespace teraju::statistics
