#include "common/auth/authorizer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/auth/call_context.h"
#include "common/testing/fake_clock.h"
#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;

const AgencyId kCity("city");
const AgencyId kOther("other");

class AuthorizerTest : public ::testing::Test {
 protected:
  static PermissionTable Table() {
    return *PermissionTable::Parse(
        "roles: employee official service agency_admin unit_hr operator\n"
        "self: employee=self\n"
        "plan: employee=appraiser official=appraiser unit_hr=subtree\n"
        "objection: official=next employee=next\n"
        "answer: employee=rater\n"
        "admin: agency_admin=agency operator=any service=any\n");
  }

  void Bind(std::vector<RoleBinding> bindings) {
    bindings_.Replace(std::move(bindings));
    bindings_.HoldUntil(clock_.Now() + absl::Seconds(5));
  }
  bool Allowed(const Principal& who, std::string_view permission, const Object& object) {
    return authorizer_.Allowed(who, permission, object);
  }

  testing::FakeClock clock_;
  InMemoryBindings bindings_{clock_};
  const PermissionTable table_ = Table();
  const Authorizer authorizer_{table_, bindings_};
  const Principal budi_{.subject = "employees/budi", .agency = kCity, .client = "", .session = ""};
  const Principal mayor_{
      .subject = "officials/mayor", .agency = kCity, .client = "", .session = ""};
  const Principal evaluation_{
      .subject = "services/evaluation", .agency = {}, .client = "", .session = ""};
  const Principal root_{.subject = "accounts/root", .agency = {}, .client = "", .session = ""};
};

TEST_F(AuthorizerTest, DeniesWhatTheTableDoesNotName) {
  const Object own{.agency = kCity, .person = "employees/budi"};
  EXPECT_FALSE(Allowed(budi_, "unknown", own));
  EXPECT_FALSE(Allowed(budi_, "", own));
  EXPECT_FALSE(Allowed(budi_, "admin", own));
  EXPECT_FALSE(authorizer_.AllowedSomewhere(budi_, "admin"));
}

TEST_F(AuthorizerTest, TheAnonymousMayNothing) {
  const Principal nobody;
  EXPECT_FALSE(Allowed(nobody, "self", {.agency = kCity, .person = ""}));
  EXPECT_FALSE(authorizer_.AllowedSomewhere(nobody, "self"));
  EXPECT_TRUE(authorizer_.ScopeOf(nobody, "self", kCity).empty());
}

TEST_F(AuthorizerTest, RelationsHoldOnTheObjectOnly) {
  EXPECT_TRUE(Allowed(budi_, "self", {.agency = kCity, .person = "employees/budi"}));
  EXPECT_FALSE(Allowed(budi_, "self", {.agency = kCity, .person = "employees/siti"}));
  EXPECT_FALSE(Allowed(budi_, "self", {.agency = kCity}));
  EXPECT_TRUE(Allowed(
      budi_, "plan", {.agency = kCity, .person = "employees/siti", .appraiser = "employees/budi"}));
  EXPECT_TRUE(Allowed(mayor_, "plan", {.agency = kCity, .appraiser = "officials/mayor"}));
  EXPECT_TRUE(Allowed(mayor_, "objection", {.agency = kCity, .next_appraiser = "officials/mayor"}));
  EXPECT_FALSE(Allowed(mayor_, "objection", {.agency = kCity, .appraiser = "officials/mayor"}));
  EXPECT_TRUE(
      Allowed(budi_, "answer", {.agency = kCity, .raters = {"employees/siti", "employees/budi"}}));
  EXPECT_FALSE(Allowed(mayor_, "answer", {.agency = kCity, .raters = {"officials/mayor"}}));
}

TEST_F(AuthorizerTest, NothingCrossesAgencies) {
  EXPECT_FALSE(Allowed(budi_, "self", {.agency = kOther, .person = "employees/budi"}));
  EXPECT_FALSE(Allowed(budi_, "self", {.person = "employees/budi"}));
  Bind({{.agency = kCity, .subject = "accounts/root", .role = "agency_admin", .unit = ""}});
  EXPECT_TRUE(Allowed(root_, "admin", {.agency = kCity}));
  EXPECT_FALSE(Allowed(root_, "admin", {.agency = kOther}));
  EXPECT_FALSE(Allowed(root_, "admin", {}));
}

TEST_F(AuthorizerTest, ABindingToAnAgencyNarrowsAny) {
  Bind({{.agency = kCity, .subject = "accounts/root", .role = "operator", .unit = ""}});
  EXPECT_TRUE(Allowed(root_, "admin", {.agency = kCity}));
  EXPECT_FALSE(Allowed(root_, "admin", {.agency = kOther}));
  Bind({{.agency = {}, .subject = "accounts/root", .role = "operator", .unit = ""}});
  EXPECT_TRUE(Allowed(root_, "admin", {.agency = kOther}));
  EXPECT_TRUE(Allowed(root_, "admin", {}));
  EXPECT_TRUE(Allowed(evaluation_, "admin", {.agency = kOther}));
}

