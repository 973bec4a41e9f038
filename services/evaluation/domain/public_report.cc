#include "services/evaluation/domain/public_report.h"

#include <algorithm>
#include <iterator>
#include <map>
#include <utility>

namespace teraju::evaluation::domain {
namespace {

constexpr int kPredicates = 5;
constexpr int kObjectionKinds = 5;  // with none

// Counts that are parts of another one.
struct Split {
  PublicCount whole;
  PublicCount first;
  PublicCount last;
};
constexpr Split kSplits[] = {{kAppraised, kVeryGood, kVeryPoor},
                             {kAppraised, kObjections, kObjections},
                             {kObjections, kObjectionsUpheld, kObjectionsOpen}};

PublicCount CountOf(v1::Predicate predicate) {
  return static_cast<PublicCount>(kVeryGood + (predicate - v1::VERY_GOOD));
}

// Which counts of its units somebody with this predicate and objection is part of.
std::vector<PublicCount> CountsOf(v1::Predicate predicate, PublicObjection objection) {
  std::vector<PublicCount> counts = {kAppraised, CountOf(predicate)};
  if (objection != PublicObjection::kNone) {
    counts.push_back(kObjections);
    counts.push_back(static_cast<PublicCount>(kObjections + static_cast<int>(objection)));
  }
  return counts;
}

// People of the same units, counted.
struct Group {
  std::vector<int> units;  // rows, from the own unit to the root
  std::array<int, kPublicCounts> counts{};
};

std::vector<Group> GroupsOf(std::span<const AppraisedPerson> people,
                            std::span<const PublicRow> rows) {
  std::map<std::string, int> row_of;
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) row_of[rows[row].unit] = row;
  std::map<std::vector<std::string>, Group> groups;
  for (const AppraisedPerson& person : people) {
    Group& group = groups[person.unit_path];
    if (group.units.empty()) {
      for (const std::string& unit : person.unit_path) group.units.push_back(row_of[unit]);
    }
    for (const PublicCount count : CountsOf(person.predicate, person.objection))
      ++group.counts[count];
  }
  std::vector<Group> result;
  for (auto& [path, group] : groups) result.push_back(std::move(group));
  return result;
}

// What follows from one column of the table: the counts of regions, which are shown units without
// the shown units below them. A part and its whole together also tell the rest of a region.
class Regions {
 public:
  Regions(std::span<const Group> groups, int threshold, std::vector<PublicRow>& rows)
      : groups_(groups), threshold_(threshold), rows_(rows) {}

