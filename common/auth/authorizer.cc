#include "common/auth/authorizer.h"

#include <algorithm>
#include <map>
#include <utility>

#include "absl/synchronization/mutex.h"

namespace teraju::auth {
namespace {

// A role as it is held: by the kind of subject, or by a binding.
struct Holding {
  AgencyId agency;   // empty: the installation
  std::string unit;  // empty: the whole agency

  bool Covers(const AgencyId& other) const { return agency.empty() || agency == other; }
};

std::vector<Holding> HoldingsOf(const Principal& principal,
                                const std::vector<RoleBinding>& bindings,
                                std::string_view role) {
  std::vector<Holding> holdings;
  if ((role == "employee" && principal.subject.starts_with("employees/")) ||
      (role == "official" && principal.subject.starts_with("officials/"))) {
    holdings.push_back({.agency = principal.agency, .unit = ""});
  }
  if (role == "service" && principal.service()) holdings.push_back({});
  for (const RoleBinding& binding : bindings) {
    if (binding.role == role) holdings.push_back({.agency = binding.agency, .unit = binding.unit});
  }
  return holdings;
}

bool Is(const std::string& subject, const std::string& other) {
  return !subject.empty() && subject == other;
}

bool Contains(const std::vector<std::string>& all, const std::string& one) {
  return !one.empty() && std::find(all.begin(), all.end(), one) != all.end();
}

// Whether the units that a holding reaches include the object's.
bool ReachesUnit(const Holding& holding, const Object& object) {
  return holding.unit.empty() || Contains(object.unit_path, holding.unit);
}

bool Reaches(Reach reach,
             const Holding& holding,
             const Principal& principal,
             const Object& object) {
  if (reach == Reach::kAny && holding.agency.empty()) return true;
  if (object.agency.empty() || !holding.Covers(object.agency)) return false;
  switch (reach) {
    case Reach::kSelf:
      return Is(object.person, principal.subject);
    case Reach::kAppraiser:
      return Is(object.appraiser, principal.subject);
    case Reach::kNext:
      return Is(object.next_appraiser, principal.subject);
    case Reach::kRater:
      return Contains(object.raters, principal.subject);
    case Reach::kSubtree:
    case Reach::kAgency:
    case Reach::kAny:
      return ReachesUnit(holding, object);
  }
  return false;
}

void Add(Scope& scope, Reach reach, const Holding& holding) {
  switch (reach) {
    case Reach::kSelf:
      scope.self = true;
      return;
    case Reach::kAppraiser:
      scope.appraiser = true;
      return;
    case Reach::kNext:
      scope.next = true;
      return;
    case Reach::kRater:
      scope.rater = true;
      return;
    case Reach::kSubtree:
    case Reach::kAgency:
    case Reach::kAny:
      if (holding.unit.empty()) {
        scope.agency = true;
      } else if (!Contains(scope.units, holding.unit)) {
        scope.units.push_back(holding.unit);
      }
      return;
  }
}

}  // namespace

bool Authorizer::Allowed(const Principal& principal,
                         std::string_view permission,
                         const Object& object) const {
  if (principal.anonymous()) return false;
  const std::vector<RoleBinding> bindings = bindings_.Of(principal);
  for (const Grant& grant : table_.GrantsOf(permission)) {
    for (const Holding& holding : HoldingsOf(principal, bindings, grant.role)) {
      for (const Reach reach : grant.reaches) {
        if (Reaches(reach, holding, principal, object)) return true;
      }
    }
  }
  return false;
}

bool Authorizer::AllowedSomewhere(const Principal& principal, std::string_view permission) const {
  if (principal.anonymous()) return false;
  const std::vector<RoleBinding> bindings = bindings_.Of(principal);
  const std::vector<Grant>& grants = table_.GrantsOf(permission);
  return std::any_of(grants.begin(), grants.end(), [&](const Grant& grant) {
    return !HoldingsOf(principal, bindings, grant.role).empty();
  });
}

Scope Authorizer::ScopeOf(const Principal& principal,
                          std::string_view permission,
                          const AgencyId& agency) const {
  Scope scope;
  if (principal.anonymous() || agency.empty()) return scope;
  const std::vector<RoleBinding> bindings = bindings_.Of(principal);
  for (const Grant& grant : table_.GrantsOf(permission)) {
    for (const Holding& holding : HoldingsOf(principal, bindings, grant.role)) {
      if (!holding.Covers(agency)) continue;
      for (const Reach reach : grant.reaches) Add(scope, reach, holding);
    }
  }
  if (scope.agency) scope.units.clear();
  return scope;
}

struct InMemoryBindings::State {
  State(const time::Clock& clock, absl::Duration lease) : clock(clock), lease(lease) {}

  const time::Clock& clock;
  const absl::Duration lease;
  mutable absl::Mutex mutex;
  std::map<std::string, std::vector<RoleBinding>> by_subject ABSL_GUARDED_BY(mutex);
  absl::Time confirmed ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
};

InMemoryBindings::InMemoryBindings(const time::Clock& clock, absl::Duration lease)
    : state_(std::make_unique<State>(clock, lease)) {}
InMemoryBindings::~InMemoryBindings() = default;

std::vector<RoleBinding> InMemoryBindings::Of(const Principal& principal) const {
  absl::ReaderMutexLock lock(&state_->mutex);
  const auto found = state_->by_subject.find(principal.subject);
  return found == state_->by_subject.end() ? std::vector<RoleBinding>() : found->second;
}

bool InMemoryBindings::fresh() const {
  const absl::Time now = state_->clock.Now();
  absl::ReaderMutexLock lock(&state_->mutex);
  return now - state_->confirmed <= state_->lease;
}

void InMemoryBindings::Replace(std::vector<RoleBinding> all, absl::Time time) {
  std::map<std::string, std::vector<RoleBinding>> by_subject;
  for (RoleBinding& binding : all) by_subject[binding.subject].push_back(std::move(binding));
  absl::MutexLock lock(&state_->mutex);
  state_->by_subject.swap(by_subject);
  state_->confirmed = time;
}

}  // namespace teraju::auth
