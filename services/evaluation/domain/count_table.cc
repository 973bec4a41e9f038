#include "services/evaluation/domain/count_table.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace teraju::evaluation::domain {
namespace {

constexpr int kEverybody = 0;

// People of the same units, counted.
struct Group {
  std::vector<int> units;  // rows, from the own unit to the root
  std::vector<int> counts;
};

std::vector<Group> GroupsOf(const CountShape& shape,
                            std::span<const TabulatedPerson> people,
                            std::span<const CountRow> rows) {
  std::map<std::string, int> row_of;
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) row_of[rows[row].unit] = row;
  std::map<std::vector<std::string>, Group> groups;
  for (const TabulatedPerson& person : people) {
    Group& group = groups[person.unit_path];
    if (group.units.empty()) {
      group.counts.resize(static_cast<std::size_t>(shape.counts));
      for (const std::string& unit : person.unit_path) group.units.push_back(row_of[unit]);
    }
    for (const int count : shape.stands[person.stand]) ++group.counts[count];
  }
  std::vector<Group> result;
  for (auto& [path, group] : groups) result.push_back(std::move(group));
  return result;
}

// What follows from one column of the table: the counts of regions, which are shown units without
// the shown units below them. A part and its whole together also tell the rest of a region.
class Regions {
 public:
  Regions(const CountShape& shape,
          std::span<const Group> groups,
          int threshold,
          std::vector<CountRow>& rows)
      : shape_(shape), groups_(groups), threshold_(threshold), rows_(rows) {}

  // Withholds until no region of one count, and no mixture of a part and its whole, is about too
  // few people. True where something was withheld.
  bool Withhold() {
    bool changed = WithholdRegions(kEverybody);
    for (const CountSplit& split : shape_.splits) changed = WithholdParts(split) || changed;
    return changed;
  }

 private:
  using Region = std::vector<int>;  // groups

  // By the shown unit at its top.
  std::map<int, Region> RegionsOf(int count) const {
    std::map<int, Region> regions;
    for (int g = 0; g < static_cast<int>(groups_.size()); ++g) {
      for (const int unit : groups_[g].units) {
        if (!rows_[unit].shown[count]) continue;
        regions[unit].push_back(g);
        break;
      }
    }
    return regions;
  }
  int CountIn(const Region& region, int count) const {
    int sum = 0;
    for (const int g : region) sum += groups_[g].counts[count];
    return sum;
  }

  bool WithholdRegions(int count) {
    bool changed = false;
    for (bool again = true; again;) {
      again = false;
      for (const auto& [unit, region] : RegionsOf(count)) {
        if (CountIn(region, count) >= threshold_) continue;
        rows_[SmallestBelow(unit, count)].shown[count] = false;
        changed = again = true;
        break;
      }
    }
    return changed;
  }
  // The smallest shown unit right below this one, or this one.
  int SmallestBelow(int unit, int count) const {
    int smallest = unit;
    for (const Group& group : groups_) {
      const auto here = std::find(group.units.begin(), group.units.end(), unit);
      if (here == group.units.end()) continue;
      for (auto below = here; below != group.units.begin();) {
        --below;
        if (!rows_[*below].shown[count]) continue;
        if (smallest == unit || rows_[*below].counts[count] < rows_[smallest].counts[count])
          smallest = *below;
        break;
      }
    }
    return smallest;
  }

  bool WithholdParts(const CountSplit& split) {
    bool changed = false;
    for (CountRow& row : rows_) {
      for (int part = split.first; part <= split.last; ++part) {
        // A part alone says less than its whole, and is easier to judge below it.
        if (row.shown[part] && !row.shown[split.whole]) {
          row.shown[part] = false;
          changed = true;
        }
      }
    }
    while (WithholdOnePart(split)) changed = true;
    return changed;
  }

  bool WithholdOnePart(const CountSplit& split) {
    const std::map<int, Region> wholes = RegionsOf(split.whole);
    std::vector<std::map<int, Region>> parts;
    for (int part = split.first; part <= split.last; ++part) parts.push_back(RegionsOf(part));
    std::map<std::pair<int, Region>, std::vector<int>> alike;  // parts of the same region
    for (int i = 0; i < static_cast<int>(parts.size()); ++i) {
      for (const auto& [unit, region] : parts[i]) alike[{unit, region}].push_back(split.first + i);
    }
    for (const auto& [place, shown] : alike) {
      // All of them first: what is left beside them is hidden by the smallest.
      for (unsigned chosen = (1U << shown.size()) - 1; chosen > 0; --chosen) {
        std::vector<int> together;
        for (std::size_t i = 0; i < shown.size(); ++i) {
          if ((chosen >> i & 1U) != 0) together.push_back(shown[i]);
        }
        if (LeastTold(split, wholes, alike, place.second, together) >= threshold_) continue;
        CountRow& row = rows_[place.first];
        row.shown[*std::min_element(together.begin(), together.end(), [&](int a, int b) {
          return row.counts[a] < row.counts[b];
        })] = false;
        return true;
      }
    }
    return false;
  }

