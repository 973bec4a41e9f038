#include "services/evaluation/domain/fairness_table.h"

#include <algorithm>
#include <set>
#include <utility>

namespace teraju::evaluation::domain {
namespace {

const std::string& GroupIn(const FairnessPerson& person, std::size_t dimension) {
  switch (kFairnessDimensions[dimension]) {
    case v1::FairnessReport::POSITION_KIND:
      return person.position_kind;
    case v1::FairnessReport::RANK_GROUP:
      return person.rank_group;
    default:
      return person.gender;
  }
}

FairnessGroups FairnessGroupsOf(std::span<const FairnessPerson> people) {
  FairnessGroups groups;
  for (std::size_t d = 0; d < kFairnessDimensions.size(); ++d) {
    std::set<std::string> names;
    for (const FairnessPerson& person : people) names.insert(GroupIn(person, d));
    groups.names[d].assign(names.begin(), names.end());
  }
  return groups;
}

int PredicateClass(v1::Predicate predicate) {
  if (predicate == v1::VERY_GOOD) return 0;
  return predicate == v1::GOOD ? 1 : 2;
}

int PlaceOf(const std::vector<std::string>& values, const std::string& value) {
  return static_cast<int>(std::find(values.begin(), values.end(), value) - values.begin());
}

// One of the two tables: how its parts make up a whole, and the parts of each of three classes.
struct TableParts {
  std::vector<CountSplit> splits;
  std::array<std::vector<int>, 3> of_class;
};

const TableParts& ResultParts() {
  static const auto& parts =
      *new TableParts{.splits = {{kGroupPeople, kVeryGoodPart, kLowerPart}},
                      .of_class = {{{kVeryGoodPart}, {kGoodPart}, {kLowerPart}}}};
  return parts;
}

const TableParts& ObjectionParts() {
  static const auto& parts = *new TableParts{
      .splits = {{kGroupPeople, kObjectedPart, kObjectedPart},
                 {kObjectedPart, kChangedPart, kUnchangedPart}},
      .of_class = {{{}, {kObjectedPart, kUnchangedPart}, {kObjectedPart, kChangedPart}}}};
  return parts;
}

CountShape FairnessShape(const FairnessGroups& groups, const TableParts& parts) {
  CountShape shape{.counts = groups.Column(groups.size(), 1), .details = groups.Column(0, 1)};
  for (int group = -1; group < groups.size(); ++group) {
    for (const CountSplit& split : parts.splits) {
      shape.splits.push_back({groups.Column(group, split.whole),
                              groups.Column(group, split.first),
                              groups.Column(group, split.last)});
    }
  }
  // A way to stand: a group in every dimension and a class, the last one counting fastest.
  std::vector<std::vector<int>> ways = {{-1}};
  for (std::size_t d = 0; d < groups.names.size(); ++d) {
    const int first = groups.First(d);
    const int last = first + static_cast<int>(groups.names[d].size()) - 1;
    shape.splits.push_back(
        {kGroupPeople, groups.Column(first, kGroupPeople), groups.Column(last, kGroupPeople)});
    std::vector<std::vector<int>> longer;
    for (const std::vector<int>& way : ways) {
      for (int group = first; group <= last; ++group) {
        longer.push_back(way);
        longer.back().push_back(group);
      }
    }
    ways = std::move(longer);
  }
  for (const std::vector<int>& way : ways) {
    for (const std::vector<int>& of_class : parts.of_class) {
      std::vector<int>& stand = shape.stands.emplace_back();
      for (const int group : way) {
        stand.push_back(groups.Column(group, kGroupPeople));
        for (const int part : of_class) stand.push_back(groups.Column(group, part));
      }
    }
  }
  return shape;
}

// Who stands how, in the units right below the root.
std::vector<TabulatedPerson> FairnessStands(const FairnessGroups& groups,
                                            std::span<const FairnessPerson> people,
                                            int (*class_of)(const FairnessPerson&)) {
  std::vector<TabulatedPerson> stands;
  for (const FairnessPerson& person : people) {
    const auto& path = person.unit_path;
    const std::size_t from = path.size() > 2 ? path.size() - 2 : 0;
    int way = 0;
    for (std::size_t d = 0; d < kFairnessDimensions.size(); ++d) {
      way = way * static_cast<int>(groups.names[d].size()) +
            PlaceOf(groups.names[d], GroupIn(person, d));
    }
    stands.push_back({{path.begin() + static_cast<std::ptrdiff_t>(from), path.end()},
                      way * 3 + class_of(person)});
  }
  return stands;
}

class FairnessTable {
 public:
  FairnessTable(const FairnessGroups& groups,
                const TableParts& parts,
                std::vector<TabulatedPerson> people,
                int threshold)
      : groups_(groups),
        parts_(parts),
        shape_(FairnessShape(groups, parts)),
        people_(std::move(people)),
        threshold_(threshold),
        rows_(CountByUnit(shape_, people_)) {
    WithholdSmall(threshold_, rows_);
    // Groups are told of the whole agency alone.
    for (CountRow& row : rows_) {
      if (!row.parent.empty())
        std::fill(row.shown.begin() + groups_.Column(0, kGroupPeople), row.shown.end(), false);
    }
  }

