// Decides whether a caller may do something to an object: default deny.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/time.h"
#include "common/auth/permissions.h"
#include "common/auth/principal.h"
#include "common/time/clock.h"

namespace teraju::auth {

// What an object is to the question of permission. Handlers fill what they know from the object's
// own snapshot.
struct Object {
  std::string resource;  // its name, for the refusal's text
  AgencyId agency;
  std::vector<std::string> unit_path;  // its unit and every unit above it
  std::string person;                  // whom it is about: `employees/{id}`
  std::string appraiser;
  std::string next_appraiser;  // the appraiser's superior
  std::vector<std::string> raters;
};

// What a caller may see of an agency with a permission, for the WHERE of a list. The single read
// and the list come from the same grants.
struct Scope {
  bool agency = false;             // everything
  std::vector<std::string> units;  // roots of subtrees
  bool self = false;
  bool appraiser = false;
  bool next = false;
  bool rater = false;
  bool empty() const { return !agency && units.empty() && !self && !appraiser && !next && !rater; }
};

// The role bindings as this replica knows them.
class Bindings {
 public:
  virtual ~Bindings() = default;
  virtual std::vector<RoleBinding> Of(const Principal& principal) const = 0;
  // False while the replica must not decide for persons (it has never read them, or its lease ran
  // out).
  virtual bool fresh() const = 0;
};

// Bindings held in memory, replaced by whoever follows identity's feed. Thread-safe.
class InMemoryBindings final : public Bindings {
 public:
  // Bindings that were confirmed longer ago than `lease` are not fresh.
  explicit InMemoryBindings(const time::Clock& clock, absl::Duration lease = absl::Seconds(5));
  ~InMemoryBindings() override;

  std::vector<RoleBinding> Of(const Principal& principal) const override;
  bool fresh() const override;
  // All bindings there are, as of `time`: what is not among them stops working at once.
  void Replace(std::vector<RoleBinding> all, absl::Time time);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

class Authorizer {
 public:
  Authorizer(const PermissionTable& table, const Bindings& bindings)
      : table_(table), bindings_(bindings) {}

  // Persons hold the role `employee` (or `official`) without a binding; services hold `service`.
  bool Allowed(const Principal& principal, std::string_view permission, const Object& object) const;
  // Whether any object at all could be allowed; the pipeline's first, cheap question.
  bool AllowedSomewhere(const Principal& principal, std::string_view permission) const;
  Scope ScopeOf(const Principal& principal,
                std::string_view permission,
                const AgencyId& agency) const;
  bool fresh() const { return bindings_.fresh(); }

 private:
  const PermissionTable& table_;
  const Bindings& bindings_;
};

}  // namespace teraju::auth
