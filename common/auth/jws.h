// Signed JSON as text, taken apart strictly (RFC 7515, compact serialization): nothing in it has
// been believed yet.
#pragma once

#include <boost/json/object.hpp>
#include <optional>
#include <string>
#include <string_view>

#include "absl/time/time.h"

namespace teraju::auth {

struct Jws {
  std::string_view signed_text;  // of the text it was made from
  std::string signature;
  boost::json::object header;
  boost::json::object payload;
};

// Three parts of strict base64url, both documents strict JSON objects; nothing for anything else or
// for more than `most` bytes.
std::optional<Jws> ParseJws(std::string_view text, std::size_t most);

// A member that is a text.
std::optional<std::string> TextMember(const boost::json::object& object, const char* name);
// A member that is whole seconds since 1970, after 1970 and before the year 10000.
std::optional<absl::Time> SecondsMember(const boost::json::object& object, const char* name);

}  // namespace teraju::auth
