// Published tables that several tests use.
#pragma once

#include <cmath>

#include "common/engines/statistics/table.h"

namespace teraju::statistics::testdata {

// Shrout and Fleiss 1979, table 2: six ratees, four judges.
inline Table ShroutFleiss() {
  return {6, 4, {9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7}};
}

// What testdata/reliability.R draws: twelve ratees, five raters, values 1 to 5.
inline Table Simulated() {
  return {12, 5, {5, 5, 4, 4, 5, 2, 5, 2, 2, 4, 2, 5, 3, 2, 5, 2, 3, 3, 2, 2,
                  4, 3, 3, 4, 4, 2, 4, 2, 3, 3, 4, 4, 1, 2, 4, 3, 4, 1, 3, 5,
                  3, 5, 3, 3, 4, 4, 3, 4, 3, 5, 5, 4, 2, 3, 5, 5, 5, 5, 4, 5}};
}

// Krippendorff 2011, data 1: twelve units (rows), four observers, missing values.
inline Table Krippendorff() {
  const double o = std::nan("");
  return {12, 4, {1, 1, o, 1, 2, 2, 3, 2, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2, 2, 1, 2, 3, 4,
                  4, 4, 4, 4, 1, 1, 2, 1, 2, 2, 2, 2, o, 5, 5, 5, o, o, 1, 1, o, 3, o, o}};
}

}  // namespace teraju::statistics::testdata
