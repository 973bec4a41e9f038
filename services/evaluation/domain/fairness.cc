#include "services/evaluation/domain/fairness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/evaluation/domain/fairness_table.h"

namespace teraju::evaluation::domain {
namespace {

using Dimension = v1::FairnessReport;

constexpr double kQuantile = 1.959963984540054;  // of the normal distribution at 97.5 %
constexpr std::array<const char*, 4> kRankGroups = {"I", "II", "III", "IV"};

std::optional<int> ShownCount(const CountRow& row, int column) {
  if (!row.shown[static_cast<std::size_t>(column)]) return std::nullopt;
  return row.counts[static_cast<std::size_t>(column)];
}

v1::FairnessGroup ToFairnessGroup(const FairnessGroups& groups,
                                  const CountRow& results,
                                  const CountRow& objections,
                                  int group) {
  v1::FairnessGroup told;
  const auto in = [&](const CountRow& row, int part) {
    return ShownCount(row, groups.Column(group, part));
  };
  if (const auto count = in(results, kGroupPeople)) told.set_people(*count);
  if (const auto count = in(results, kVeryGoodPart)) told.set_very_good(*count);
  if (const auto count = in(results, kGoodPart)) told.set_good(*count);
  if (const auto count = in(results, kLowerPart)) told.set_lower(*count);
  if (const auto count = in(objections, kObjectedPart)) told.set_objections(*count);
  if (const auto count = in(objections, kChangedPart)) told.set_objections_changed(*count);
  return told;
}

std::string Points(double share) { return absl::StrFormat("%.1f", 100 * share); }

void AddEffect(const v1::FairnessGroup& everybody, v1::FairnessGroup& group) {
  if (!everybody.has_people() || !everybody.has_very_good() || !group.has_people() ||
      !group.has_very_good() || everybody.people() == group.people())
    return;
  const int others = everybody.people() - group.people();
  const ShareDifference share = CompareShares(
      group.very_good(), group.people(), everybody.very_good() - group.very_good(), others);
  v1::FairnessEffect& effect = *group.mutable_effect();
  effect.mutable_difference()->set_value(Points(share.difference));
  effect.mutable_low()->set_value(Points(share.low));
  effect.mutable_high()->set_value(Points(share.high));
  effect.set_people(group.people());
  effect.set_others(others);
  const std::string figures = absl::StrCat(
      Points(share.difference), " (", Points(share.low), " – ", Points(share.high), ")");
  const bool differs = share.low > 0 || share.high < 0;
  effect.set_text_id(absl::StrCat(
      "Selisih porsi Sangat Baik dengan pegawai lain: ",
      figures,
      " poin persen, n = ",
      group.people(),
      " dan ",
      others,
      differs ? ". Perbedaan ini lebih besar daripada kebetulan; periksa sebabnya. Ini belum "
                "membuktikan ketidakadilan."
              : ". Tidak ada perbedaan yang berarti."));
  effect.set_text_en(absl::StrCat(
      "Share of Sangat Baik less that of everybody else: ",
      figures,
      " percentage points, n = ",
      group.people(),
      " and ",
      others,
      differs ? ". The difference is larger than chance; look for its causes. It does not prove "
                "unfairness."
              : ". There is no significant difference."));
}

struct WilsonInterval {
  double share = 0;
  double low = 0;
  double high = 1;
};

WilsonInterval WilsonOf(int count, int n) {
  const double p = static_cast<double>(count) / n;
  const double square = kQuantile * kQuantile;
  const double middle = (p + square / (2 * n)) / (1 + square / n);
  const double half =
      kQuantile * std::sqrt(p * (1 - p) / n + square / (4.0 * n * n)) / (1 + square / n);
  return {p, std::max(0.0, middle - half), std::min(1.0, middle + half)};
}

}  // namespace

std::string RankGroupOf(std::string_view grade) {
  const auto within = [](char digit, char last) { return '1' <= digit && digit <= last; };
  if (grade.size() == 2 && within(grade[0], '4') && within(grade[1], '5'))
    return kRankGroups[static_cast<std::size_t>(grade[0] - '1')];
  const bool roman = !grade.empty() && grade.find_first_not_of("IVX") == std::string_view::npos;
  return roman ? "PPPK" : "OTHER";
}

std::string GenderGroupOf(std::string_view gender) {
  return gender.empty() ? "OTHER" : std::string(gender);
}

std::vector<v1::FairnessGroup> CountFairness(std::span<const FairnessPerson> people,
                                             int threshold) {
  const FairnessCounts counts = CountProtected(people, threshold);
  std::vector<v1::FairnessGroup> told;
  const auto add =
      [&](Dimension::Dimension dimension, const std::string& name, v1::FairnessGroup group) {
        if (!group.has_people()) return;
        group.set_dimension(dimension);
        group.set_group(name);
        if (dimension != Dimension::EVERYBODY && !told.empty() &&
            told.front().dimension() == Dimension::EVERYBODY)
          AddEffect(told.front(), group);
        told.push_back(std::move(group));
      };
  const auto group_of = [&](std::size_t row, int group) {
    return ToFairnessGroup(counts.groups, counts.results[row], counts.objections[row], group);
  };
  const std::size_t rows = counts.results.size();
  for (std::size_t r = 0; r < rows; ++r) {
    const CountRow& row = counts.results[r];
    add(row.parent.empty() ? Dimension::EVERYBODY : Dimension::UNIT,
        row.parent.empty() ? "" : row.unit,
        group_of(r, -1));
  }
  for (std::size_t d = 0; d < kFairnessDimensions.size(); ++d) {
    for (std::size_t r = 0; r < rows; ++r) {
      if (!counts.results[r].parent.empty()) continue;
      const std::vector<std::string>& names = counts.groups.names[d];
      for (std::size_t i = 0; i < names.size(); ++i) {
        add(kFairnessDimensions[d],
            names[i],
            group_of(r, counts.groups.First(d) + static_cast<int>(i)));
      }
    }
  }
  return told;
}

ShareDifference CompareShares(int count, int n, int other_count, int other_n) {
  const WilsonInterval one = WilsonOf(count, n);
  const WilsonInterval other = WilsonOf(other_count, other_n);
  const double difference = one.share - other.share;
  return {difference,
          difference - std::hypot(one.share - one.low, other.high - other.share),
          difference + std::hypot(one.high - one.share, other.share - other.low)};
}

}  // namespace teraju::evaluation::domain
