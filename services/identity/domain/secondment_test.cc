// People who work in two units are appraised in both, by shares.
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/identity/domain/head_calendar.h"

namespace teraju::identity::domain {
namespace {

using ::testing::ElementsAre;

constexpr absl::CivilDay kBegin(2025, 1, 1);
constexpr absl::CivilDay kEnd(2025, 12, 31);

class SecondmentTest : public ::testing::Test {
 protected:
  SecondmentTest() {
    for (const char* unit : {"home", "host", "third"})
      posts_.push_back(
          {std::string("head-") + unit, unit, "Kepala", v1::Assignment::DEFINITIVE, true, kBegin});
  }

  static Post At(std::string unit,
                 int share,
                 absl::CivilDay first = kBegin,
                 absl::CivilDay last = absl::CivilDay::max()) {
    const auto kind = share == 0 ? v1::Assignment::DEFINITIVE : v1::Assignment::ADDITIONAL;
    return {"x", std::move(unit), "Staf", kind, false, first, last, share};
  }
  HeadCalendar Calendar() const { return {units_, posts_, terms_, kBegin, kEnd}; }
  static std::vector<std::string> Shares(const Line& line) {
    std::vector<std::string> shares;
    for (const Share& share : line.shares)
      shares.push_back(share.superior.person + " " + std::to_string(share.percent));
    return shares;
  }

  std::vector<UnitState> units_ = {{"city", "Kota", ""},
                                   {"home", "Asal", "city"},
                                   {"host", "Tujuan", "city"},
                                   {"third", "Lain", "city"}};
  std::vector<Post> posts_;
  std::vector<Term> terms_ = {{"officials/mayor", "city", absl::CivilDay(2021, 2, 26)}};
};

TEST_F(SecondmentTest, WithoutAShareChangesNothing) {
  const auto line = Calendar().Resolve("x", "home", kBegin);
  ASSERT_THAT(line, testing::IsOk());
  EXPECT_THAT(Shares(*line), ElementsAre("head-home 100"));
}

TEST_F(SecondmentTest, DividesTheAppraisal) {
  const std::vector<Post> posts = {At("home", 0), At("host", 40)};
  const auto line = Calendar().Resolve("x", "home", kBegin, posts);
  ASSERT_THAT(line, testing::IsOk());
  EXPECT_EQ(line->appraiser->person, "head-home");
  EXPECT_THAT(Shares(*line), ElementsAre("head-home 60", "head-host 40"));
  EXPECT_THAT(Explain(*line).id,
              ::testing::HasSubstr("Penilai menurut porsi tugas: Asal 60%; Tujuan 40%."));
}

TEST_F(SecondmentTest, TheLargestShareAppraisesAndHomeWhenEqual) {
  EXPECT_EQ(
      Calendar().Resolve("x", "home", kBegin, std::vector<Post>{At("host", 50)})->appraiser->person,
      "head-home");
  const std::vector<Post> most = {At("host", 30), At("third", 45)};
  const auto line = Calendar().Resolve("x", "home", kBegin, most);
  EXPECT_EQ(line->appraiser->person, "head-third");
  EXPECT_EQ(line->next_appraiser->person, "officials/mayor");
  EXPECT_THAT(Shares(*line), ElementsAre("head-home 25", "head-host 30", "head-third 45"));
  const auto whole = Calendar().Resolve("x", "home", kBegin, std::vector<Post>{At("host", 100)});
  EXPECT_THAT(Shares(*whole), ElementsAre("head-host 100"));
}

TEST_F(SecondmentTest, CutsTheYearWhereItBeginsAndEndsAndWhereItsHeadChanges) {
  const absl::CivilDay change(2025, 5, 1);
  posts_[1].last = change - 1;
  posts_.push_back({"next-host", "host", "Kepala", v1::Assignment::DEFINITIVE, true, change});
  const std::vector<Post> posts = {
      At("home", 0), At("host", 40, absl::CivilDay(2025, 3, 1), absl::CivilDay(2025, 6, 30))};
  std::vector<Segment> segments;
  Calendar().Cut(posts, segments);
  std::vector<std::string> seen;
  for (const Segment& segment : segments) {
    std::string text = absl::FormatCivilTime(segment.first);
    for (const std::string& share : Shares(segment.line)) text += " " + share;
    seen.push_back(text);
  }
  EXPECT_THAT(seen,
              ElementsAre("2025-01-01 head-home 100",
                          "2025-03-01 head-home 60 head-host 40",
                          "2025-05-01 head-home 60 next-host 40",
                          "2025-07-01 head-home 100"));
}

}  // namespace
}  // namespace teraju::identity::domain
