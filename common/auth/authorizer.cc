#include "common/auth/authorizer.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "absl/container/flat_hash_map.h"
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

bool OutOfScope(const Principal& principal, std::string_view permission) {
  return !principal.scope.empty() && !InScope(principal.scope, permission);
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
    case Reach::kWhole:
      return true;
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
    case Reach::kWhole:
      scope.agency = true;
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
  if (principal.anonymous() || OutOfScope(principal, permission)) return false;
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
  if (principal.anonymous() || OutOfScope(principal, permission)) return false;
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
  if (principal.anonymous() || agency.empty() || OutOfScope(principal, permission)) return scope;
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

std::string SessionKey(std::string_view session) { return fmt::format("sessions/{}", session); }

std::string SubjectKey(const AgencyId& agency, std::string_view subject) {
  return fmt::format("{}/{}", agency.value(), subject);
}

std::string SigningKeyKey(std::string_view key) { return fmt::format("signingKeys/{}", key); }

struct InMemoryBindings::State {
  explicit State(const time::Clock& clock) : clock(clock) {}

  const time::Clock& clock;
  mutable absl::Mutex mutex;
  std::map<std::string, std::vector<RoleBinding>> by_subject ABSL_GUARDED_BY(mutex);
  std::map<std::string, std::vector<Mandate>> mandates ABSL_GUARDED_BY(mutex);  // by mandatary
  absl::flat_hash_map<std::string, absl::Time> revoked ABSL_GUARDED_BY(mutex);
  absl::Time held_until ABSL_GUARDED_BY(mutex) = absl::InfinitePast();
};

InMemoryBindings::InMemoryBindings(const time::Clock& clock)
    : state_(std::make_unique<State>(clock)) {}
InMemoryBindings::~InMemoryBindings() = default;

std::vector<RoleBinding> InMemoryBindings::Of(const Principal& principal) const {
  absl::ReaderMutexLock lock(&state_->mutex);
  const auto found = state_->by_subject.find(principal.subject);
  return found == state_->by_subject.end() ? std::vector<RoleBinding>() : found->second;
}

bool InMemoryBindings::Revoked(const Principal& principal) const {
  absl::ReaderMutexLock lock(&state_->mutex);
  if (state_->revoked.empty()) return false;
  return state_->revoked.contains(SubjectKey(principal.agency, principal.subject)) ||
         (!principal.session.empty() && state_->revoked.contains(SessionKey(principal.session))) ||
         (!principal.key.empty() && state_->revoked.contains(SigningKeyKey(principal.key)));
}

bool InMemoryBindings::fresh() const {
  const absl::Time now = state_->clock.Now();
  absl::ReaderMutexLock lock(&state_->mutex);
  return now < state_->held_until;
}

void InMemoryBindings::Replace(std::vector<RoleBinding> all) {
  std::map<std::string, std::vector<RoleBinding>> by_subject;
  for (RoleBinding& binding : all) by_subject[binding.subject].push_back(std::move(binding));
  absl::MutexLock lock(&state_->mutex);
  state_->by_subject.swap(by_subject);
}

void InMemoryBindings::SetMandates(std::vector<Mandate> all) {
  std::map<std::string, std::vector<Mandate>> by_mandatary;
  for (Mandate& one : all) by_mandatary[one.mandatary].push_back(std::move(one));
  absl::MutexLock lock(&state_->mutex);
  state_->mandates.swap(by_mandatary);
}

std::string InMemoryBindings::MandateScope(const Principal& mandatary,
                                           std::string_view mandator,
                                           absl::Time time) const {
  std::string scope;
  absl::ReaderMutexLock lock(&state_->mutex);
  const auto found = state_->mandates.find(mandatary.subject);
  if (found == state_->mandates.end()) return scope;
  for (const Mandate& one : found->second) {
    const bool holds = one.agency == mandatary.agency && one.mandator == mandator &&
                       one.start_time <= time && time < one.end_time;
    if (holds) scope += (scope.empty() ? "" : " ") + one.scope;
  }
  return scope;
}

void InMemoryBindings::Revoke(const std::vector<Revocation>& more, absl::Time now) {
  if (more.empty()) return;
  absl::MutexLock lock(&state_->mutex);
  absl::erase_if(state_->revoked, [&](const auto& entry) { return entry.second <= now; });
  for (const Revocation& one : more) state_->revoked.insert_or_assign(one.key, one.expire_time);
}

void InMemoryBindings::HoldUntil(absl::Time time) {
  absl::MutexLock lock(&state_->mutex);
  state_->held_until = time;
}

}  // namespace teraju::auth
