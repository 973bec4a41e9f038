// Half-open intervals of civil days, [start, end), as an agency's calendar has them.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace teraju::time {

// The end of what has no end yet. Later than any date of a message.
inline constexpr absl::CivilDay kForever(10000, 1, 1);

// At least one day.
class Period {
 public:
  // INVALID_ARGUMENT (FIELD_INVALID) unless start < end <= kForever.
  static absl::StatusOr<Period> Make(absl::CivilDay start, absl::CivilDay end);
  // `quarter` 1 to 4, `month` 1 to 12.
  static Period Year(int year);
  static Period Quarter(int year, int quarter);
  static Period Month(int year, int month);

  absl::CivilDay start() const { return start_; }
  absl::CivilDay end() const { return end_; }
  absl::CivilDay last() const { return end_ - 1; }
  bool open_ended() const { return end_ == kForever; }
  int days() const { return static_cast<int>(end_ - start_); }

  bool Contains(absl::CivilDay day) const { return start_ <= day && day < end_; }
  bool Contains(const Period& other) const { return start_ <= other.start_ && other.end_ <= end_; }
  bool Overlaps(const Period& other) const { return start_ < other.end_ && other.start_ < end_; }
  // What both have; nullopt when they do not overlap.
  std::optional<Period> Intersection(const Period& other) const;

  // The calendar's months and quarters that it touches, cut to it, in order. Not for open-ended
  // periods.
  std::vector<Period> Months() const;
  std::vector<Period> Quarters() const;

  // `2025-01-01/2026-01-01`, ISO 8601 with the end excluded; an open end is `..`.
  std::string ToString() const;

  friend bool operator==(const Period&, const Period&) = default;

 private:
  Period(absl::CivilDay start, absl::CivilDay end) : start_(start), end_(end) {}
  std::vector<Period> Cut(int months) const;

  absl::CivilDay start_;
  absl::CivilDay end_;
};

// `YYYY-MM-DD`, a day of the calendar. INVALID_ARGUMENT (FIELD_INVALID).
absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text);
std::string FormatDay(absl::CivilDay day);

// A full date of the calendar, years 1 to 9999. INVALID_ARGUMENT (FIELD_INVALID).
absl::StatusOr<absl::CivilDay> ToCivilDay(const google::type::Date& date);
google::type::Date ToDate(absl::CivilDay day);

}  // namespace teraju::time
