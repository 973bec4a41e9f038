#include "common/api/strong_id.h"

#include <set>
#include <type_traits>

#include "gtest/gtest.h"

namespace teraju {
namespace {

static_assert(!std::is_convertible_v<UnitId, EmployeeId>);
static_assert(!std::is_convertible_v<std::string, EmployeeId>);

TEST(StrongId, ComparesByValue) {
  EXPECT_EQ(EmployeeId("a"), EmployeeId("a"));
  EXPECT_LT(EmployeeId("a"), EmployeeId("b"));
  EXPECT_TRUE(EmployeeId().empty());
}

TEST(NewUuid7, SortsByTime) {
  const absl::Time time = absl::FromUnixMillis(0x0190'0000'0000);
  const std::string first = NewUuid7(time);
  EXPECT_EQ(first.substr(0, 13), "01900000-0000");
  EXPECT_TRUE(IsUuid(first)) << first;
  EXPECT_EQ(first[14], '7');
  EXPECT_NE(std::string("89ab").find(first[19]), std::string::npos);
  EXPECT_LT(first, NewUuid7(time + absl::Milliseconds(1)));
}

TEST(NewUuid4, IsRandom) {
  std::set<std::string> ids;
  for (int i = 0; i < 1000; ++i) {
    const std::string id = NewUuid4();
    EXPECT_TRUE(IsUuid4(id)) << id;
    ids.insert(id);
  }
  EXPECT_EQ(ids.size(), 1000u);
}

TEST(IsUuid, KnowsTheForm) {
  EXPECT_TRUE(IsUuid("0190163d-8694-739b-aea5-966c26f8ad91"));
  EXPECT_TRUE(IsUuid("0190163D-8694-739B-AEA5-966C26F8AD91"));
  for (const char* text : {"",
                           "0190163d8694739baea5966c26f8ad91",
                           "0190163d-8694-739b-aea5-966c26f8ad9",
                           "0190163d-8694-739b-aea5-966c26f8ad912",
                           "0190163g-8694-739b-aea5-966c26f8ad91",
                           "{190163d-8694-739b-aea5-966c26f8ad9}",
                           "0190163d-8694-739b-aea5+966c26f8ad91"}) {
    EXPECT_FALSE(IsUuid(text)) << text;
  }
  EXPECT_FALSE(IsUuid4("0190163d-8694-739b-aea5-966c26f8ad91"));
  EXPECT_FALSE(IsUuid4("0190163d-8694-439b-cea5-966c26f8ad91"));
  EXPECT_TRUE(IsUuid4("0190163d-8694-439b-aea5-966c26f8ad91"));
}

}  // namespace
}  // namespace teraju
