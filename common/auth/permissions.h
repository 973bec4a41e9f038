// The permission table: which role may do what, how far it reaches. One table of data
// (permissions.txt), default deny.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/strong_id.h"

namespace teraju::auth {

// How far a role's permission reaches.
enum class Reach {
  kSelf,       // objects about the caller
  kAppraiser,  // objects whose snapshot names the caller as appraiser
  kNext,       // objects whose snapshot names the caller as the appraiser's superior
  kRater,      // objects that name the caller as assigned rater or member
  kSubtree,    // objects of the bound unit and the units below it
  kAgency,     // objects of the agency; for a role bound to a unit, of that unit and those below
  kWhole,      // objects that belong to the agency as a whole, also for a role bound to a unit
  kAny,        // objects of every agency
};

struct Grant {
  std::string role;
  std::vector<Reach> reaches;
};

// A role given to a subject, for an agency or for a unit and all below it.
struct RoleBinding {
  AgencyId agency;  // empty: the installation
  std::string subject;
  std::string role;
  std::string unit;  // empty: the whole agency

  friend bool operator==(const RoleBinding&, const RoleBinding&) = default;
};

// Whether a permission is among `scope`: names of permissions, or names ending with `.*` for all
// below, parted by blanks. A name ending with `.*` is in it where all below it are.
bool InScope(std::string_view scope, std::string_view permission);

class PermissionTable {
 public:
  // Lines of `permission: role=reach+reach role=reach`; `#` begins a comment. The first line,
  // `roles: a b c`, names every role, so that a misspelt one is found here and not by the person
  // who is refused. An error names line and field.
  static absl::StatusOr<PermissionTable> Parse(std::string_view text);
  // The table of this build.
  static const PermissionTable& Default();

  bool Has(std::string_view permission) const { return grants_.contains(permission); }
  // The grants of a permission; empty where there is none.
  const std::vector<Grant>& GrantsOf(std::string_view permission) const;
  std::vector<std::string> Permissions() const;
  // Whether `scope`, a single one, means any permission.
  bool HasScope(std::string_view scope) const;
  const std::vector<std::string>& Roles() const { return roles_; }

 private:
  // Ordered, since Abseil's maps here do not find a std::string by std::string_view.
  std::map<std::string, std::vector<Grant>, std::less<>> grants_;
  std::vector<std::string> roles_;
};

}  // namespace teraju::auth
