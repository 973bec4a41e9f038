// JSON (RFC 8259) for policy packs, inputs and accounts: lines for messages, exact decimals instead
// of floats, one canonical form.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/decimal.h"

namespace teraju::rules {

struct JsonMember;

struct Json {
  enum class Kind { kNull, kBool, kNumber, kString, kArray, kObject };

  // Defined where JsonMember is complete.
  Json();
  Json(bool value);              // NOLINT(google-explicit-constructor)
  Json(Decimal value);           // NOLINT(google-explicit-constructor)
  Json(int value);               // NOLINT(google-explicit-constructor)
  Json(std::string value);       // NOLINT(google-explicit-constructor)
  Json(std::string_view value);  // NOLINT(google-explicit-constructor)
  Json(const char* value);       // NOLINT(google-explicit-constructor)
  static Json Array();
  static Json Object();

  bool Is(Kind wanted) const { return kind == wanted; }
  // nullptr when it is not there, or this is not an object.
  const Json* Find(std::string_view name) const;
  Json* Find(std::string_view name);
  // Adds a member or replaces it.
  Json& Set(std::string_view name, Json value);

  Kind kind = Kind::kNull;
  bool flag = false;
  Decimal number;
  std::string text;
  std::vector<Json> items;
  std::vector<JsonMember> members;  // in the order of the source
  int line = 0;                     // of the source; 0 for what was made in memory
};

struct JsonMember {
  std::string name;
  Json value;
};

inline Json::Json() = default;
inline Json::Json(bool value) : kind(Kind::kBool), flag(value) {}
inline Json::Json(Decimal value) : kind(Kind::kNumber), number(std::move(value)) {}
inline Json::Json(int value) : Json(Decimal(value)) {}
inline Json::Json(std::string value) : kind(Kind::kString), text(std::move(value)) {}
inline Json::Json(std::string_view value) : Json(std::string(value)) {}
inline Json::Json(const char* value) : Json(std::string(value)) {}

inline constexpr std::size_t kMostJsonBytes = 1 << 20;

// At most 1 MiB unless told otherwise, 256 levels, 1000 members of an object; no repeated member,
// no broken UTF-8, nothing behind the value. INVALID_ARGUMENT (FIELD_INVALID) whose message begins
// with `line N: `.
absl::StatusOr<Json> ParseJson(std::string_view text, std::size_t most_bytes = kMostJsonBytes);

// One form per value: members sorted by name (bytes), no white space, numbers as strings in plain
// notation without trailing zeros, only `"`, `\` and control characters escaped.
std::string CanonicalJson(const Json& value);
// The same for people: two spaces of indent, members in their order.
std::string PrettyJson(const Json& value);

// SHA-256 in lower-case hexadecimal digits of the canonical form.
std::string DigestOf(const Json& value);

}  // namespace teraju::rules
