#include "common/api/resource_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <optional>

#include "common/errors/error.h"
#include "common/errors/field_violations.h"

namespace teraju::api {
namespace {

constexpr std::size_t kLongestValue = 63;

// Takes the first segment and the slash behind it off `path`.
std::string_view TakeSegment(std::string_view& path) {
  const std::size_t slash = path.find('/');
  const std::string_view segment = path.substr(0, slash);
  path.remove_prefix(slash == std::string_view::npos ? path.size() : slash + 1);
  return segment;
}

bool IsValueCharacter(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.' ||
         c == '_' || c == '~' || c == '-';
}

bool IsValue(std::string_view text, bool allow_wildcard) {
  if (text == "-") return allow_wildcard;
  return !text.empty() && text.size() <= kLongestValue && text != "." && text != ".." &&
         std::all_of(text.begin(), text.end(), IsValueCharacter);
}

std::optional<std::vector<std::string>> Match(std::string_view pattern,
                                              std::string_view name,
                                              bool allow_wildcard) {
  // A trailing slash would be an empty segment that TakeSegment cannot see.
  if (name.ends_with('/')) return std::nullopt;
  std::vector<std::string> values;
  while (!pattern.empty() && !name.empty()) {
    const std::string_view expected = TakeSegment(pattern);
    const std::string_view segment = TakeSegment(name);
    if (!expected.starts_with('{')) {
      if (segment != expected) return std::nullopt;
    } else if (IsValue(segment, allow_wildcard)) {
      values.emplace_back(segment);
    } else {
      return std::nullopt;
    }
  }
  if (!pattern.empty() || !name.empty()) return std::nullopt;
  return values;
}

absl::Status Refuse(std::string_view field, std::string_view pattern) {
  absl::Status status =
      errors::InvalidArgument(errors::reasons::NAME_INVALID,
                              fmt::format("{}: must have the form {}", field, pattern))
          .With("field", field)
          .With("pattern", pattern);
  errors::FieldViolations violations;
  violations.Add(field,
                 "NAME_INVALID",
                 fmt::format("Harus berbentuk {}.", pattern),
                 fmt::format("Must have the form {}.", pattern));
  errors::SetDetail(status, *errors::GetDetail<google::rpc::BadRequest>(violations.ToStatus()));
  return status;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> NamePattern::Parse(std::string_view name,
                                                            std::string_view field,
                                                            bool allow_wildcard) const {
  auto values = Match(pattern_, name, allow_wildcard);
  if (!values) return Refuse(field, pattern_);
  return *std::move(values);
}

bool NamePattern::Matches(std::string_view name) const {
  return Match(pattern_, name, /*allow_wildcard=*/false).has_value();
}

std::string NamePattern::Format(const std::vector<std::string_view>& values) const {
  std::string name;
  std::size_t used = 0;
  for (std::string_view rest = pattern_; !rest.empty();) {
    const std::string_view segment = TakeSegment(rest);
    if (!name.empty()) name += '/';
    if (!segment.starts_with('{')) {
      name += segment;
    } else if (used < values.size()) {
      name += values[used++];
    }
  }
  assert(used == values.size());
  return name;
}

std::string_view AgencyOf(std::string_view name) {
  if (TakeSegment(name) != "agencies") return {};
  const std::string_view agency = TakeSegment(name);
  return IsValue(agency, /*allow_wildcard=*/false) ? agency : std::string_view();
}

}  // namespace teraju::api