  // Withholds until no region of one count, and no mixture of a part and its whole, is about too
  // few people. True where something was withheld.
  bool Withhold() {
    bool changed = WithholdRegions(kAppraised);
    for (const Split& split : kSplits) changed = WithholdParts(split) || changed;
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

  bool WithholdParts(const Split& split) {
    bool changed = false;
    for (PublicRow& row : rows_) {
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

  bool WithholdOnePart(const Split& split) {
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
        PublicRow& row = rows_[place.first];
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
  int LeastTold(const Split& split,
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

  std::span<const Group> groups_;
  int threshold_;
  std::vector<PublicRow>& rows_;
};

// The place of each shown number in a publication.
std::vector<std::pair<int, int>> ShownNumbers(std::span<const PublicRow> rows) {
  std::vector<std::pair<int, int>> numbers;
  for (int row = 0; row < static_cast<int>(rows.size()); ++row) {
    for (int count = 0; count < kPublicCounts; ++count) {
      if (rows[row].shown[count]) numbers.emplace_back(row, count);
    }
  }
  return numbers;
}

}  // namespace

std::vector<PublicRow> CountPublic(std::span<const AppraisedPerson> people) {
  std::map<std::pair<std::size_t, std::string>, PublicRow> rows;  // by depth, so that parents lead
  std::map<std::string, std::size_t> depths;
  for (const AppraisedPerson& person : people) {
    for (std::size_t i = person.unit_path.size(); i-- > 0;) {
      const std::string& unit = person.unit_path[i];
      // A unit that moved within the year stands where it was met first; everybody counts in it.
      const std::size_t depth = depths.emplace(unit, person.unit_path.size() - 1 - i).first->second;
      PublicRow& row = rows[{depth, unit}];
      if (row.unit.empty()) {
        row.unit = unit;
        if (i + 1 < person.unit_path.size()) row.parent = person.unit_path[i + 1];
        row.shown.fill(true);
      }
      for (const PublicCount count : CountsOf(person.predicate, person.objection))
        ++row.counts[count];
    }
  }
  std::vector<PublicRow> ordered;
  ordered.reserve(rows.size());
  for (auto& [place, row] : rows) ordered.push_back(std::move(row));
  return ordered;
}

void WithholdSmall(int threshold, std::vector<PublicRow>& rows) {
  for (PublicRow& row : rows) {
    for (int count = 0; count < kPublicCounts; ++count)
      row.shown[count] = row.shown[count] && row.counts[count] >= threshold;
  }
}

void WithholdComplements(std::span<const AppraisedPerson> people,
                         int threshold,
                         std::vector<PublicRow>& rows) {
  const std::vector<Group> groups = GroupsOf(people, rows);
  while (Regions(groups, threshold, rows).Withhold()) {
  }
  // What is left is rare: sums over several columns of different regions.
  const std::vector<std::pair<int, int>> numbers = ShownNumbers(rows);
  const std::vector<bool> kept =
      statistics::ProtectPublication(PublicationOf(people, threshold, rows));
  for (std::size_t i = 0; i < numbers.size(); ++i) {
    if (!kept[i]) rows[numbers[i].first].shown[numbers[i].second] = false;
  }
}

statistics::Publication PublicationOf(std::span<const AppraisedPerson> people,
                                      int threshold,
                                      std::span<const PublicRow> rows) {
  statistics::Publication publication;
  publication.threshold = threshold;
  const std::vector<std::pair<int, int>> numbers = ShownNumbers(rows);
  publication.numbers.resize(numbers.size());
  std::map<std::pair<std::string, int>, int> number_of;
  for (int i = 0; i < static_cast<int>(numbers.size()); ++i) {
    const PublicRow& row = rows[numbers[i].first];
    number_of[{row.unit, numbers[i].second}] = i;
    // What is said about the whole agency stays the longest; how objections ended goes first.
    const bool whole = row.parent.empty();
    publication.numbers[i].importance = numbers[i].second > kObjections ? 0 : whole ? 2 : 1;
  }

  // How many stand alike: in the same units, with the same predicate and objection.
  std::map<std::vector<std::string>, std::array<int, kPredicates * kObjectionKinds>> cells;
  for (const AppraisedPerson& person : people) {
    ++cells[person.unit_path][(person.predicate - v1::VERY_GOOD) * kObjectionKinds +
                              static_cast<int>(person.objection)];
  }
  int person = 0;
  for (const auto& [path, counts] : cells) {
    for (int cell = 0; cell < kPredicates * kObjectionKinds; ++cell) {
      const auto predicate = static_cast<v1::Predicate>(v1::VERY_GOOD + cell / kObjectionKinds);
      const auto objection = static_cast<PublicObjection>(cell % kObjectionKinds);
      const int answers = std::clamp(counts[cell], 1, threshold);
      for (int i = 0; i < answers; ++i) {
        const int answer = static_cast<int>(publication.person.size());
        publication.person.push_back(counts[cell] == 0 ? statistics::kNobody : person++);
        for (const std::string& unit : path) {
          for (const PublicCount count : CountsOf(predicate, objection)) {
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

v1::PublicUnit ToPublicUnit(const PublicRow& row) {
  v1::PublicUnit unit;
  using Setter = void (v1::PublicUnit::*)(std::int32_t);
  constexpr Setter kSetters[kPublicCounts] = {&v1::PublicUnit::set_appraised,
                                              &v1::PublicUnit::set_very_good,
                                              &v1::PublicUnit::set_good,
                                              &v1::PublicUnit::set_needs_improvement,
                                              &v1::PublicUnit::set_poor,
                                              &v1::PublicUnit::set_very_poor,
                                              &v1::PublicUnit::set_objections,
                                              &v1::PublicUnit::set_objections_upheld,
                                              &v1::PublicUnit::set_objections_changed,
                                              &v1::PublicUnit::set_objections_withdrawn,
                                              &v1::PublicUnit::set_objections_open};
  for (int count = 0; count < kPublicCounts; ++count) {
    if (row.shown[count]) (unit.*kSetters[count])(row.counts[count]);
  }
  return unit;
}

void DescribeAwardCriteria(v1::PublicReport& report) {
  report.set_award_criteria_id(
      "Predikat kinerja tahunan final Sangat Baik; diurutkan menurut rata-rata capaian, lalu "
      "rata-rata "
      "umpan balik; paling banyak bagian tertentu dari pegawai setiap unit di bawah instansi, "
      "dibulatkan ke bawah. Pejabat yang berwenang memutus setiap usulan.");
  report.set_award_criteria_en(
      "Final annual predicate Sangat Baik (Very Good); in the order of mean achievement, then mean "
      "feedback; at most a given share of the people of each unit below the agency, rounded down. "
      "A competent official decides every nomination.");
}

}  // namespace teraju::evaluation::domain
