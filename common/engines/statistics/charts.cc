#include "common/engines/statistics/charts.h"

#include <algorithm>
#include <cmath>

#include "common/engines/statistics/chart_parts.h"
#include "common/engines/statistics/svg.h"
#include "common/errors/utf8.h"

namespace teraju::statistics {
namespace {

constexpr double kWidth = 760;
constexpr double kMargin = 24;

struct Words {
  const char* value;
  const char* answers;
  const char* share;
  const char* withheld;
  const char* interval;
  const char* profile;
  const char* distribution;
  const char* trend;
};

const Words& In(Language language) {
  static constexpr Words kIndonesian = {"Nilai",
                                        "jawaban",
                                        "Jumlah jawaban (persen)",
                                        "tidak ditampilkan: jawaban terlalu sedikit",
                                        "garis: selang kepercayaan 95%",
                                        "Nilai tiap butir menurut kelompok",
                                        "Sebaran jawaban",
                                        "Nilai dari periode ke periode"};
  static constexpr Words kEnglish = {"Value",
                                     "answers",
                                     "Number of answers (percent)",
                                     "not shown: too few answers",
                                     "line: 95% confidence interval",
                                     "Value of each item by group",
                                     "Distribution of answers",
                                     "Value from period to period"};
  return language == Language::kIndonesian ? kIndonesian : kEnglish;
}

int DigitsOf(double tick) { return tick == std::round(tick) ? 0 : 1; }

// The title and, below it, the marks of the series; returns where the plot may begin.
double DrawHeading(const std::string& title,
                   const std::vector<std::string>& series,
                   bool has_intervals,
                   Language language,
                   Svg& svg) {
  double y = 34;
  for (const std::string& line : WrapText(title, 74, 2)) {
    svg.Text(kMargin, y, line, {.size = 17, .bold = true});
    y += 22;
  }
  double x = kMargin;
  for (std::size_t s = 0; s < series.size(); ++s) {
    const std::string name = WrapText(series[s], 30, 1)[0];
    const double width = 30 + 7.6 * static_cast<double>(CountCharacters(name));
    if (x + width > kWidth - kMargin && x > kMargin) {
      x = kMargin;
      y += 20;
    }
    svg.Mark(x + 6, y - 4, static_cast<int>(s), SeriesColor(static_cast<int>(s)));
    svg.Text(x + 18, y, name);
    x += width;
  }
  if (!series.empty()) y += 20;
  if (has_intervals) {
    svg.Text(kMargin, y, In(language).interval, {.size = 12, .color = kMutedColor});
    y += 16;
  }
  return y + 4;
}

double HeadingHeight(const std::string& title,
                     const std::vector<std::string>& series,
                     bool has_intervals,
                     Language language) {
  Svg scratch(kWidth, 0, "", "");
  return DrawHeading(title, series, has_intervals, language, scratch);
}

template <typename Rows>
bool HasIntervals(const Rows& rows) {
  return std::any_of(rows.begin(), rows.end(), [](const auto& row) {
    return std::any_of(row.values.begin(), row.values.end(), [](const auto& value) {
      return value && value->interval;
    });
  });
}

void DrawProfileRow(const ProfileChart::Item& item,
                    int digits,
                    const Axis& axis,
                    double top,
                    double line_height,
                    Language language,
                    Svg& svg) {
  for (std::size_t g = 0; g < item.values.size(); ++g) {
    const double y = top + line_height * (static_cast<double>(g) + 0.5);
    const int series = static_cast<int>(g);
    if (!item.values[g]) {
      svg.Text(axis.from + 4, y + 4, In(language).withheld, {.size = 11, .color = kMutedColor});
      continue;
    }
    const ChartValue& value = *item.values[g];
    const char* color = SeriesColor(series);
    if (value.interval) {
      svg.Line(axis.At(value.interval->lower), y, axis.At(value.interval->upper), y, color, 2);
    }
    svg.Mark(axis.At(value.value), y, series, color);
    std::string label = FormatNumber(value.value, digits, language);
    if (value.answers > 0) label += "  (n = " + std::to_string(value.answers) + ")";
    svg.Text(kWidth - kMargin, y + 4, label, {.anchor = Anchor::kEnd, .size = 12});
  }
}

void DrawTicks(const Axis& axis, double top, double bottom, Language language, Svg& svg) {
  for (const double tick : axis.Ticks()) {
    svg.Line(axis.At(tick), top, axis.At(tick), bottom, kGridColor);
    svg.Text(axis.At(tick),
             bottom + 18,
             FormatNumber(tick, DigitsOf(tick), language),
             {.anchor = Anchor::kMiddle, .size = 12, .color = kMutedColor});
  }
}

void DrawSeries(const TrendChart::Series& series,
                int number,
                int count,
                const Axis& axis,
                const std::vector<double>& columns,
                Svg& svg) {
  const char* color = SeriesColor(number);
  // Side by side, so that intervals do not hide one another.
  const double shift = 9.0 * (number - (count - 1) / 2.0);
  bool joined = false;
  double last_x = 0;
  double last_y = 0;
  for (std::size_t p = 0; p < columns.size() && p < series.values.size(); ++p) {
    if (!series.values[p]) {
      joined = false;  // a gap stays a gap
      continue;
    }
    const ChartValue& value = *series.values[p];
    const double x = columns[p] + shift;
    const double y = axis.At(value.value);
    if (joined) svg.Line(last_x, last_y, x, y, color, 1.5);
    if (value.interval) {
      svg.Line(x, axis.At(value.interval->lower), x, axis.At(value.interval->upper), color, 2);
    }
    joined = true;
    last_x = x;
    last_y = y;
  }
  for (std::size_t p = 0; p < columns.size() && p < series.values.size(); ++p) {
    if (!series.values[p]) continue;
    svg.Mark(columns[p] + shift, axis.At(series.values[p]->value), number, color);
  }
}

}  // namespace

std::string DrawProfile(const ProfileChart& chart, Language language) {
  constexpr double kLabelWidth = 250;
  constexpr double kLine = 20;
  constexpr double kGap = 14;
  const bool intervals = HasIntervals(chart.items);
  const double top = HeadingHeight(chart.title, chart.groups, intervals, language);
  const double item_height =
      std::max(kLine * static_cast<double>(chart.groups.size()), 2 * 16.0) + kGap;
  const double bottom = top + item_height * static_cast<double>(chart.items.size());
  Svg svg(kWidth, bottom + 40, chart.title, In(language).profile);
  DrawHeading(chart.title, chart.groups, intervals, language, svg);
  const Axis axis{UsableScale(chart.scale), kMargin + kLabelWidth, kWidth - 130};
  DrawTicks(axis, top, bottom, language, svg);
  double y = top;
  for (const ProfileChart::Item& item : chart.items) {
    svg.Line(kMargin, y, kWidth - kMargin, y, kGridColor);
    const std::vector<std::string> name = WrapText(item.name, 34, 2);
    double line = y + item_height / 2 - 8.0 * (static_cast<double>(name.size()) - 1) + 4;
    for (const std::string& part : name) {
      svg.Text(kMargin, line, part);
      line += 16;
    }
    DrawProfileRow(item, chart.digits, axis, y + kGap / 2, kLine, language, svg);
    y += item_height;
  }
  svg.Line(kMargin, bottom, kWidth - kMargin, bottom, kGridColor);
  return svg.Finish();
}

std::string DrawDistribution(const DistributionChart& chart, Language language) {
  constexpr double kPlot = 220;
  const double top = HeadingHeight(chart.title, {}, false, language) + 20;
  const double bottom = top + kPlot;
  Svg svg(kWidth, bottom + 64, chart.title, In(language).distribution);
  DrawHeading(chart.title, {}, false, language, svg);
  svg.Text(kMargin, top - 16, In(language).share, {.size = 12, .color = kMutedColor});
  int most = 1;
  int total = 0;
  for (const auto& category : chart.categories) {
    most = std::max(most, category.count.value_or(0));
    total += category.count.value_or(0);
  }
  const double width =
      (kWidth - 2 * kMargin) / std::max<double>(1, static_cast<double>(chart.categories.size()));
  double x = kMargin;
  for (const auto& category : chart.categories) {
    const double middle = x + width / 2;
    const double height = (kPlot - 24) * category.count.value_or(0) / most;
    std::string label = "–";
    if (category.count) {
      const double share = total > 0 ? 100.0 * *category.count / total : 0;
      label = std::to_string(*category.count) + " (" + FormatNumber(share, 0, language) + "%)";
      svg.Box(middle - 0.32 * width, bottom - height, 0.64 * width, height, SeriesColor(0));
    }
    svg.Text(middle, bottom - height - 6, label, {.anchor = Anchor::kMiddle, .size = 12});
    double line = bottom + 20;
    for (const std::string& part :
         WrapText(category.name, static_cast<std::size_t>(std::max(4.0, width / 7.5)), 2)) {
      svg.Text(middle, line, part, {.anchor = Anchor::kMiddle, .size = 12});
      line += 15;
    }
    x += width;
  }
  svg.Line(kMargin, bottom, kWidth - kMargin, bottom, kMutedColor);
  return svg.Finish();
}

std::string DrawTrend(const TrendChart& chart, Language language) {
  constexpr double kPlot = 240;
  std::vector<std::string> names;
  for (const auto& series : chart.series) names.push_back(series.name);
  const bool intervals = HasIntervals(chart.series);
  const double top = HeadingHeight(chart.title, names, intervals, language) + 10;
  const double bottom = top + kPlot;
  Svg svg(kWidth, bottom + 50, chart.title, In(language).trend);
  DrawHeading(chart.title, names, intervals, language, svg);
  const Axis axis{UsableScale(chart.scale), bottom, top};
  for (const double tick : axis.Ticks()) {
    svg.Line(kMargin + 34, axis.At(tick), kWidth - kMargin, axis.At(tick), kGridColor);
    svg.Text(kMargin + 26,
             axis.At(tick) + 4,
             FormatNumber(tick, DigitsOf(tick), language),
             {.anchor = Anchor::kEnd, .size = 12, .color = kMutedColor});
  }
  const double width =
      (kWidth - 2 * kMargin - 34) / std::max<double>(1, static_cast<double>(chart.periods.size()));
  std::vector<double> columns;
  for (std::size_t p = 0; p < chart.periods.size(); ++p) {
    columns.push_back(kMargin + 34 + width * (static_cast<double>(p) + 0.5));
    double line = bottom + 20;
    for (const std::string& part :
         WrapText(chart.periods[p], static_cast<std::size_t>(std::max(4.0, width / 7.5)), 2)) {
      svg.Text(columns.back(), line, part, {.anchor = Anchor::kMiddle, .size = 12});
      line += 15;
    }
  }
  for (std::size_t s = 0; s < chart.series.size(); ++s) {
    DrawSeries(chart.series[s],
               static_cast<int>(s),
               static_cast<int>(chart.series.size()),
               axis,
               columns,
               svg);
  }
  return svg.Finish();
}

}  // namespace teraju::statistics
