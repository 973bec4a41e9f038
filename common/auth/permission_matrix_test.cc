// The shipped table, whole: every role by every permission, bound in every way, over objects in
// every relation. What is expected is written a second time, from the words of the table's head, so
// that a wrong reading of a reach shows; and what a list shows is what single reads allow.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "common/auth/authorizer.h"
#include "common/auth/call_context.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using testing::HasReason;
using testing::IsOk;

const AgencyId kTown("town");
const AgencyId kElsewhere("elsewhere");

// A role as somebody holds it.
struct Held {
  std::string role;
  Principal principal;
  std::vector<RoleBinding> bindings;
  AgencyId agency;   // of the role; empty: the installation
  std::string unit;  // of the role; empty: the whole agency
};

std::vector<Held> EveryHolding() {
  std::vector<Held> all = {
      {"employee", {.subject = "employees/me", .agency = kTown}, {}, kTown, ""},
      {"official", {.subject = "officials/me", .agency = kTown}, {}, kTown, ""},
      {"service", {.subject = "services/evaluation", .agency = AgencyId()}, {}, AgencyId(), ""}};
  const Principal program{.subject = "apiClients/me", .agency = kTown};
  const Principal installer{.subject = "accounts/me", .agency = AgencyId()};
  for (const std::string& role : PermissionTable::Default().Roles()) {
    if (role == "employee" || role == "official" || role == "service") continue;
    for (const std::string unit : {"", "health"}) {
      all.push_back({role,
                     program,
                     {{.agency = kTown, .subject = program.subject, .role = role, .unit = unit}},
                     kTown,
                     unit});
    }
    all.push_back({role,
                   installer,
                   {{.agency = AgencyId(), .subject = installer.subject, .role = role, .unit = ""}},
                   AgencyId(),
                   ""});
  }
  return all;
}

std::vector<Object> EveryObject(const std::string& me) {
  std::vector<Object> all;
  for (const AgencyId& agency : {kTown, kElsewhere}) {
    for (const std::vector<std::string>& path :
         {std::vector<std::string>{}, {"clinic", "health", "city"}, {"school", "city"}}) {
      for (int relation = 0; relation < 5; ++relation) {
        Object object{.resource = "", .agency = agency, .unit_path = path, .person = "employees/x"};
        if (relation == 1) object.person = me;
        if (relation == 2) object.appraiser = me;
        if (relation == 3) object.next_appraiser = me;
        if (relation == 4) object.raters = {"employees/y", me};
        all.push_back(std::move(object));
      }
    }
  }
  return all;
}

bool Below(const Object& object, const std::string& unit) {
  return unit.empty() || std::find(object.unit_path.begin(), object.unit_path.end(), unit) !=
                             object.unit_path.end();
}

bool Expected(Reach reach, const Held& held, const Object& object) {
  const bool everywhere = held.agency.empty();
  const bool here = everywhere || object.agency == held.agency;
  const std::string& me = held.principal.subject;
  switch (reach) {
    case Reach::kSelf:
      return here && object.person == me;
    case Reach::kAppraiser:
      return here && object.appraiser == me;
    case Reach::kNext:
      return here && object.next_appraiser == me;
    case Reach::kRater:
      return here &&
             std::find(object.raters.begin(), object.raters.end(), me) != object.raters.end();
    case Reach::kSubtree:
    case Reach::kAgency:
      return here && Below(object, held.unit);
    case Reach::kWhole:
      return here;
    case Reach::kAny:
      return everywhere || (here && Below(object, held.unit));
  }
  return false;
}

bool Listed(const Scope& scope, const std::string& me, const Object& object) {
  return scope.agency || (scope.self && object.person == me) ||
         (scope.appraiser && object.appraiser == me) ||
         (scope.next && object.next_appraiser == me) ||
         (scope.rater &&
          std::find(object.raters.begin(), object.raters.end(), me) != object.raters.end()) ||
         std::any_of(scope.units.begin(), scope.units.end(), [&](const std::string& unit) {
           return Below(object, unit);
         });
}

