#include "common/time/period.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "common/errors/error.h"

namespace teraju::time {
namespace {

constexpr int kMonthsOfQuarter = 3;

absl::Status Refuse(std::string_view why) {
  return errors::InvalidArgument(errors::reasons::FIELD_INVALID, why);
}

absl::StatusOr<absl::CivilDay> MakeDay(int year, int month, int day) {
  const absl::CivilDay civil(year, month, day);  // which normalises 30 February to 2 March
  if (year < 1 || year > 9999 || civil.year() != year || civil.month() != month ||
      civil.day() != day) {
    return Refuse("Must be a day of the calendar, such as 2025-01-31.");
  }
  return civil;
}

std::optional<int> ParseDigits(std::string_view text) {
  int value = 0;
  const auto* end = text.data() + text.size();
  const bool digits =
      std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
  const auto result = std::from_chars(text.data(), end, value);
  if (!digits || result.ec != std::errc()) return std::nullopt;
  return value;
}

}  // namespace

absl::StatusOr<Period> Period::Make(absl::CivilDay start, absl::CivilDay end) {
  if (start >= end || end > kForever) {
    return Refuse("A period begins before it ends; the end is the first day after it.");
  }
  return Period(start, end);
}

Period Period::Year(int year) { return {absl::CivilDay(year), absl::CivilDay(year + 1)}; }

Period Period::Quarter(int year, int quarter) {
  const absl::CivilMonth first(year, kMonthsOfQuarter * (quarter - 1) + 1);
  return {absl::CivilDay(first), absl::CivilDay(first + kMonthsOfQuarter)};
}

Period Period::Month(int year, int month) {
  const absl::CivilMonth first(year, month);
  return {absl::CivilDay(first), absl::CivilDay(first + 1)};
}

std::optional<Period> Period::Intersection(const Period& other) const {
  if (!Overlaps(other)) return std::nullopt;
  return Period(std::max(start_, other.start_), std::min(end_, other.end_));
}

std::vector<Period> Period::Cut(int months) const {
  std::vector<Period> parts;
  absl::CivilMonth first(start_.year(), (start_.month() - 1) / months * months + 1);
  for (; absl::CivilDay(first) < end_; first += months) {
    const Period whole(absl::CivilDay(first), absl::CivilDay(first + months));
    parts.push_back(*Intersection(whole));
  }
  return parts;
}

std::vector<Period> Period::Months() const { return Cut(1); }
std::vector<Period> Period::Quarters() const { return Cut(kMonthsOfQuarter); }

std::string Period::ToString() const {
  return fmt::format("{}/{}", FormatDay(start_), open_ended() ? ".." : FormatDay(end_));
}

absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text) {
  const bool shaped = text.size() == 10 && text[4] == '-' && text[7] == '-';
  const auto year = shaped ? ParseDigits(text.substr(0, 4)) : std::nullopt;
  const auto month = shaped ? ParseDigits(text.substr(5, 2)) : std::nullopt;
  const auto day = shaped ? ParseDigits(text.substr(8, 2)) : std::nullopt;
  return MakeDay(year.value_or(0), month.value_or(0), day.value_or(0));
}

std::string FormatDay(absl::CivilDay day) {
  return fmt::format("{:04}-{:02}-{:02}", day.year(), day.month(), day.day());
}

absl::StatusOr<absl::CivilDay> ToCivilDay(const google::type::Date& date) {
  return MakeDay(date.year(), date.month(), date.day());
}

google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

}  // namespace teraju::time
