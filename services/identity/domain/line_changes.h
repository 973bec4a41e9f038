// Which days of which persons have another appraiser than before.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"

namespace teraju::identity::domain {

// A person's key, ordered as the text of its UUID.
struct PersonKey {
  std::uint64_t high = 0;
  std::uint64_t low = 0;

  static PersonKey Of(std::string_view uuid);
  std::string ToUuid() const;
  friend bool operator==(const PersonKey& a, const PersonKey& b) {
    return a.high == b.high && a.low == b.low;
  }
  friend bool operator<(const PersonKey& a, const PersonKey& b) {
    return a.high != b.high ? a.high < b.high : a.low < b.low;
  }
};

// Days since 1970-01-01, both included; kOpen where no last day is known.
inline constexpr std::int32_t kOpen = INT32_MAX;
std::int32_t ToDayNumber(absl::CivilDay day);
absl::CivilDay FromDayNumber(std::int32_t number);

// Days of one person under one appraiser. Small: there are a million of them.
struct LineSpan {
  PersonKey person;
  std::int32_t first = 0;
  std::int32_t last = kOpen;
  std::uint32_t appraiser = 0;  // which, as the caller numbers them; 0: nobody
};

struct LineChange {
  PersonKey person;
  std::int32_t first = 0;
  std::int32_t last = kOpen;
  std::uint32_t before = 0;
  std::uint32_t after = 0;
};

// Both by person and first day, without overlaps. Days that neither names, or both alike, are no
// change.
std::vector<LineChange> CompareLines(std::span<const LineSpan> before,
                                     std::span<const LineSpan> after);

}  // namespace teraju::identity::domain
