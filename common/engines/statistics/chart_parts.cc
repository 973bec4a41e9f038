#include "common/engines/statistics/chart_parts.h"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "common/errors/utf8.h"

namespace teraju::statistics {

std::string FormatNumber(double value, int digits, Language language) {
  char buffer[64];
  std::snprintf(buffer, sizeof(buffer), "%.*f", digits, value);
  std::string text = buffer;
  if (language == Language::kIndonesian) std::replace(text.begin(), text.end(), '.', ',');
  return text;
}

std::vector<std::string> WrapText(const std::string& text, std::size_t width, std::size_t lines) {
  std::vector<std::string> result(1);
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t space = std::min(text.find(' ', at), text.size());
    const std::string word = text.substr(at, space - at);
    at = space + 1;
    std::string& line = result.back();
    if (line.empty()) {
      line = word;
    } else if (CountCharacters(line) + 1 + CountCharacters(word) <= width) {
      line += " " + word;
    } else if (result.size() == lines) {
      line += "…";
      break;
    } else {
      result.push_back(word);
    }
  }
  for (std::string& line : result) {
    if (CountCharacters(line) > width + 2) line = ClipUtf8(line, width) + "…";
  }
  return result;
}

double Axis::At(double value) const {
  const double clamped = std::clamp(value, scale.lower, scale.upper);
  return from + (clamped - scale.lower) / (scale.upper - scale.lower) * (to - from);
}

std::vector<double> Axis::Ticks() const {
  const double span = scale.upper - scale.lower;
  double step = std::pow(10, std::floor(std::log10(span)));
  for (const double factor : {0.2, 0.5, 1.0, 2.0}) {
    if (span / (step * factor) > 8) continue;
    step *= factor;
    break;
  }
  std::vector<double> ticks;
  for (double tick = std::ceil(scale.lower / step - 1e-9) * step; tick <= scale.upper + 1e-9 * span;
       tick += step) {
    ticks.push_back(tick);
  }
  return ticks;
}

Interval UsableScale(const Interval& scale) {
  if (std::isfinite(scale.lower) && scale.upper > scale.lower && std::isfinite(scale.upper)) {
    return scale;
  }
  return {scale.lower - 0.5, scale.lower + 0.5};
}

}  // namespace teraju::statistics