  std::vector<CountRow>& rows() { return rows_; }
  void Protect() { WithholdComplements(shape_, people_, threshold_, rows_); }
  // Shows no part whose whole is withheld, and nobody whom `other` withholds. True where that
  // changed whom the table shows.
  bool Follow(const FairnessTable& other) {
    bool changed = false;
    for (std::size_t r = 0; r < rows_.size(); ++r) {
      std::vector<bool>& shown = rows_[r].shown;
      for (int group = -1; group < groups_.size(); ++group) {
        const int whole = groups_.Column(group, kGroupPeople);
        changed = changed || (shown[whole] && !other.rows_[r].shown[whole]);
        shown[whole] = shown[whole] && other.rows_[r].shown[whole];
        for (const CountSplit& split : parts_.splits) {
          if (shown[groups_.Column(group, split.whole)]) continue;
          for (int part = split.first; part <= split.last; ++part)
            shown[groups_.Column(group, part)] = false;
        }
      }
    }
    return changed;
  }

 private:
  const FairnessGroups& groups_;
  const TableParts& parts_;
  CountShape shape_;
  std::vector<TabulatedPerson> people_;
  int threshold_;
  std::vector<CountRow> rows_;
};

// A unit tells all of `parts` or none, and as many do as leave enough people of each part for those
// who do not: otherwise the parts of the whole agency would have to be withheld. With them go parts
// that come later.
void LevelUnits(int threshold, std::span<const int> parts, std::vector<CountRow>& rows) {
  std::vector<CountRow*> telling;
  std::vector<int> left;
  const auto silence = [&](CountRow& row) {
    std::fill(row.shown.begin() + parts.front(), row.shown.begin() + kGroupParts + 1, false);
  };
  for (CountRow& row : rows) {
    if (row.parent.empty()) {
      left = row.counts;
    } else if (std::all_of(parts.begin(), parts.end(), [&](int p) { return row.shown[p]; })) {
      telling.push_back(&row);
    } else {
      silence(row);
    }
  }
  std::sort(telling.begin(), telling.end(), [](const CountRow* a, const CountRow* b) {
    return a->counts[kGroupPeople] > b->counts[kGroupPeople];
  });
  const auto add = [&](const CountRow& row, int sign) {
    for (int part = kGroupPeople; part <= kGroupParts; ++part)
      left[part] += sign * row.counts[part];
  };
  for (const CountRow* row : telling) add(*row, -1);
  const auto few = [&](int part) { return left[part] < threshold; };
  while (!telling.empty() && left[kGroupPeople] > 0 &&
         std::any_of(parts.begin(), parts.end(), few)) {
    add(*telling.back(), 1);
    silence(*telling.back());
    telling.pop_back();
  }
}

// Where few are lower, Baik is withheld with them, so that Sangat Baik, by which groups are
// compared, need not be.
void SpareVeryGood(const FairnessGroups& groups, int threshold, CountRow& agency) {
  const auto lower = [&](int group) { return groups.Column(group, kLowerPart); };
  for (std::size_t d = 0; d < groups.names.size(); ++d) {
    std::vector<int> shown;
    int hidden = 0;
    for (int group = groups.First(d); group < groups.First(d + 1); ++group) {
      if (agency.shown[lower(group)]) {
        shown.push_back(group);
      } else {
        hidden += agency.counts[lower(group)];
      }
    }
    const bool some = static_cast<int>(shown.size()) < groups.First(d + 1) - groups.First(d);
    std::sort(shown.begin(), shown.end(), [&](int a, int b) {
      return agency.counts[lower(a)] > agency.counts[lower(b)];
    });
    for (; some && hidden < threshold && !shown.empty(); shown.pop_back()) {
      hidden += agency.counts[lower(shown.back())];
      agency.shown[lower(shown.back())] = false;
    }
  }
  for (int group = -1; group < groups.size(); ++group) {
    if (!agency.shown[lower(group)]) agency.shown[groups.Column(group, kGoodPart)] = false;
  }
}

}  // namespace

int FairnessGroups::First(std::size_t dimension) const {
  std::size_t groups = 0;
  for (std::size_t d = 0; d < dimension; ++d) groups += names[d].size();
  return static_cast<int>(groups);
}

int FairnessGroups::Column(int group, int part) const {
  if (group < 0) return part;
  const int first = 1 + kGroupParts;
  return part == kGroupPeople ? first + group : first + size() + group * kGroupParts + part - 1;
}

FairnessCounts CountProtected(std::span<const FairnessPerson> people, int threshold) {
  const FairnessGroups groups = FairnessGroupsOf(people);
  FairnessTable results(
      groups,
      ResultParts(),
      FairnessStands(
          groups, people, [](const auto& person) { return PredicateClass(person.predicate); }),
      threshold);
  // Who is in which group is known to many, who objected to which predicate is not: so objections
  // are a table of their own, with the people of the groups in common.
  FairnessTable objections(
      groups,
      ObjectionParts(),
      FairnessStands(
          groups, people, [](const auto& person) { return static_cast<int>(person.objection); }),
      threshold);
  LevelUnits(threshold, std::array<int, 3>{kVeryGoodPart, kGoodPart, kLowerPart}, results.rows());
  LevelUnits(threshold, std::array<int, 1>{kObjectedPart}, objections.rows());
  LevelUnits(threshold, std::array<int, 1>{kChangedPart}, objections.rows());
  for (CountRow& row : results.rows()) {
    if (row.parent.empty()) SpareVeryGood(groups, threshold, row);
  }
  for (CountRow& row : objections.rows()) {
    for (int group = -1; group < groups.size(); ++group)
      row.shown[groups.Column(group, kUnchangedPart)] = false;  // is not told
  }
  results.Protect();
  objections.Protect();
  for (;;) {
    if (objections.Follow(results)) objections.Protect();
    if (!results.Follow(objections)) break;
    results.Protect();
  }
  objections.Follow(results);
  return {groups, std::move(results.rows()), std::move(objections.rows())};
}

}  // namespace teraju::evaluation::domain
