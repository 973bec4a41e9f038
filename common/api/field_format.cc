#include "common/api/field_format.h"

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <string>

#include "absl/time/time.h"
#include "common/decimal/proto_decimal.h"
#include "common/time/period.h"
#include "google/protobuf/duration.pb.h"
#include "google/protobuf/timestamp.pb.h"
#include "google/type/date.pb.h"

namespace teraju::api {
namespace {

using options::v1::Format;

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsAlnum(char c) { return IsDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

bool ConsistsOf(std::string_view text, std::string_view others) {
  return std::all_of(text.begin(), text.end(), [&](char c) {
    return IsAlnum(c) || others.find(c) != std::string_view::npos;
  });
}

bool IsResourceId(std::string_view text) {
  return !text.empty() && text.size() <= 63 && IsAlnum(text.front()) && IsAlnum(text.back()) &&
         ConsistsOf(text, "-");
}

// RFC 1123 labels; one label alone is enough inside a network.
bool IsHostName(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (true) {
    const std::size_t dot = text.find('.');
    if (!IsResourceId(text.substr(0, dot))) return false;
    if (dot == std::string_view::npos) return true;
    text.remove_prefix(dot + 1);
  }
}

bool IsPort(std::string_view text) {
  int port = 0;
  const auto end = text.data() + text.size();
  const auto result = std::from_chars(text.data(), end, port);
  return result.ec == std::errc() && result.ptr == end && port > 0 && port <= 65535;
}

// Without user information and literal IPv6 addresses: neither belongs into a configured address.
bool IsHttpsUrl(std::string_view text) {
  constexpr std::string_view kScheme = "https://";
  if (!text.starts_with(kScheme) || !ConsistsOf(text, "-._~:/?#[]@!$&'()*+,;=%")) return false;
  text.remove_prefix(kScheme.size());
  const std::string_view authority = text.substr(0, text.find_first_of("/?#"));
  const std::size_t colon = authority.find(':');
  return IsHostName(authority.substr(0, colon)) &&
         (colon == std::string_view::npos || IsPort(authority.substr(colon + 1)));
}

// The character set keeps absl::LoadTimeZone from opening other files.
bool IsTimeZone(std::string_view text) {
  absl::TimeZone zone;
  return !text.empty() && text.front() != '/' && text != "localtime" && ConsistsOf(text, "/_+-") &&
         absl::LoadTimeZone(std::string(text), &zone);
}

bool IsEmail(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || text.size() > 254) return false;
  const std::string_view local = text.substr(0, at);
  const std::string_view domain = text.substr(at + 1);
  return !local.empty() && local.size() <= 64 && local.front() != '.' && local.back() != '.' &&
         local.find("..") == std::string_view::npos && ConsistsOf(local, ".!#$%&'*+-/=?^_`{|}~") &&
         IsHostName(domain) && domain.find('.') != std::string_view::npos;
}

bool IsYear(std::string_view text) {
  return text.size() == 4 && std::all_of(text.begin(), text.end(), IsDigit) && text >= "1900" &&
         text <= "2200";
}

bool IsPossible(const google::type::Money& money) {
  const std::string& code = money.currency_code();
  return AmountOf(money).ok() && code.size() == 3 &&
         std::all_of(code.begin(), code.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool IsPossible(const google::protobuf::Timestamp& time) {
  constexpr std::int64_t kFirst = -62'135'596'800;  // 0001-01-01
  constexpr std::int64_t kLast = 253'402'300'799;   // 9999-12-31T23:59:59
  return time.seconds() >= kFirst && time.seconds() <= kLast && time.nanos() >= 0 &&
         time.nanos() <= 999'999'999;
}

bool IsPossible(const google::protobuf::Duration& duration) {
  constexpr std::int64_t kLongest = 315'576'000'000;
  const bool one_sign = (duration.seconds() <= 0 || duration.nanos() >= 0) &&
                        (duration.seconds() >= 0 || duration.nanos() <= 0);
  return one_sign && duration.seconds() >= -kLongest && duration.seconds() <= kLongest &&
         duration.nanos() >= -999'999'999 && duration.nanos() <= 999'999'999;
}

options::v1::Text Describe(const char* id, const char* en) {
  options::v1::Text text;
  text.set_id(id);
  text.set_en(en);
  return text;
}

}  // namespace

bool HasFormat(Format format, std::string_view text) {
  switch (format) {
    case options::v1::FORMAT_UNSPECIFIED:
      return true;
    case options::v1::RESOURCE_ID:
      return IsResourceId(text);
    case options::v1::HTTPS_URL:
      return IsHttpsUrl(text);
    case options::v1::TIME_ZONE:
      return IsTimeZone(text);
    case options::v1::EMAIL:
      return IsEmail(text);
    case options::v1::YEAR:
      return IsYear(text);
    default:
      return false;
  }
}

options::v1::Text DescribeFormat(Format format) {
  switch (format) {
    case options::v1::RESOURCE_ID:
      return Describe(
          "Harus 1 sampai 63 huruf, angka atau tanda hubung, diawali dan diakhiri huruf "
          "atau angka.",
          "Must be 1 to 63 letters, digits or hyphens, beginning and ending with a letter "
          "or digit.");
    case options::v1::HTTPS_URL:
      return Describe("Harus alamat https:// tanpa nama pengguna.",
                      "Must be an https:// address without user information.");
    case options::v1::TIME_ZONE:
      return Describe("Harus nama zona waktu IANA, misalnya Asia/Jakarta.",
                      "Must be an IANA time zone name, such as Asia/Jakarta.");
    case options::v1::EMAIL:
      return Describe("Harus alamat surel, misalnya nama@instansi.go.id.",
                      "Must be an e-mail address, such as name@agency.go.id.");
    case options::v1::YEAR:
      return Describe("Harus tahun empat angka antara 1900 dan 2200.",
                      "Must be a four-digit year from 1900 to 2200.");
    default:
      return Describe("Bentuknya tidak benar.", "Does not have the documented form.");
  }
}

bool IsPossibleValue(const google::protobuf::Message& message) {
  using google::protobuf::DynamicCastToGenerated;
  if (const auto* decimal = DynamicCastToGenerated<google::type::Decimal>(&message)) {
    return FromProto(*decimal).ok();
  }
  if (const auto* date = DynamicCastToGenerated<google::type::Date>(&message)) {
    return time::ToCivilDay(*date).ok();
  }
  if (const auto* money = DynamicCastToGenerated<google::type::Money>(&message)) {
    return IsPossible(*money);
  }
  if (const auto* time = DynamicCastToGenerated<google::protobuf::Timestamp>(&message)) {
    return IsPossible(*time);
  }
  if (const auto* duration = DynamicCastToGenerated<google::protobuf::Duration>(&message)) {
    return IsPossible(*duration);
  }
  return true;
}

}  // namespace teraju::api
