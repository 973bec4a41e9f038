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

// What ended before its tokens have expired: a session, or everything of a subject or of a stolen
// key.
struct Revocation {
  std::string key;         // of SessionKey, SubjectKey or SigningKeyKey
  absl::Time expire_time;  // no token of it can be good any more
};
std::string SessionKey(std::string_view session);
std::string SubjectKey(const AgencyId& agency, std::string_view subject);
std::string SigningKeyKey(std::string_view key);

// A power that one person has handed to another for a time.
struct Mandate {
  AgencyId agency;
  std::string mandator;   // `officials/{id}`
  std::string mandatary;  // `employees/{id}`
  std::string scope;      // as of InScope
  absl::Time start_time;
  absl::Time end_time;

  friend bool operator==(const Mandate&, const Mandate&) = default;
};

// The role bindings, mandates and revocations as this replica knows them.
class Bindings {
 public:
  virtual ~Bindings() = default;
  virtual std::vector<RoleBinding> Of(const Principal& principal) const = 0;
  // Whether the session, the subject or the key of a token that is good by itself has ended.
  virtual bool Revoked(const Principal&) const { return false; }
  // What `mandatary` may do for `mandator` at `time`; empty: nothing.
  virtual std::string MandateScope(const Principal& /*mandatary*/,
                                   std::string_view /*mandator*/,
                                   absl::Time /*time*/) const {
    return "";
  }
  // False while the replica must not decide for persons (it has never read them, or its lease ran
  // out).
  virtual bool fresh() const = 0;
};

// Bindings and revocations held in memory, changed by whoever follows identity. Thread-safe.
class InMemoryBindings final : public Bindings {
 public:
  // `clock` tells whether the lease has run out.
  explicit InMemoryBindings(const time::Clock& clock);
  ~InMemoryBindings() override;

  std::vector<RoleBinding> Of(const Principal& principal) const override;
  bool Revoked(const Principal& principal) const override;
  bool fresh() const override;
  // All bindings there are: what is not among them stops working at once.
  void Replace(std::vector<RoleBinding> all);
  // All mandates there are, as above.
  void SetMandates(std::vector<Mandate> all);
  std::string MandateScope(const Principal& mandatary,
                           std::string_view mandator,
                           absl::Time time) const override;
  // More revocations; those that have expired at `now` (of the system's clock) are forgotten.
  void Revoke(const std::vector<Revocation>& more, absl::Time now);
  // What is known may be used until `time`.
  void HoldUntil(absl::Time time);

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
  std::string MandateScope(const Principal& mandatary,
                           std::string_view mandator,
                           absl::Time time) const {
    return bindings_.MandateScope(mandatary, mandator, time);
  }
  bool fresh() const { return bindings_.fresh(); }
  bool Revoked(const Principal& principal) const { return bindings_.Revoked(principal); }

 private:
  const PermissionTable& table_;
  const Bindings& bindings_;
};

}  // namespace teraju::auth
