#include "common/postgres/codec.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <stdexcept>

#include "absl/strings/str_format.h"

namespace teraju::postgres {
namespace {

// The server sends `2026-11-21 22:52:34.123456+00`: sessions are in UTC with ISO dates.
constexpr char kTimestamp[] = "%E4Y-%m-%d %H:%M:%E6S+00";

std::string_view View(const pqxx::field& field) { return {field.c_str(), field.size()}; }

// Within an array.
bool IsEscaped(char c) { return c == '"' || c == '\\'; }

std::string Unescape(std::string_view quoted) {
  std::string value;
  for (size_t i = 0; i < quoted.size(); ++i) {
    if (quoted[i] == '\\') ++i;
    value += quoted[i];
  }
  return value;
}

}  // namespace

std::string ToText(absl::Time time) {
  if (time == absl::InfiniteFuture()) return "infinity";
  if (time == absl::InfinitePast()) return "-infinity";
  return absl::FormatTime(kTimestamp, time, absl::UTCTimeZone());
}

std::string ToText(const google::protobuf::Timestamp& timestamp) {
  return ToText(absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos()));
}

absl::Time ToTime(const pqxx::field& field) {
  const std::string_view text = View(field);
  if (text == "infinity") return absl::InfiniteFuture();
  if (text == "-infinity") return absl::InfinitePast();
  absl::Time time;
  std::string error;
  if (!absl::ParseTime("%Y-%m-%d %H:%M:%E*S+00", std::string(text), &time, &error)) {
    throw std::invalid_argument("not a time of a session in UTC");
  }
  return time;
}

google::protobuf::Timestamp ToTimestamp(const pqxx::field& field) {
  const absl::Time time = ToTime(field);
  google::protobuf::Timestamp timestamp;
  const int64_t micros = absl::ToUnixMicros(time);
  const int64_t seconds = micros >= 0 ? micros / 1000000 : -((-micros + 999999) / 1000000);
  timestamp.set_seconds(seconds);
  timestamp.set_nanos(static_cast<int32_t>((micros - seconds * 1000000) * 1000));
  return timestamp;
}

std::optional<std::string> ToText(const google::type::Date& date) {
  if (date.year() == 0 && date.month() == 0 && date.day() == 0) return std::nullopt;
  return absl::StrFormat("%04d-%02d-%02d", date.year(), date.month(), date.day());
}

google::type::Date ToDate(const pqxx::field& field) {
  google::type::Date date;
  if (field.is_null()) return date;
  const std::string_view text = View(field);
  int year = 0, month = 0, day = 0;
  const auto number = [&text](size_t at, size_t length, int& value) {
    return at + length <= text.size() &&
           std::from_chars(text.data() + at, text.data() + at + length, value).ptr ==
               text.data() + at + length;
  };
  if (text.size() != 10 || !number(0, 4, year) || !number(5, 2, month) || !number(8, 2, day)) {
    throw std::invalid_argument("not a date of the years 1 to 9999");
  }
  date.set_year(year);
  date.set_month(month);
  date.set_day(day);
  return date;
}

std::optional<std::string> ToText(const google::type::Decimal& decimal) {
  if (decimal.value().empty()) return std::nullopt;
  return decimal.value();
}

google::type::Decimal ToDecimal(const pqxx::field& field) {
  google::type::Decimal decimal;
  if (!field.is_null()) decimal.set_value(std::string(View(field)));
  return decimal;
}

std::string ToArray(std::span<const std::string> values) {
  std::string array = "{";
  for (const std::string& value : values) {
    if (array.size() > 1) array += ',';
    array += '"';
    for (auto at = value.begin(); at != value.end();) {
      if (IsEscaped(*at)) array += '\\';
      const auto end = std::find_if(at + 1, value.end(), IsEscaped);
      array.append(at, end);
      at = end;
    }
    array += '"';
  }
  return array += '}';
}

std::vector<std::string> ToStrings(const pqxx::field& field) {
  std::vector<std::string> values;
  if (field.is_null()) return values;
  const std::string_view text = View(field);
  size_t at = 1;  // after the brace
  while (at + 1 < text.size()) {
    size_t end = at;
    if (text[at] == '"') {
      for (end = at + 1; text[end] != '"'; ++end) {
        if (text[end] == '\\') ++end;
      }
      values.push_back(Unescape(text.substr(at + 1, end - at - 1)));
      ++end;
    } else {
      end = std::min(text.find(',', at), text.size() - 1);
      values.emplace_back(text.substr(at, end - at));
    }
    at = end + 1;
  }
  return values;
}

pqxx::binarystring ToBytes(std::string_view bytes) { return {bytes.data(), bytes.size()}; }

std::string FromBytes(const pqxx::field& field) {
  const pqxx::binarystring bytes(field);
  return {bytes.get(), bytes.size()};
}

std::optional<std::string> NullIfEmpty(std::string_view text) {
  if (text.empty()) return std::nullopt;
  return std::string(text);
}

std::string EmptyIfNull(const pqxx::field& field) {
  return field.is_null() ? std::string() : std::string(View(field));
}

}  // namespace teraju::postgres