TEST_F(AuthorizerTest, ABindingToAUnitReachesTheUnitsBelow) {
  Bind({{.agency = kCity, .subject = "employees/budi", .role = "unit_hr", .unit = "health"},
        {.agency = kCity, .subject = "employees/budi", .role = "agency_admin", .unit = "health"}});
  EXPECT_TRUE(Allowed(budi_, "plan", {.agency = kCity, .unit_path = {"clinic", "health", "city"}}));
  EXPECT_FALSE(
      Allowed(budi_, "plan", {.agency = kCity, .unit_path = {"school", "education", "city"}}));
  EXPECT_FALSE(Allowed(budi_, "plan", {.agency = kCity}));
  EXPECT_FALSE(Allowed(budi_, "plan", {.agency = kOther, .unit_path = {"clinic", "health"}}));
  EXPECT_TRUE(Allowed(budi_, "admin", {.agency = kCity, .unit_path = {"health"}}));
  EXPECT_FALSE(Allowed(budi_, "admin", {.agency = kCity, .unit_path = {"education"}}));
}

TEST_F(AuthorizerTest, ScopesComeFromTheSameGrants) {
  Bind({{.agency = kCity, .subject = "employees/budi", .role = "unit_hr", .unit = "health"},
        {.agency = kCity, .subject = "employees/budi", .role = "unit_hr", .unit = "education"}});
  const Scope scope = authorizer_.ScopeOf(budi_, "plan", kCity);
  EXPECT_FALSE(scope.agency);
  EXPECT_TRUE(scope.appraiser);
  EXPECT_FALSE(scope.self);
  EXPECT_THAT(scope.units, ElementsAre("health", "education"));
  EXPECT_TRUE(authorizer_.ScopeOf(budi_, "plan", kOther).empty());
  EXPECT_TRUE(authorizer_.ScopeOf(evaluation_, "admin", kOther).agency);
}

TEST_F(AuthorizerTest, AWholeAgencyLeavesNoUnitsToName) {
  Bind({{.agency = kCity, .subject = "employees/budi", .role = "unit_hr", .unit = "health"},
        {.agency = kCity, .subject = "employees/budi", .role = "unit_hr", .unit = ""}});
  const Scope scope = authorizer_.ScopeOf(budi_, "plan", kCity);
  EXPECT_TRUE(scope.agency);
  EXPECT_TRUE(scope.units.empty());
}

// Whatever a single read allows, the list over the same agency shows, and the other way round.
TEST_F(AuthorizerTest, SingleReadAndListAgree) {
  const std::vector<std::string> units = {"", "health", "clinic", "education"};
  const std::vector<std::string> subjects = {"employees/budi", "employees/siti", "officials/mayor"};
  for (const std::string& bound : units) {
    Bind({{.agency = kCity, .subject = "employees/budi", .role = "unit_hr", .unit = bound}});
    for (const std::string& permission : table_.Permissions()) {
      const Scope scope = authorizer_.ScopeOf(budi_, permission, kCity);
      for (const std::string& person : subjects) {
        for (const std::string& appraiser : subjects) {
          for (const std::string& unit : units) {
            const Object object{.agency = kCity,
                                .unit_path = {unit, "city"},
                                .person = person,
                                .appraiser = appraiser};
            const bool listed =
                scope.agency || (scope.self && person == budi_.subject) ||
                (scope.appraiser && appraiser == budi_.subject) ||
                (!unit.empty() && std::count(scope.units.begin(), scope.units.end(), unit) > 0);
            EXPECT_EQ(Allowed(budi_, permission, object), listed)
                << permission << ' ' << bound << ' ' << unit;
          }
        }
      }
    }
  }
}

TEST_F(AuthorizerTest, BindingsAreFreshForTheirLeaseOnly) {
  EXPECT_FALSE(bindings_.fresh());
  Bind({});
  EXPECT_TRUE(bindings_.fresh());
  clock_.Advance(absl::Seconds(5) - absl::Milliseconds(1));
  EXPECT_TRUE(bindings_.fresh());
  clock_.Advance(absl::Milliseconds(1));
  EXPECT_FALSE(bindings_.fresh());
}

TEST_F(AuthorizerTest, ASessionOrASubjectThatEndedIsKnownUntilItsTokensHaveExpired) {
  Principal budi = budi_;
  budi.session = "s1";
  EXPECT_FALSE(bindings_.Revoked(budi));
  const absl::Time later = clock_.Now() + absl::Minutes(10);
  bindings_.Revoke({{.key = SessionKey("s1"), .expire_time = later}}, clock_.Now());
  EXPECT_TRUE(bindings_.Revoked(budi));
  budi.session = "s2";
  EXPECT_FALSE(bindings_.Revoked(budi));
  bindings_.Revoke({{.key = SubjectKey(kCity, budi.subject), .expire_time = later}}, later);
  EXPECT_TRUE(bindings_.Revoked(budi));
  budi.agency = kOther;
  EXPECT_FALSE(bindings_.Revoked(budi));
  budi.session = "s1";
  EXPECT_FALSE(bindings_.Revoked(budi));  // forgotten
}

TEST_F(AuthorizerTest, ACallRemembersThatItAsked) {
  CallContext::Fields fields{.principal = budi_};
  fields.permission = "self";
  const CallContext call(std::move(fields), authorizer_);
  EXPECT_FALSE(call.asked());
  EXPECT_THAT(call.Authorize({.resource = "plans/1", .agency = kCity, .person = "employees/budi"}),
              IsOk());
  EXPECT_TRUE(call.asked());
  EXPECT_THAT(call.Authorize({.resource = "plans/2", .agency = kCity, .person = "employees/siti"}),
              HasReason(errors::reasons::PERMISSION_DENIED));
  EXPECT_THAT(call.AuthorizeList(kCity, "agencies/city/plans"), IsOk());
  EXPECT_THAT(call.AuthorizeList(kOther, "agencies/other/plans"),
              HasReason(errors::reasons::PERMISSION_DENIED));
}

}  // namespace
}  // namespace teraju::auth
