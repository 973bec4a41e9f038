#include "common/api/resource_name.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"

namespace teraju::api {
namespace {

using ::teraju::testing::HasMetadata;
using ::teraju::testing::HasReason;
using ::teraju::testing::IsOkAndHolds;
using ::teraju::testing::StatusIs;
using ::teraju::testing::ViolatesField;
using ::testing::AllOf;
using ::testing::ElementsAre;

constexpr NamePattern kCycle{"agencies/{agency}/cycles/{cycle}"};
constexpr NamePattern kReceipt{"agencies/{agency}/evaluations/{evaluation}/scoreReceipt"};

TEST(NamePattern, GivesTheValuesInOrder) {
  EXPECT_THAT(kCycle.Parse("agencies/dumai/cycles/2025", "name"),
              IsOkAndHolds(ElementsAre("dumai", "2025")));
  EXPECT_THAT(kReceipt.Parse("agencies/a/evaluations/e-1.2_3~4/scoreReceipt", "name"),
              IsOkAndHolds(ElementsAre("a", "e-1.2_3~4")));
  EXPECT_EQ(kCycle.Format({"dumai", "2025"}), "agencies/dumai/cycles/2025");
  EXPECT_EQ(kReceipt.Format({"a", "e"}), "agencies/a/evaluations/e/scoreReceipt");
}

TEST(NamePattern, RefusesAllElse) {
  for (const std::string& name : {std::string(),
                                  std::string("agencies"),
                                  std::string("agencies/a"),
                                  std::string("agencies/a/cycles"),
                                  std::string("agencies/a/cycles/"),
                                  std::string("agencies/a/cycles/c/"),
                                  std::string("agencies/a/cycles/c/x"),
                                  std::string("/agencies/a/cycles/c"),
                                  std::string("agencies//cycles/c"),
                                  std::string("agencies/a/plans/c"),
                                  std::string("Agencies/a/cycles/c"),
                                  std::string("agencies/a/cycles/c d"),
                                  std::string("agencies/a/cycles/.."),
                                  std::string("agencies/a/cycles/."),
                                  std::string("agencies/a/cycles/%2e"),
                                  std::string("agencies/a/cycles/é"),
                                  std::string("agencies/a/cycles/c\0", 20),
                                  std::string("agencies/{agency}/cycles/{cycle}"),
                                  std::string("agencies/-/cycles/c"),
                                  "agencies/a/cycles/" + std::string(64, 'c')}) {
    EXPECT_FALSE(kCycle.Matches(name)) << name;
    EXPECT_THAT(kCycle.Parse(name, "name"),
                AllOf(StatusIs(absl::StatusCode::kInvalidArgument),
                      HasReason(errors::reasons::NAME_INVALID),
                      HasMetadata("field", "name"),
                      HasMetadata("pattern", "agencies/{agency}/cycles/{cycle}"),
                      ViolatesField("name")))
        << name;
  }
  EXPECT_TRUE(kCycle.Matches("agencies/a/cycles/" + std::string(63, 'c')));
}

TEST(NamePattern, TakesAWildcardOnlyWhereAllowed) {
  EXPECT_THAT(kCycle.Parse("agencies/-/cycles/c", "parent", /*allow_wildcard=*/true),
              IsOkAndHolds(ElementsAre("-", "c")));
}

TEST(AgencyOf, TakesTheAgencyOfAnyName) {
  EXPECT_EQ(AgencyOf("agencies/dumai"), "dumai");
  EXPECT_EQ(AgencyOf("agencies/dumai/cycles/2025"), "dumai");
  EXPECT_EQ(AgencyOf("agencies/-/cycles/2025"), "");
  EXPECT_EQ(AgencyOf("agencies/"), "");
  EXPECT_EQ(AgencyOf("operations/evaluation/1"), "");
  EXPECT_EQ(AgencyOf(""), "");
}

}  // namespace
}  // namespace teraju::api
