// The counts behind a fairness report as two tables, of results and of objections, in which nothing
// tells about too few people.
#pragma once

#include <array>
#include <span>
#include <string>
#include <vector>

#include "services/evaluation/domain/count_table.h"
#include "services/evaluation/domain/fairness.h"

namespace teraju::evaluation::domain {

// What stands side by side, in the order of the report.
inline constexpr std::array kFairnessDimensions = {
    v1::FairnessReport::POSITION_KIND, v1::FairnessReport::RANK_GROUP, v1::FairnessReport::GENDER};

// Counts of a group: its people, then three parts, which mean different things in the two tables.
inline constexpr int kGroupPeople = 0;
enum ResultPart { kVeryGoodPart = 1, kGoodPart, kLowerPart };
enum ObjectionPart { kObjectedPart = 1, kChangedPart, kUnchangedPart };
inline constexpr int kGroupParts = 3;

// The groups that somebody is in, dimension by dimension. Columns are everybody and the parts, then
// the people of each group, then the parts of each group.
struct FairnessGroups {
  std::array<std::vector<std::string>, kFairnessDimensions.size()> names;

  // The number of a dimension's first group.
  int First(std::size_t dimension) const;
  int size() const { return First(names.size()); }
  // Of a group, or of everybody: -1.
  int Column(int group, int part) const;
};

struct FairnessCounts {
  FairnessGroups groups;
  // The agency and the units right below it; of the same units in both.
  std::vector<CountRow> results;
  std::vector<CountRow> objections;
};

FairnessCounts CountProtected(std::span<const FairnessPerson> people, int threshold);

}  // namespace teraju::evaluation::domain
