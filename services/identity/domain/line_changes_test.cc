#include "services/identity/domain/line_changes.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

LineSpan Span(std::uint64_t person, std::int32_t first, std::int32_t last, std::uint32_t who) {
  return {{0, person}, first, last, who};
}

std::vector<std::string> Compare(const std::vector<LineSpan>& before,
                                 const std::vector<LineSpan>& after) {
  std::vector<std::string> changes;
  for (const LineChange& change : CompareLines(before, after)) {
    changes.push_back(std::to_string(change.person.low) + ": " + std::to_string(change.first) +
                      ".." + (change.last == kOpen ? "" : std::to_string(change.last)) + " " +
                      std::to_string(change.before) + ">" + std::to_string(change.after));
  }
  return changes;
}

TEST(CompareLines, TellsDaysUnderAnother) {
  EXPECT_THAT(Compare({Span(1, 0, kOpen, 7)}, {Span(1, 0, 9, 7), Span(1, 10, kOpen, 8)}),
              ElementsAre("1: 10.. 7>8"));
  EXPECT_THAT(Compare({Span(1, 0, 9, 7), Span(1, 10, 20, 8)}, {Span(1, 5, 20, 8)}),
              ElementsAre("1: 0..4 7>0", "1: 5..9 7>8"));
  EXPECT_THAT(Compare({}, {Span(1, 0, 9, 7)}), ElementsAre("1: 0..9 0>7"));
}

TEST(CompareLines, IsSilentWhereNothingChanges) {
  EXPECT_THAT(Compare({Span(1, 0, kOpen, 7)}, {Span(1, 0, 4, 7), Span(1, 5, kOpen, 7)}), IsEmpty());
  EXPECT_THAT(Compare({}, {}), IsEmpty());
}

TEST(CompareLines, KeepsPersonsApart) {
  EXPECT_THAT(Compare({Span(1, 0, kOpen, 7), Span(3, 0, kOpen, 7)},
                      {Span(2, 0, kOpen, 7), Span(3, 0, kOpen, 9)}),
              ElementsAre("1: 0.. 7>0", "2: 0.. 0>7", "3: 0.. 7>9"));
}

TEST(PersonKey, IsOrderedAndPrintedAsItsText) {
  const std::string a = "01890000-0000-7000-8000-00000000000f";
  const std::string b = "01890000-0000-7000-8000-000000000010";
  EXPECT_EQ(PersonKey::Of(a).ToUuid(), a);
  EXPECT_TRUE(PersonKey::Of(a) < PersonKey::Of(b));
  EXPECT_EQ(FromDayNumber(ToDayNumber(absl::CivilDay(2025, 7, 1))), absl::CivilDay(2025, 7, 1));
}

}  // namespace
}  // namespace teraju::identity::domain
