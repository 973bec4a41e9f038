// Every statistic of the library on one set of answers, as one tree for all outputs.
#pragma once

#include <boost/json.hpp>
#include <optional>
#include <set>
#include <string>

#include "common/engines/statistics/cli/answers_csv.h"
#include "common/engines/statistics/reliability.h"

namespace teraju::statistics {

// Names of --statistics, in the order of the output.
inline constexpr const char* kStatistics[] = {"icc",
                                              "generalizability",
                                              "krippendorff",
                                              "kendall",
                                              "fleiss",
                                              "cronbach",
                                              "model",
                                              "diagnostics",
                                              "connectivity"};

struct AnalysisOptions {
  std::set<std::string> statistics;  // empty: all that apply
  double confidence = 0.95;
  std::optional<Interval> scale;  // else from the smallest to the largest answer
  bool pair_effect = false;
};

struct Analysis {
  boost::json::object report;
  // A statistic that was asked for, or that the answers are meant for, has a reason instead of a
  // number.
  bool refused = false;
};

Analysis Analyse(const NamedRatings& answers, const AnalysisOptions& options);

}  // namespace teraju::statistics
