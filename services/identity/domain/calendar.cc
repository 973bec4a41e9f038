#include "services/identity/domain/calendar.h"

#include <charconv>
#include <cstdint>

#include "fmt/format.h"

namespace teraju::identity::domain {
namespace {

constexpr std::int64_t kExcelOfEpoch = 25569;   // 01-01-1970
constexpr std::int64_t kExcelLeapFault = 60;    // the 1900 date system counts a 29-02-1900
constexpr std::int64_t kExcelMaximum = 109575;  // 31-12-2199

template <typename T>
std::optional<T> WholeNumber(std::string_view text) {
  T number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || text[0] == '-') {
    return std::nullopt;
  }
  return number;
}

}  // namespace

std::optional<absl::CivilDay> MakeDay(int year, int month, int day) {
  if (year < 1900 || year > 2200) return std::nullopt;
  const absl::CivilDay made(year, month, day);
  if (made.year() != year || made.month() != month || made.day() != day) return std::nullopt;
  return made;
}

std::optional<absl::CivilDay> ParseDay(std::string_view text) {
  if (text.size() != 10) return std::nullopt;
  const bool iso = text[4] == '-' && text[7] == '-';
  const bool local = (text[2] == '-' && text[5] == '-') || (text[2] == '/' && text[5] == '/');
  if (!iso && !local) return std::nullopt;
  const auto year = WholeNumber<int>(iso ? text.substr(0, 4) : text.substr(6));
  const auto month = WholeNumber<int>(iso ? text.substr(5, 2) : text.substr(3, 2));
  const auto day = WholeNumber<int>(iso ? text.substr(8) : text.substr(0, 2));
  if (!year || !month || !day) return std::nullopt;
  return MakeDay(*year, *month, *day);
}

std::optional<absl::CivilDay> ParseExcelSerial(std::string_view text) {
  if (text.ends_with(".0")) text.remove_suffix(2);
  const auto serial = WholeNumber<std::int64_t>(text);
  if (!serial || *serial < 1 || *serial > kExcelMaximum || *serial == kExcelLeapFault) {
    return std::nullopt;
  }
  const std::int64_t shift = *serial < kExcelLeapFault ? 1 : 0;
  return absl::CivilDay(1970, 1, 1) + (*serial - kExcelOfEpoch + shift);
}

std::string FormatDay(absl::CivilDay day) {
  return fmt::format("{:02}-{:02}-{:04}", day.day(), day.month(), day.year());
}

google::type::Date ToDate(absl::CivilDay day) {
  google::type::Date date;
  date.set_year(static_cast<int>(day.year()));
  date.set_month(day.month());
  date.set_day(day.day());
  return date;
}

std::optional<absl::CivilDay> FromDate(const google::type::Date& date) {
  return MakeDay(date.year(), date.month(), date.day());
}

}  // namespace teraju::identity::domain
