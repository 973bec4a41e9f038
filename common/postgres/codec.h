// The few conversions between columns and messages that libpqxx 6.4 does not know.
#pragma once

#include <optional>
#include <pqxx/pqxx>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"
#include "google/type/decimal.pb.h"

namespace teraju::postgres {

// timestamptz, as microseconds in UTC.
std::string ToText(absl::Time time);
std::string ToText(const google::protobuf::Timestamp& timestamp);
absl::Time ToTime(const pqxx::field& field);
google::protobuf::Timestamp ToTimestamp(const pqxx::field& field);
// date, `YYYY-MM-DD`; an absent message is SQL null.
std::optional<std::string> ToText(const google::type::Date& date);
google::type::Date ToDate(const pqxx::field& field);
// numeric; an empty value is SQL null.
std::optional<std::string> ToText(const google::type::Decimal& decimal);
google::type::Decimal ToDecimal(const pqxx::field& field);
// text[] and back, with quoting.
std::string ToArray(std::span<const std::string> values);
std::vector<std::string> ToStrings(const pqxx::field& field);
// bytea.
pqxx::binarystring ToBytes(std::string_view bytes);
std::string FromBytes(const pqxx::field& field);
// Empty text is SQL null, and back.
std::optional<std::string> NullIfEmpty(std::string_view text);
std::string EmptyIfNull(const pqxx::field& field);

}  // namespace teraju::postgres
