#include "services/gateway/json/well_known.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdio>
#include <limits>

#include "absl/strings/ascii.h"
#include "absl/strings/charconv.h"
#include "absl/time/civil_time.h"

namespace teraju::gateway::json {
namespace {

constexpr std::int64_t kMinTimestamp = -62135596800;  // 0001-01-01T00:00:00Z
constexpr std::int64_t kMaxTimestamp = 253402300799;  // 9999-12-31T23:59:59Z
constexpr std::int64_t kMaxDuration = 315576000000;   // google/protobuf/duration.proto

// Takes exactly `count` digits off the front of `text`.
std::optional<int> TakeDigits(std::string_view& text, std::size_t count) {
  if (text.size() < count) return std::nullopt;
  int value = 0;
  for (std::size_t i = 0; i < count; ++i) {
    if (!absl::ascii_isdigit(static_cast<unsigned char>(text[i]))) return std::nullopt;
    value = value * 10 + (text[i] - '0');
  }
  text.remove_prefix(count);
  return value;
}

bool Take(std::string_view& text, char expected) {
  if (text.empty() || text.front() != expected) return false;
  text.remove_prefix(1);
  return true;
}

// The digits behind a dot, as nanoseconds; zero without a dot.
std::optional<std::int32_t> TakeFraction(std::string_view& text) {
  if (!Take(text, '.')) return 0;
  std::int32_t nanos = 0;
  std::size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[digits]))) {
    if (digits == 9) return std::nullopt;
    nanos = nanos * 10 + (text[digits] - '0');
    ++digits;
  }
  if (digits == 0) return std::nullopt;
  for (std::size_t i = digits; i < 9; ++i) nanos *= 10;
  text.remove_prefix(digits);
  return nanos;
}

void AppendFraction(std::int32_t nanos, std::string& out) {
  if (nanos == 0) return;
  if (nanos % 1000000 == 0) {
    out += fmt::format(".{:03}", nanos / 1000000);
  } else if (nanos % 1000 == 0) {
    out += fmt::format(".{:06}", nanos / 1000);
  } else {
    out += fmt::format(".{:09}", nanos);
  }
}

// `Z` or `+07:00`, in seconds east of UTC.
std::optional<int> TakeOffset(std::string_view& text) {
  if (Take(text, 'Z')) return 0;
  const int sign = Take(text, '+') ? 1 : Take(text, '-') ? -1 : 0;
  if (sign == 0) return std::nullopt;
  const auto hours = TakeDigits(text, 2);
  if (!hours || *hours > 23 || !Take(text, ':')) return std::nullopt;
  const auto minutes = TakeDigits(text, 2);
  if (!minutes || *minutes > 59) return std::nullopt;
  return sign * (*hours * 3600 + *minutes * 60);
}

// A number of JSON's grammar taken apart: value = digits × 10^exponent.
struct Decimal {
  bool negative = false;
  std::string digits;  // without leading or trailing zeros; empty for zero
  std::int64_t exponent = 0;
};

std::optional<Decimal> TakeApart(std::string_view number) {
  if (!IsNumber(number)) return std::nullopt;
  Decimal out;
  out.negative = Take(number, '-');
  const std::size_t mark = number.find_first_of("eE");
  if (mark != std::string_view::npos) {
    std::string_view exponent = number.substr(mark + 1);
    if (exponent.front() == '+') exponent.remove_prefix(1);
    const auto [end, error] =
        std::from_chars(exponent.data(), exponent.data() + exponent.size(), out.exponent);
    if (error != std::errc() || out.exponent > 1000000 || out.exponent < -1000000) {
      out.exponent = exponent.front() == '-' ? -1000000 : 1000000;
    }
  }
  bool fraction = false;
  for (const char c : number.substr(0, mark)) {
    if (c == '.') {
      fraction = true;
      continue;
    }
    if (fraction) --out.exponent;
    if (c != '0' || !out.digits.empty()) out.digits.push_back(c);
  }
  while (!out.digits.empty() && out.digits.back() == '0') {
    out.digits.pop_back();
    ++out.exponent;
  }
  return out;
}

