// Days as columns and parameters, with open ends as `-infinity` and `infinity`.
#pragma once

#include <pqxx/pqxx>
#include <string>
#include <string_view>

#include "absl/time/civil_time.h"
#include "common/postgres/codec.h"
#include "services/identity/domain/calendar.h"

namespace teraju::identity {

inline std::string DayText(absl::CivilDay day) {
  if (day == absl::CivilDay::min()) return "-infinity";
  if (day == absl::CivilDay::max()) return "infinity";
  return absl::FormatCivilTime(day);
}

// Null is an open end.
inline absl::CivilDay ReadDay(const pqxx::field& field) {
  const std::string_view text = field.c_str();
  if (field.is_null() || text == "infinity") return absl::CivilDay::max();
  if (text == "-infinity") return absl::CivilDay::min();
  return *domain::FromDate(postgres::ToDate(field));
}

// Absent where the end is open.
template <typename Set>
void FillDay(absl::CivilDay day, Set set) {
  if (day != absl::CivilDay::min() && day != absl::CivilDay::max()) set(domain::ToDate(day));
}

}  // namespace teraju::identity
