// Texts of the well-known types: RFC 3339 timestamps, durations, field masks, base64, numbers.
// Strict both ways.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace teraju::gateway::json {

struct SecondsNanos {
  std::int64_t seconds = 0;
  std::int32_t nanos = 0;
};

// `2025-01-31T10:00:00Z`, with up to nine digits of fraction and `Z` or an offset; years 1 to 9999.
// Nullopt otherwise.
std::optional<SecondsNanos> ParseTimestamp(std::string_view text);
// Nullopt outside years 1 to 9999. Always `Z`, with 0, 3, 6 or 9 digits of fraction.
std::optional<std::string> FormatTimestamp(SecondsNanos value);

// `-1.5s`; at most 315,576,000,000 s either way, up to nine digits of fraction.
std::optional<SecondsNanos> ParseDuration(std::string_view text);
std::optional<std::string> FormatDuration(SecondsNanos value);

// One path of a mask, between lowerCamelCase and snake_case. Nullopt where the form is wrong.
std::optional<std::string> MaskPathFromJson(std::string_view path);
std::string MaskPathToJson(std::string_view path);

// Standard or URL-safe alphabet, padding optional, nothing else.
std::optional<std::string> ParseBase64(std::string_view text);
void AppendBase64(std::string_view bytes, std::string& out);

// The integer that a number of JSON's grammar stands for; `1.0` and `1e2` are integers. Nullopt for
// fractions and overflow.
std::optional<std::int64_t> ParseSigned(std::string_view number);
std::optional<std::uint64_t> ParseUnsigned(std::string_view number);
// Nullopt where the number is not JSON's or beyond the type's range; what is too small becomes
// zero.
std::optional<double> ParseDouble(std::string_view number);
std::optional<float> ParseFloat(std::string_view number);
// True for texts of JSON's number grammar.
bool IsNumber(std::string_view text);

// The pieces between separators; one empty piece for an empty text.
std::vector<std::string_view> Split(std::string_view text, char separator);

// Appends a JSON string with its quotes.
void AppendQuoted(std::string_view text, std::string& out);

}  // namespace teraju::gateway::json