// The magnitude of a whole number below 2^64.
std::optional<std::uint64_t> Magnitude(const Decimal& decimal) {
  if (decimal.digits.empty()) return 0;
  if (decimal.exponent < 0 ||
      decimal.digits.size() + static_cast<std::uint64_t>(decimal.exponent) > 20) {
    return std::nullopt;
  }
  const std::string whole =
      decimal.digits + std::string(static_cast<std::size_t>(decimal.exponent), '0');
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(whole.data(), whole.data() + whole.size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

template <typename T>
std::optional<T> ParseFloating(std::string_view number) {
  if (!IsNumber(number)) return std::nullopt;
  T value = 0;
  const auto result = absl::from_chars(number.data(), number.data() + number.size(), value);
  if (result.ec == std::errc::result_out_of_range && std::abs(value) > 1) return std::nullopt;
  return value;
}

}  // namespace

std::optional<SecondsNanos> ParseTimestamp(std::string_view text) {
  const auto year = TakeDigits(text, 4);
  if (!year || *year == 0 || !Take(text, '-')) return std::nullopt;
  const auto month = TakeDigits(text, 2);
  if (!month || !Take(text, '-')) return std::nullopt;
  const auto day = TakeDigits(text, 2);
  if (!day || !Take(text, 'T')) return std::nullopt;
  const auto hour = TakeDigits(text, 2);
  if (!hour || *hour > 23 || !Take(text, ':')) return std::nullopt;
  const auto minute = TakeDigits(text, 2);
  if (!minute || *minute > 59 || !Take(text, ':')) return std::nullopt;
  const auto second = TakeDigits(text, 2);
  if (!second || *second > 59) return std::nullopt;
  const auto nanos = TakeFraction(text);
  if (!nanos) return std::nullopt;
  const auto offset = TakeOffset(text);
  if (!offset || !text.empty()) return std::nullopt;

  const absl::CivilSecond civil(*year, *month, *day, *hour, *minute, *second);
  if (civil.month() != *month || civil.day() != *day)
    return std::nullopt;  // 30 February was normalised
  const std::int64_t seconds = civil - absl::CivilSecond(1970) - *offset;
  if (seconds < kMinTimestamp || seconds > kMaxTimestamp) return std::nullopt;
  return SecondsNanos{seconds, *nanos};
}

std::optional<std::string> FormatTimestamp(SecondsNanos value) {
  if (value.seconds < kMinTimestamp || value.seconds > kMaxTimestamp || value.nanos < 0 ||
      value.nanos > 999999999) {
    return std::nullopt;
  }
  const absl::CivilSecond civil = absl::CivilSecond(1970) + value.seconds;
  std::string out = fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}",
                                civil.year(),
                                civil.month(),
                                civil.day(),
                                civil.hour(),
                                civil.minute(),
                                civil.second());
  AppendFraction(value.nanos, out);
  out.push_back('Z');
  return out;
}

std::optional<SecondsNanos> ParseDuration(std::string_view text) {
  const bool negative = Take(text, '-');
  std::size_t digits = 0;
  while (digits < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[digits])))
    ++digits;
  if (digits == 0 || digits > 12) return std::nullopt;
  SecondsNanos out;
  std::from_chars(text.data(), text.data() + digits, out.seconds);
  text.remove_prefix(digits);
  const auto nanos = TakeFraction(text);
  if (!nanos || text != "s" || out.seconds > kMaxDuration ||
      (out.seconds == kMaxDuration && *nanos > 0)) {
    return std::nullopt;
  }
  out.nanos = *nanos;
  return negative ? SecondsNanos{-out.seconds, -out.nanos} : out;
}

std::optional<std::string> FormatDuration(SecondsNanos value) {
  if (value.seconds > kMaxDuration || value.seconds < -kMaxDuration || value.nanos > 999999999 ||
      value.nanos < -999999999 || (value.seconds > 0 && value.nanos < 0) ||
      (value.seconds < 0 && value.nanos > 0)) {
    return std::nullopt;
  }
  const bool negative = value.seconds < 0 || value.nanos < 0;
  std::string out = fmt::format("{}{}", negative ? "-" : "", std::abs(value.seconds));
  AppendFraction(std::abs(value.nanos), out);
  out.push_back('s');
  return out;
}

std::optional<std::string> MaskPathFromJson(std::string_view path) {
  std::string out;
  for (const char c : path) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c))) {
      out.push_back('_');
      out.push_back(absl::ascii_tolower(static_cast<unsigned char>(c)));
    } else if (absl::ascii_isalnum(static_cast<unsigned char>(c)) || c == '.' ||
               (c == '*' && path == "*")) {
      out.push_back(c);
    } else {
      return std::nullopt;
    }
  }
  if (out.empty() || out.front() == '.' || out.back() == '.' ||
      out.find("..") != std::string::npos) {
    return std::nullopt;
  }
  return out;
}

