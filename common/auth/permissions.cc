#include "common/auth/permissions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <utility>

#include "absl/status/status.h"
#include "common/errors/status_macros.h"
#include "permission_data.h"

namespace teraju::auth {
namespace {

constexpr std::array<std::pair<std::string_view, Reach>, 8> kReaches = {{
    {"self", Reach::kSelf},
    {"appraiser", Reach::kAppraiser},
    {"next", Reach::kNext},
    {"rater", Reach::kRater},
    {"subtree", Reach::kSubtree},
    {"agency", Reach::kAgency},
    {"whole", Reach::kWhole},
    {"any", Reach::kAny},
}};

std::vector<std::string_view> Split(std::string_view text, std::string_view separators) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t start = text.find_first_not_of(separators);
    if (start == std::string_view::npos) return parts;
    text.remove_prefix(start);
    const std::size_t end = std::min(text.find_first_of(separators), text.size());
    parts.push_back(text.substr(0, end));
    text.remove_prefix(end);
  }
}

bool IsWord(std::string_view word) {
  return !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '_';
  });
}

absl::Status Fault(int line, std::string_view what, std::string_view value) {
  return absl::InvalidArgumentError(
      fmt::format("permission table, line {}: {}: '{}'", line, what, value));
}

absl::StatusOr<Grant> ParseGrant(std::string_view text,
                                 const std::vector<std::string>& roles,
                                 int line) {
  const std::size_t equals = text.find('=');
  if (equals == std::string_view::npos) return Fault(line, "a grant must be role=reach", text);
  Grant grant{.role = std::string(text.substr(0, equals)), .reaches = {}};
  if (std::find(roles.begin(), roles.end(), grant.role) == roles.end()) {
    return Fault(line, "the role is not in the line 'roles:'", grant.role);
  }
  for (std::string_view word : Split(text.substr(equals + 1), "+")) {
    const auto* reach = std::find_if(
        kReaches.begin(), kReaches.end(), [&](const auto& r) { return r.first == word; });
    if (reach == kReaches.end()) return Fault(line, "unknown reach", word);
    grant.reaches.push_back(reach->second);
  }
  if (grant.reaches.empty()) return Fault(line, "a grant needs a reach", text);
  return grant;
}

}  // namespace

absl::StatusOr<PermissionTable> PermissionTable::Parse(std::string_view text) {
  PermissionTable table;
  int number = 0;
  while (!text.empty()) {
    ++number;
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    line = line.substr(0, line.find('#'));
    const std::size_t colon = line.find(':');
    if (Split(line, " \t\r").empty()) continue;
    if (colon == std::string_view::npos)
      return Fault(number, "a line must be permission: role=reach", line);
    const std::string permission(line.substr(0, colon));
    if (!IsWord(permission)) return Fault(number, "not a permission's name", permission);
    const std::vector<std::string_view> words = Split(line.substr(colon + 1), " \t\r");
    if (permission == "roles") {
      if (!table.roles_.empty()) return Fault(number, "roles are named twice", permission);
      table.roles_.assign(words.begin(), words.end());
      continue;
    }
    std::vector<Grant> grants;
    for (std::string_view word : words) {
      ASSIGN_OR_RETURN(Grant grant, ParseGrant(word, table.roles_, number));
      if (std::any_of(
              grants.begin(), grants.end(), [&](const Grant& g) { return g.role == grant.role; })) {
        return Fault(number, "the role is granted twice", grant.role);
      }
      grants.push_back(std::move(grant));
    }
    if (!table.grants_.emplace(permission, std::move(grants)).second) {
      return Fault(number, "the permission has a line already", permission);
    }
  }
  return table;
}

const PermissionTable& PermissionTable::Default() {
  static const PermissionTable& table = *new PermissionTable([] {
    absl::StatusOr<PermissionTable> parsed = Parse(kPermissionData.front().second);
    if (!parsed.ok()) {
      // The table is part of the build and has a test; without it nothing may be decided.
      fmt::print(stderr, "{}\n", std::string(parsed.status().message()));
      std::abort();
    }
    return *std::move(parsed);
  }());
  return table;
}

const std::vector<Grant>& PermissionTable::GrantsOf(std::string_view permission) const {
  static const std::vector<Grant>& none = *new std::vector<Grant>();
  const auto found = grants_.find(permission);
  return found == grants_.end() ? none : found->second;
}

bool InScope(std::string_view scope, std::string_view permission) {
  const std::vector<std::string_view> parts = Split(scope, " ");
  return std::any_of(parts.begin(), parts.end(), [&](std::string_view one) {
    return one == permission || (one.ends_with(".*") && one.size() > 2 &&
                                 permission.starts_with(one.substr(0, one.size() - 1)));
  });
}

bool PermissionTable::HasScope(std::string_view scope) const {
  return scope.find(' ') == std::string_view::npos &&
         std::any_of(grants_.begin(), grants_.end(), [&](const auto& entry) {
           return InScope(scope, entry.first);
         });
}

std::vector<std::string> PermissionTable::Permissions() const {
  std::vector<std::string> names;
  for (const auto& [name, grants] : grants_) names.push_back(name);
  return names;
}

}  // namespace teraju::auth
