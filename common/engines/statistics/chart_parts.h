// What charts have in common beside their shapes: numbers and lines of text, scales, colours.
#pragma once

#include <string>
#include <vector>

#include "common/engines/statistics/reliability.h"
#include "common/engines/text.h"

namespace teraju::statistics {

inline constexpr const char* kGridColor = "#d7dce3";
inline constexpr const char* kMutedColor = "#5b6472";

// With a decimal comma in Indonesian.
std::string FormatNumber(double value, int digits, Language language);

// At most `lines` lines of about `width` characters, broken at spaces; what does not fit ends in an
// ellipsis.
std::vector<std::string> WrapText(const std::string& text, std::size_t width, std::size_t lines);

// A scale's numbers on a stretch of the picture.
struct Axis {
  Interval scale;
  double from;
  double to;

  double At(double value) const;
  std::vector<double> Ticks() const;
};

// A scale without width, or upside down, would divide by zero.
Interval UsableScale(const Interval& scale);

}  // namespace teraju::statistics
