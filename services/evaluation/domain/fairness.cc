#include "services/evaluation/domain/fairness.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <optional>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "services/evaluation/domain/count_table.h"

namespace teraju::evaluation::domain {
namespace {

using Dimension = v1::FairnessReport;

constexpr double kQuantile = 1.959963984540054;  // of the normal distribution at 97.5 %
constexpr int kPredicateClasses = 3;             // Sangat Baik, Baik, below
constexpr std::array<const char*, 4> kRankGroups = {"I", "II", "III", "IV"};

// The groups that somebody is in, kinds of posts before golongan. Columns are everybody, the
// predicates, then of every group everybody and the predicates.
struct Groups {
  std::vector<std::string> kinds;
  std::vector<std::string> ranks;
  int count() const { return static_cast<int>(kinds.size() + ranks.size()); }
  int GroupColumn(int group) const { return 1 + kPredicateClasses + group; }
  int CellColumn(int group, int predicate) const {
    return GroupColumn(count()) + group * kPredicateClasses + predicate;
  }
};

Groups GroupsOfPeople(std::span<const FairnessPerson> people) {
  std::set<std::string> kinds, ranks;
  for (const FairnessPerson& person : people) {
    kinds.insert(person.position_kind);
    ranks.insert(person.rank_group);
  }
  return {{kinds.begin(), kinds.end()}, {ranks.begin(), ranks.end()}};
}

int PredicateClass(v1::Predicate predicate) {
  if (predicate == v1::VERY_GOOD) return 0;
  return predicate == v1::GOOD ? 1 : 2;
}

int IndexOf(const std::vector<std::string>& values, const std::string& value) {
  return static_cast<int>(std::find(values.begin(), values.end(), value) - values.begin());
}

// A way to stand: kind, golongan, predicate.
int FairStandOf(const Groups& groups, const FairnessPerson& person) {
  const int rank = IndexOf(groups.ranks, person.rank_group);
  const int kind = IndexOf(groups.kinds, person.position_kind);
  return (kind * static_cast<int>(groups.ranks.size()) + rank) * kPredicateClasses +
         PredicateClass(person.predicate);
}

CountShape FairnessShape(const Groups& groups) {
  const int kinds = static_cast<int>(groups.kinds.size());
  CountShape shape{.counts = groups.CellColumn(groups.count(), 0),
                   .details = groups.CellColumn(0, 0)};
  shape.splits.push_back({0, 1, kPredicateClasses});
  shape.splits.push_back({0, groups.GroupColumn(0), groups.GroupColumn(kinds - 1)});
  shape.splits.push_back({0, groups.GroupColumn(kinds), groups.GroupColumn(groups.count() - 1)});
  for (int group = 0; group < groups.count(); ++group) {
    shape.splits.push_back({groups.GroupColumn(group),
                            groups.CellColumn(group, 0),
                            groups.CellColumn(group, kPredicateClasses - 1)});
  }
  for (int kind = 0; kind < kinds; ++kind) {
    for (int rank = kinds; rank < groups.count(); ++rank) {
      for (int predicate = 0; predicate < kPredicateClasses; ++predicate) {
        shape.stands.push_back({0,
                                1 + predicate,
                                groups.GroupColumn(kind),
                                groups.GroupColumn(rank),
                                groups.CellColumn(kind, predicate),
                                groups.CellColumn(rank, predicate)});
      }
    }
  }
  return shape;
}

std::optional<int> ShownCount(const CountRow& row, int column) {
  if (!row.shown[static_cast<std::size_t>(column)]) return std::nullopt;
  return row.counts[static_cast<std::size_t>(column)];
}

v1::FairnessGroup ToGroup(const CountRow& row, int everybody, int first_predicate) {
  v1::FairnessGroup group;
  if (const auto people = ShownCount(row, everybody)) group.set_people(*people);
  if (const auto count = ShownCount(row, first_predicate)) group.set_very_good(*count);
  if (const auto count = ShownCount(row, first_predicate + 1)) group.set_good(*count);
  if (const auto count = ShownCount(row, first_predicate + 2)) group.set_lower(*count);
  return group;
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

std::vector<v1::FairnessGroup> CountFairness(std::span<const FairnessPerson> people,
                                             int threshold) {
  const Groups named = GroupsOfPeople(people);
  std::vector<TabulatedPerson> counted;
  for (const FairnessPerson& person : people) {
    const auto& path = person.unit_path;
    const std::size_t from = path.size() > 2 ? path.size() - 2 : 0;
    counted.push_back({{path.begin() + static_cast<std::ptrdiff_t>(from), path.end()},
                       FairStandOf(named, person)});
  }
  const CountShape shape = FairnessShape(named);
  std::vector<CountRow> rows = CountByUnit(shape, counted);
  WithholdSmall(threshold, rows);
  // Groups are told of the whole agency alone.
  for (CountRow& row : rows) {
    if (!row.parent.empty())
      std::fill(row.shown.begin() + named.GroupColumn(0), row.shown.end(), false);
  }
  WithholdComplements(shape, counted, threshold, rows);

  std::vector<v1::FairnessGroup> groups;
  const auto add = [&](Dimension::Dimension dimension,
                       const std::string& name,
                       v1::FairnessGroup group) {
    if (!group.has_people() && !group.has_very_good() && !group.has_good() && !group.has_lower())
      return;
    group.set_dimension(dimension);
    group.set_group(name);
    if (dimension != Dimension::EVERYBODY && !groups.empty()) AddEffect(groups.front(), group);
    groups.push_back(std::move(group));
  };
  for (const CountRow& row : rows) {
    add(row.parent.empty() ? Dimension::EVERYBODY : Dimension::UNIT,
        row.parent.empty() ? "" : row.unit,
        ToGroup(row, 0, 1));
  }
  const int kinds = static_cast<int>(named.kinds.size());
  for (const CountRow& row : rows) {
    if (!row.parent.empty()) continue;
    for (int group = 0; group < named.count(); ++group) {
      const bool kind = group < kinds;
      add(kind ? Dimension::POSITION_KIND : Dimension::RANK_GROUP,
          kind ? named.kinds[static_cast<std::size_t>(group)]
               : named.ranks[static_cast<std::size_t>(group - kinds)],
          ToGroup(row, named.GroupColumn(group), named.CellColumn(group, 0)));
    }
  }
  return groups;
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
