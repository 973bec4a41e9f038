// Days as HR files write them: dd-mm-yyyy, ISO, or the day numbers that spreadsheets leave behind.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"

namespace teraju::identity::domain {

// The day, or nothing when the calendar has no such day. Years 1900 to 2200.
std::optional<absl::CivilDay> MakeDay(int year, int month, int day);

// `31-12-2025`, `31/12/2025` or `2025-12-31`.
std::optional<absl::CivilDay> ParseDay(std::string_view text);

// A whole number (also written `31118.0`) as day number of the 1900 date system: 1 = 01-01-1900,
// 25569 = 01-01-1970. Day 60 is the 29-02-1900 that never was: nothing.
std::optional<absl::CivilDay> ParseExcelSerial(std::string_view text);

// `31-12-2025`.
std::string FormatDay(absl::CivilDay day);

google::type::Date ToDate(absl::CivilDay day);
// Nothing for an absent or impossible date.
std::optional<absl::CivilDay> FromDate(const google::type::Date& date);

}  // namespace teraju::identity::domain
