#include "common/auth/jws.h"

#include <cstdint>
#include <utility>

#include "absl/status/statusor.h"
#include "common/auth/encoding.h"
#include "common/auth/strict_json.h"

namespace teraju::auth {
namespace {

std::optional<boost::json::object> DecodeObject(std::string_view part) {
  const std::optional<std::string> text = Base64UrlDecode(part);
  if (!text) return std::nullopt;
  absl::StatusOr<boost::json::value> value = ParseStrictJson(*text);
  if (!value.ok() || !value->is_object()) return std::nullopt;
  return std::move(value->get_object());
}

}  // namespace

std::optional<Jws> ParseJws(std::string_view text, std::size_t most) {
  if (text.size() > most) return std::nullopt;
  const std::size_t first = text.find('.');
  if (first == std::string_view::npos) return std::nullopt;
  const std::size_t second = text.find('.', first + 1);
  if (second == std::string_view::npos) return std::nullopt;
  // A third dot is no letter of base64url.
  std::optional<std::string> signature = Base64UrlDecode(text.substr(second + 1));
  std::optional<boost::json::object> header = DecodeObject(text.substr(0, first));
  std::optional<boost::json::object> payload =
      DecodeObject(text.substr(first + 1, second - first - 1));
  if (!signature || signature->empty() || !header || !payload) return std::nullopt;
  return Jws{
      text.substr(0, second), *std::move(signature), *std::move(header), *std::move(payload)};
}

std::optional<std::string> TextMember(const boost::json::object& object, const char* name) {
  const boost::json::value* member = object.if_contains(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return std::string(member->get_string().data(), member->get_string().size());
}

std::optional<absl::Time> SecondsMember(const boost::json::object& object, const char* name) {
  const boost::json::value* member = object.if_contains(name);
  if (member == nullptr || !member->is_int64()) return std::nullopt;
  const std::int64_t seconds = member->get_int64();
  if (seconds <= 0 || seconds > 253402300799) return std::nullopt;
  return absl::FromUnixSeconds(seconds);
}

}  // namespace teraju::auth
