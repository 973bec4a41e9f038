// Counts of people by unit for a table that others read, without any count that tells about too few
// people.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "common/engines/statistics/disclosure.h"

namespace teraju::evaluation::domain {

// Counts that are parts of another one.
struct CountSplit {
  int whole = 0;
  int first = 0;
  int last = 0;
};

// What a table counts: columns, of which the first is everybody.
struct CountShape {
  int counts = 0;
  int details = 0;  // the first of the columns at the end that are withheld before others
  std::vector<CountSplit> splits;
  // Of each way in which somebody may stand: the counts that include this one.
  std::vector<std::vector<int>> stands;
};

struct TabulatedPerson {
  std::vector<std::string> unit_path;  // ids, from the unit to the root
  int stand = 0;
};

struct CountRow {
  std::string unit;    // id
  std::string parent;  // id; empty for the root
  std::vector<int> counts;
  std::vector<bool> shown;
};

// Every unit with somebody at or below it, each before those below it; everything shown.
std::vector<CountRow> CountByUnit(const CountShape& shape, std::span<const TabulatedPerson> people);

// Withholds every count below the threshold, zero too: otherwise what is withheld would be known to
// be one or two.
void WithholdSmall(int threshold, std::vector<CountRow>& rows);

// Withholds as many more counts as it takes that none of those, nor a sum of them over fewer people
// than the threshold, follows from what is shown, by whatever sums and differences over units and
// columns.
void WithholdComplements(const CountShape& shape,
                         std::span<const TabulatedPerson> people,
                         int threshold,
                         std::vector<CountRow>& rows);

// What is shown, for the audit. An empty cell says so; people who stand alike in everything are
// represented by `threshold` of them.
statistics::Publication PublicationOf(const CountShape& shape,
                                      std::span<const TabulatedPerson> people,
                                      int threshold,
                                      std::span<const CountRow> rows);

}  // namespace teraju::evaluation::domain
