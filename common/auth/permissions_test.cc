#include "common/auth/permissions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::IsOk;

TEST(PermissionTable, ReadsGrants) {
  const auto table = PermissionTable::Parse(
      "# a comment\n"
      "roles: employee operator\n"
      "\n"
      "things.get: employee=self+appraiser operator=any # and why\n"
      "things.list:\toperator=any\r\n"
      "things.hide:\n");
  ASSERT_THAT(table, IsOk());
  EXPECT_THAT(table->Permissions(), ElementsAre("things.get", "things.hide", "things.list"));
  EXPECT_THAT(table->Roles(), ElementsAre("employee", "operator"));
  const std::vector<Grant>& grants = table->GrantsOf("things.get");
  ASSERT_EQ(grants.size(), 2u);
  EXPECT_EQ(grants[0].role, "employee");
  EXPECT_THAT(grants[0].reaches, ElementsAre(Reach::kSelf, Reach::kAppraiser));
  EXPECT_THAT(grants[1].reaches, ElementsAre(Reach::kAny));
  EXPECT_TRUE(table->Has("things.hide"));
  EXPECT_TRUE(table->GrantsOf("things.hide").empty());
  EXPECT_FALSE(table->Has("things.delete"));
  EXPECT_TRUE(table->GrantsOf("things.delete").empty());
}

TEST(PermissionTable, NamesLineAndFieldOfAFault) {
  const std::pair<const char*, const char*> faults[] = {
      {"roles: a\nthings.get a=any", "line 2: a line must be permission: role=reach"},
      {"roles: a\n things get: a=any", "line 2: not a permission's name: ' things get'"},
      {"roles: a\nx: a", "line 2: a grant must be role=reach: 'a'"},
      {"roles: a\nx: a=", "line 2: a grant needs a reach: 'a='"},
      {"roles: a\nx: a=all", "line 2: unknown reach: 'all'"},
      {"roles: a\nx: a=self+ANY", "line 2: unknown reach: 'ANY'"},
      {"roles: a\nx: b=any", "line 2: the role is not in the line 'roles:': 'b'"},
      {"x: a=any", "line 1: the role is not in the line 'roles:': 'a'"},
      {"roles: a\nx: a=any a=self", "line 2: the role is granted twice: 'a'"},
      {"roles: a\nx: a=any\nx: a=self", "line 3: the permission has a line already: 'x'"},
      {"roles: a\nroles: b", "line 2: roles are named twice: 'roles'"},
  };
  for (const auto& [text, message] : faults) {
    const auto table = PermissionTable::Parse(text);
    EXPECT_EQ(table.status().code(), absl::StatusCode::kInvalidArgument) << text;
    EXPECT_THAT(std::string(table.status().message()), HasSubstr(message)) << text;
  }
}

TEST(PermissionTable, TheTableOfThisBuildIsReadable) {
  EXPECT_TRUE(PermissionTable::Default().Has("operations.get"));
  EXPECT_TRUE(PermissionTable::Default().Has("changes.list"));
}

TEST(InScope, IsANameOrAllBelowIt) {
  EXPECT_TRUE(InScope("identity.units.get catalog.*", "identity.units.get"));
  EXPECT_TRUE(InScope("identity.units.get catalog.*", "catalog.goals.list"));
  EXPECT_TRUE(InScope("identity.*", "identity.units.*"));
  EXPECT_FALSE(InScope("identity.units.get catalog.*", "identity.units.list"));
  EXPECT_FALSE(InScope("catalog.*", "catalogue.goals.list"));
  EXPECT_FALSE(InScope(".*", "catalog.goals.list"));
  EXPECT_FALSE(InScope("", "catalog.goals.list"));
  EXPECT_TRUE(PermissionTable::Default().HasScope("catalog.goals.*"));
  EXPECT_FALSE(PermissionTable::Default().HasScope("catalog.goals"));
  EXPECT_FALSE(PermissionTable::Default().HasScope("catalog.* identity.*"));
}

}  // namespace
}  // namespace teraju::auth