  // The fewest people whom the sum of some parts over a region can be made to tell about: in each
  // region of the whole within it, those in these parts, or, by subtraction, all others.
  int LeastTold(const CountSplit& split,
                const std::map<int, Region>& wholes,
                const std::map<std::pair<int, Region>, std::vector<int>>& alike,
                const Region& region,
                const std::vector<int>& parts) const {
    const auto sum = [&](const Region& where, const std::vector<int>& of) {
      int total = 0;
      for (const int part : of) total += CountIn(where, part);
      return total;
    };
    int told = 0;
    Region left = region;
    for (const auto& [unit, whole] : wholes) {
      if (!std::includes(region.begin(), region.end(), whole.begin(), whole.end())) continue;
      std::vector<int> known = parts;
      const auto here = alike.find({unit, whole});
      if (here != alike.end()) {
        for (const int part : here->second) {
          if (std::find(known.begin(), known.end(), part) == known.end()) known.push_back(part);
        }
      }
      const bool all = static_cast<int>(known.size()) == split.last - split.first + 1 &&
                       split.first != split.last;
      const int in = sum(whole, parts);
      told += all ? in : std::min(in, CountIn(whole, split.whole) - sum(whole, known));
      Region rest;
      std::set_difference(
          left.begin(), left.end(), whole.begin(), whole.end(), std::back_inserter(rest));
      left = std::move(rest);
    }
    return told + sum(left, parts);
  }

  const CountShape& shape_;
  std::span<const Group> groups_;
  int threshold_;
  std::vector<CountRow>& rows_;
};

// The place of each shown number in a publication.
std::vector<std::pair<int, int>> ShownNumbers(std::span<const CountRow> rows) {
  std::vector<std::pair<int, int>> numbers;
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
    for (int count = 0; count < static_cast<int>(rows[row].shown.size()); ++count) {
      if (rows[row].shown[count]) numbers.emplace_back(row, count);
    }
  }
  return numbers;
}

}  // namespace

std::vector<CountRow> CountByUnit(const CountShape& shape,
                                  std::span<const TabulatedPerson> people) {
  std::map<std::pair<std::size_t, std::string>, CountRow> rows;  // by depth, so that parents lead
  std::map<std::string, std::size_t> depths;
  for (const TabulatedPerson& person : people) {
    for (std::size_t i = person.unit_path.size(); i-- > 0;) {
      const std::string& unit = person.unit_path[i];
      // A unit that moved within the year stands where it was met first; everybody counts in it.
      const std::size_t depth = depths.emplace(unit, person.unit_path.size() - 1 - i).first->second;
      CountRow& row = rows[{depth, unit}];
      if (row.unit.empty()) {
        row.unit = unit;
        if (i + 1 < person.unit_path.size()) row.parent = person.unit_path[i + 1];
        row.counts.resize(static_cast<std::size_t>(shape.counts));
        row.shown.assign(static_cast<std::size_t>(shape.counts), true);
      }
      for (const int count : shape.stands[person.stand]) ++row.counts[count];
    }
  }
  std::vector<CountRow> ordered;
  ordered.reserve(rows.size());
  for (auto& [place, row] : rows) ordered.push_back(std::move(row));
  return ordered;
}

void WithholdSmall(int threshold, std::vector<CountRow>& rows) {
  for (CountRow& row : rows) {
    for (std::size_t count = 0; count < row.shown.size(); ++count)
      row.shown[count] = row.shown[count] && row.counts[count] >= threshold;
  }
}

void WithholdComplements(const CountShape& shape,
                         std::span<const TabulatedPerson> people,
                         int threshold,
                         std::vector<CountRow>& rows) {
  const std::vector<Group> groups = GroupsOf(shape, people, rows);
  while (Regions(shape, groups, threshold, rows).Withhold()) {
  }
  // What is left is rare: sums over several columns of different regions.
  const std::vector<std::pair<int, int>> numbers = ShownNumbers(rows);
  const std::vector<bool> kept =
      statistics::ProtectPublication(PublicationOf(shape, people, threshold, rows));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!kept[i]) rows[numbers[i].first].shown[numbers[i].second] = false;
  }
}

statistics::Publication PublicationOf(const CountShape& shape,
                                      std::span<const TabulatedPerson> people,
                                      int threshold,
                                      std::span<const CountRow> rows) {
  statistics::Publication publication;
  publication.threshold = threshold;
  const std::vector<std::pair<int, int>> numbers = ShownNumbers(rows);
  publication.numbers.resize(numbers.size());
  std::map<std::pair<std::string, int>, int> number_of;
  for (int i = 0; i < static_cast<int>(numbers.size()); ++i) {
    const CountRow& row = rows[numbers[i].first];
    number_of[{row.unit, numbers[i].second}] = i;
    // What is said about the whole agency stays the longest, details go first.
    const bool whole = row.parent.empty();
    publication.numbers[i].importance = numbers[i].second >= shape.details ? 0 : whole ? 2 : 1;
  }

  // How many stand alike, in the same units.
  std::map<std::vector<std::string>, std::vector<int>> cells;
  for (const TabulatedPerson& person : people) {
    std::vector<int>& stands = cells[person.unit_path];
    stands.resize(shape.stands.size());
    ++stands[person.stand];
  }
  int person = 0;
  for (const auto& [path, stands] : cells) {
    for (std::size_t stand = 0; stand < stands.size(); ++stand) {
      const int answers = std::clamp(stands[stand], 1, threshold);
      for (int i = 0; i < answers; ++i) {
        const int answer = static_cast<int>(publication.person.size());
        publication.person.push_back(stands[stand] == 0 ? statistics::kNobody : person++);
        for (const std::string& unit : path) {
          for (const int count : shape.stands[stand]) {
            const auto number = number_of.find({unit, count});
            if (number != number_of.end())
              publication.numbers[number->second].terms.push_back({answer});
          }
        }
      }
    }
  }
  return publication;
}

}  // namespace teraju::evaluation::domain