std::string MaskPathToJson(std::string_view path) {
  std::string out;
  bool upper = false;
  for (const char c : path) {
    if (c == '_') {
      upper = true;
      continue;
    }
    out.push_back(upper ? absl::ascii_toupper(static_cast<unsigned char>(c)) : c);
    upper = false;
  }
  return out;
}

std::optional<std::string> ParseBase64(std::string_view text) {
  std::size_t padding = 0;
  while (padding < 2 && !text.empty() && text.back() == '=') {
    text.remove_suffix(1);
    ++padding;
  }
  if (text.size() % 4 == 1 || (padding != 0 && (text.size() + padding) % 4 != 0))
    return std::nullopt;
  std::string out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    std::uint32_t value = 0;
    if (c >= 'A' && c <= 'Z') {
      value = static_cast<std::uint32_t>(c - 'A');
    } else if (c >= 'a' && c <= 'z') {
      value = static_cast<std::uint32_t>(c - 'a') + 26;
    } else if (c >= '0' && c <= '9') {
      value = static_cast<std::uint32_t>(c - '0') + 52;
    } else if (c == '+' || c == '-') {
      value = 62;
    } else if (c == '/' || c == '_') {
      value = 63;
    } else {
      return std::nullopt;
    }
    bits = (bits << 6) | value;
    count += 6;
    if (count >= 8) {
      count -= 8;
      out.push_back(static_cast<char>((bits >> count) & 0xff));
    }
  }
  if ((bits & ((1U << count) - 1)) != 0) return std::nullopt;  // RFC 4648, section 3.5
  return out;
}

void AppendBase64(std::string_view bytes, std::string& out) {
  static constexpr char kAlphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t taken = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t bits = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      bits = (bits << 8) | (k < taken ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      out.push_back(k <= taken ? kAlphabet[(bits >> (18 - 6 * k)) & 63] : '=');
    }
  }
}

bool IsNumber(std::string_view text) {
  const auto digits = [&text] {
    std::size_t count = 0;
    while (count < text.size() && absl::ascii_isdigit(static_cast<unsigned char>(text[count])))
      ++count;
    text.remove_prefix(count);
    return count;
  };
  Take(text, '-');
  if (!Take(text, '0') && digits() == 0) return false;
  if (Take(text, '.') && digits() == 0) return false;
  if (Take(text, 'e') || Take(text, 'E')) {
    if (!Take(text, '+')) Take(text, '-');
    if (digits() == 0) return false;
  }
  return text.empty();
}

std::optional<std::int64_t> ParseSigned(std::string_view number) {
  // The usual case: plain digits.
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), value);
  if (error == std::errc() && end == number.data() + number.size() && IsNumber(number))
    return value;
  const auto decimal = TakeApart(number);
  if (!decimal) return std::nullopt;
  const auto magnitude = Magnitude(*decimal);
  if (!magnitude) return std::nullopt;
  constexpr auto kMax = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  if (decimal->negative && *magnitude == kMax + 1) return std::numeric_limits<std::int64_t>::min();
  if (*magnitude > kMax) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(*magnitude);
  return decimal->negative ? -whole : whole;
}

std::optional<std::uint64_t> ParseUnsigned(std::string_view number) {
  const auto decimal = TakeApart(number);
  if (!decimal || (decimal->negative && !decimal->digits.empty())) return std::nullopt;
  return Magnitude(*decimal);
}

std::optional<double> ParseDouble(std::string_view number) { return ParseFloating<double>(number); }
std::optional<float> ParseFloat(std::string_view number) { return ParseFloating<float>(number); }

std::vector<std::string_view> Split(std::string_view text, char separator) {
  std::vector<std::string_view> pieces;
  for (std::size_t at = text.find(separator); at != std::string_view::npos;
       at = text.find(separator)) {
    pieces.push_back(text.substr(0, at));
    text.remove_prefix(at + 1);
  }
  pieces.push_back(text);
  return pieces;
}

void AppendQuoted(std::string_view text, std::string& out) {
  static constexpr char kHex[] = "0123456789abcdef";
  out.push_back('"');
  std::size_t plain = 0;  // begin of what needs no escape
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out.append(text, plain, i - plain);
    plain = i + 1;
    switch (c) {
      case '"':
        out += "\\\"";
        break;
      case '\\':
        out += "\\\\";
        break;
      case '\n':
        out += "\\n";
        break;
      case '\r':
        out += "\\r";
        break;
      case '\t':
        out += "\\t";
        break;
      default:
        out += "\\u00";
        out.push_back(kHex[c >> 4]);
        out.push_back(kHex[c & 15]);
    }
  }
  out.append(text, plain);
  out.push_back('"');
}

}  // namespace teraju::gateway::json