TEST(PermissionMatrix, EveryRoleByEveryPermissionIsAsTheTableSaysAndListsAgree) {
  const PermissionTable& table = PermissionTable::Default();
  const testing::FakeClock clock;
  InMemoryBindings bindings(clock);
  const Authorizer authorizer(table, bindings);
  int cells = 0;
  int granted = 0;
  for (const Held& held : EveryHolding()) {
    bindings.Replace(held.bindings);
    const std::vector<Object> objects = EveryObject(held.principal.subject);
    for (const std::string& permission : table.Permissions()) {
      bool any = false;
      for (const Object& object : objects) {
        bool expected = false;
        for (const Grant& grant : table.GrantsOf(permission)) {
          if (grant.role != held.role) continue;
          any = true;
          for (const Reach reach : grant.reaches) expected |= Expected(reach, held, object);
        }
        const bool allowed = authorizer.Allowed(held.principal, permission, object);
        ASSERT_EQ(allowed, expected) << held.role << " bound to '" << held.agency.value() << "/"
                                     << held.unit << "': " << permission;
        const Scope scope = authorizer.ScopeOf(held.principal, permission, object.agency);
        ASSERT_EQ(Listed(scope, held.principal.subject, object), expected)
            << held.role << ": list of " << permission;
        ++cells;
        granted += expected ? 1 : 0;
      }
      EXPECT_EQ(authorizer.AllowedSomewhere(held.principal, permission), any)
          << held.role << ": " << permission;
    }
  }
  EXPECT_GT(cells, 50'000);
  EXPECT_GT(granted, 5'000);
}

// Whoever looks after the personnel of one unit works with what the agency has as a whole.
TEST(PermissionMatrix, UnitHrReadsWhatTheAgencyHasAsAWhole) {
  const testing::FakeClock clock;
  InMemoryBindings bindings(clock);
  const Authorizer authorizer(PermissionTable::Default(), bindings);
  const Principal program{.subject = "apiClients/me", .agency = kTown};
  bindings.Replace(
      {{.agency = kTown, .subject = program.subject, .role = "unit_hr", .unit = "health"}});
  for (const char* permission : {"evaluation.cycles.list",
                                 "evaluation.cycles.get",
                                 "catalog.behaviors.list",
                                 "training.courses.list",
                                 "catalog.policyPacks.get",
                                 "feedback.campaigns.list"}) {
    EXPECT_TRUE(authorizer.Allowed(program, permission, {.agency = kTown})) << permission;
    EXPECT_TRUE(authorizer.ScopeOf(program, permission, kTown).agency) << permission;
    EXPECT_FALSE(authorizer.Allowed(program, permission, {.agency = kElsewhere})) << permission;
  }
  EXPECT_FALSE(authorizer.Allowed(program, "evaluation.workPlans.get", {.agency = kTown}));
}

TEST(SeparationOfDuties, WhoSpeaksForAnotherDecidesNothingAboutHimself) {
  const testing::FakeClock clock;
  InMemoryBindings bindings(clock);
  const Authorizer authorizer(PermissionTable::Default(), bindings);
  const auto ask = [&](const std::string& permission, const Object& object) {
    CallContext::Fields fields;
    fields.principal = {.subject = "employees/boss", .agency = kTown, .acting = "employees/me"};
    fields.permission = permission;
    return CallContext(std::move(fields), authorizer).Authorize(object);
  };
  Object plan{.resource = "plans/1",
              .agency = kTown,
              .person = "employees/colleague",
              .appraiser = "employees/boss"};
  EXPECT_THAT(ask("evaluation.workPlans.approve", plan), IsOk());
  plan.person = "employees/me";
  EXPECT_THAT(ask("evaluation.workPlans.approve", plan),
              HasReason(errors::reasons::DUTIES_SEPARATED));
  EXPECT_THAT(ask("evaluation.workPlans.get", plan), IsOk());
  // Entering a plan in the name of somebody whom one then decides about.
  plan = {.resource = "plans/2",
          .agency = kTown,
          .person = "employees/boss",
          .appraiser = "employees/me"};
  EXPECT_THAT(ask("evaluation.workPlans.submit", plan),
              HasReason(errors::reasons::DUTIES_SEPARATED));
  plan.appraiser = "employees/mayor";
  EXPECT_THAT(ask("evaluation.workPlans.submit", plan), IsOk());
  plan.raters = {"employees/me"};
  EXPECT_THAT(ask("evaluation.workPlans.submit", plan),
              HasReason(errors::reasons::DUTIES_SEPARATED));
}

TEST(Mandates, HoldForTheirPersonsAgencyAndTime) {
  const testing::FakeClock clock;
  InMemoryBindings bindings(clock);
  const absl::Time start = absl::UnixEpoch();
  const absl::Time end = start + absl::Hours(1);
  const Principal me{.subject = "employees/me", .agency = kTown};
  bindings.SetMandates({{kTown, "officials/mayor", "employees/me", "a.b", start, end},
                        {kTown, "officials/mayor", "employees/me", "c.*", start, end},
                        {kTown, "officials/mayor", "employees/other", "d.*", start, end},
                        {kElsewhere, "officials/mayor", "employees/me", "e.*", start, end}});
  EXPECT_EQ(bindings.MandateScope(me, "officials/mayor", start), "a.b c.*");
  EXPECT_EQ(bindings.MandateScope(me, "officials/mayor", end), "");
  EXPECT_EQ(bindings.MandateScope(me, "officials/mayor", start - absl::Seconds(1)), "");
  EXPECT_EQ(bindings.MandateScope(me, "employees/boss", start), "");
}

}  // namespace
}  // namespace teraju::auth
