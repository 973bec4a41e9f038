// Pictures of reports as SVG, in Indonesian or English: a profile by item and group, a
// distribution, a trend. They show what they are given: what may be shown is decided before.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "common/engines/statistics/reliability.h"
#include "common/engines/text.h"

namespace teraju::statistics {

struct ChartValue {
  double value = 0;
  std::optional<Interval> interval;  // 95 %
  int answers = 0;                   // 0: not told
};

// Names are the caller's, in the chart's language. A missing value is shown as withheld.
struct ProfileChart {
  std::string title;
  Interval scale{1, 5};
  int digits = 2;  // of the values, as they are published
  std::vector<std::string> groups;
  struct Item {
    std::string name;
    std::vector<std::optional<ChartValue>> values;  // by group
  };
  std::vector<Item> items;
};

struct DistributionChart {
  std::string title;
  struct Category {
    std::string name;
    std::optional<int> count;
  };
  std::vector<Category> categories;
};

struct TrendChart {
  std::string title;
  Interval scale{1, 5};
  std::vector<std::string> periods;
  struct Series {
    std::string name;
    std::vector<std::optional<ChartValue>> values;  // by period
  };
  std::vector<Series> series;
};

std::string DrawProfile(const ProfileChart& chart, Language language);
std::string DrawDistribution(const DistributionChart& chart, Language language);
std::string DrawTrend(const TrendChart& chart, Language language);

}  // namespace teraju::statistics
