#include "services/identity/domain/head_calendar.h"

#include <tuple>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

using ::teraju::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

constexpr absl::CivilDay kFirst(2025, 1, 1);
constexpr absl::CivilDay kLast(2025, 12, 31);
constexpr v1::Assignment::Kind kD = v1::Assignment::DEFINITIVE;

Post Head(std::string person,
          std::string unit,
          v1::Assignment::Kind kind,
          absl::CivilDay first = kFirst,
          absl::CivilDay last = absl::CivilDay::max()) {
  return {std::move(person), std::move(unit), "Kepala", kind, true, first, last};
}

Post Member(std::string person,
            std::string unit,
            absl::CivilDay first = kFirst,
            absl::CivilDay last = absl::CivilDay::max()) {
  return {std::move(person), std::move(unit), "Staf", kD, false, first, last};
}

// city (mayor) > dinas > bidang > seksi
class HeadCalendarTest : public ::testing::Test {
 protected:
  Line Resolve(std::span<const Post> heads,
               std::string_view person,
               std::string_view unit,
               absl::CivilDay day = absl::CivilDay(2025, 6, 15)) {
    const auto line = HeadCalendar(units_, heads, terms_, kFirst, kLast).Resolve(person, unit, day);
    EXPECT_TRUE(line.ok()) << line.status();
    return line.value_or(Line{});
  }

  std::vector<UnitState> units_ = {{"seksi", "Seksi", "bidang"},
                                   {"city", "Kota", ""},
                                   {"dinas", "Dinas", "city"},
                                   {"bidang", "Bidang", "dinas"}};
  std::vector<Term> terms_ = {{"officials/mayor", "city", absl::CivilDay(2021, 2, 26)}};
};

TEST_F(HeadCalendarTest, GivesAMemberTheHeadOfTheUnitAndTheHeadAbove) {
  const std::vector<Post> heads = {Head("a", "bidang", kD), Head("b", "dinas", kD)};
  const Line line = Resolve(heads, "x", "bidang");
  EXPECT_EQ(line.appraiser->person, "a");
  EXPECT_EQ(line.next_appraiser->person, "b");
  EXPECT_THAT(line.unit_path, ElementsAre("bidang", "dinas", "city"));
  EXPECT_FALSE(line.leads_unit);
  EXPECT_THAT(line.passed_over.vacant, IsEmpty());
}

TEST_F(HeadCalendarTest, GivesAHeadTheHeadAboveAndTheTopHeadTheOfficial) {
  const std::vector<Post> heads = {Head("a", "bidang", kD), Head("b", "dinas", kD)};
  const Line head = Resolve(heads, "a", "bidang");
  EXPECT_TRUE(head.leads_unit);
  EXPECT_EQ(head.appraiser->person, "b");
  EXPECT_EQ(head.next_appraiser->person, "officials/mayor");
  const Line top = Resolve(heads, "b", "dinas");
  EXPECT_EQ(top.appraiser->person, "officials/mayor");
  EXPECT_TRUE(top.appraiser->official);
  EXPECT_FALSE(top.next_appraiser);
}

TEST_F(HeadCalendarTest, GoesUpwardOverVacantPosts) {
  const std::vector<Post> heads = {Head("b", "dinas", kD)};
  const Line line = Resolve(heads, "x", "seksi");
  EXPECT_EQ(line.appraiser->person, "b");
  EXPECT_THAT(line.passed_over.vacant, ElementsAre("Seksi", "Bidang"));
  EXPECT_THAT(Explain(line).id, ::testing::HasSubstr("Jabatan pimpinan lowong: Seksi; Bidang"));
}

TEST_F(HeadCalendarTest, RanksDefinitiveBeforePjPltPlhAndTask) {
  const std::vector<Post> all = {Head("tt", "bidang", v1::Assignment::ADDITIONAL),
                                 Head("plh", "bidang", v1::Assignment::DAILY_ACTING),
                                 Head("plt", "bidang", v1::Assignment::ACTING),
                                 Head("pj", "bidang", v1::Assignment::APPOINTED_ACTING),
                                 Head("d", "bidang", kD)};
  for (std::size_t count = all.size(); count > 0; --count) {
    const std::vector<Post> heads(all.begin(), all.begin() + count);
    EXPECT_EQ(Resolve(heads, "x", "bidang").appraiser->person, heads.back().person);
  }
}

TEST_F(HeadCalendarTest, NeverGivesOneself) {
  // Head of the bidang, acting head of the dinas above.
  const std::vector<Post> heads = {Head("a", "bidang", kD),
                                   Head("a", "dinas", v1::Assignment::ACTING)};
  const Line line = Resolve(heads, "a", "bidang");
  EXPECT_EQ(line.appraiser->person, "officials/mayor");
  // The acting head's member at home: the next appraiser is not the member again.
  const std::vector<Post> crossed = {Head("h", "bidang", kD),
                                     Head("x", "dinas", v1::Assignment::ACTING)};
  const Line member = Resolve(crossed, "x", "bidang");
  EXPECT_EQ(member.appraiser->person, "h");
  EXPECT_EQ(member.next_appraiser->person, "officials/mayor");
}

TEST_F(HeadCalendarTest, RefusesWhereNobodyLeads) {
  terms_.clear();
  const HeadCalendar calendar(units_, {}, terms_, kFirst, kLast);
  EXPECT_THAT(calendar.Resolve("x", "seksi", kFirst), HasReason(v1::NO_APPRAISER));
  EXPECT_THAT(calendar.Resolve("x", "nowhere", kFirst), HasReason(v1::UNIT_UNKNOWN));
  EXPECT_THAT(calendar.Resolve("x", "seksi", kLast + 1), HasReason(v1::NO_APPRAISER));
  std::vector<Segment> segments;
  calendar.Cut(std::vector<Post>{Member("x", "seksi")}, segments);
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_FALSE(segments[0].line.appraiser);
  EXPECT_THAT(Explain(segments[0].line).en, ::testing::HasSubstr("no appraiser"));
}

TEST_F(HeadCalendarTest, CutsSegmentsByUnitPostAndAppraiser) {
  const absl::CivilDay change(2025, 5, 2);
  const std::vector<Post> heads = {Head("a", "bidang", kD, kFirst, change - 1),
                                   Head("p", "bidang", v1::Assignment::ACTING, change, change + 30),
                                   Head("b", "dinas", kD)};
  const HeadCalendar calendar(units_, heads, terms_, kFirst, kLast);
  std::vector<Segment> segments;
  Post seksi = Member("x", "seksi", absl::CivilDay(2025, 11, 1));
  calendar.Cut(
      std::vector<Post>{
          Member("x", "bidang", absl::CivilDay(2019, 3, 1), absl::CivilDay(2025, 10, 31)), seksi},
      segments);
  ASSERT_EQ(segments.size(), 4u);
  EXPECT_EQ(std::tuple(segments[0].first, segments[0].last), std::tuple(kFirst, change - 1));
  EXPECT_EQ(segments[0].line.appraiser->person, "a");
  EXPECT_EQ(std::tuple(segments[1].first, segments[1].last), std::tuple(change, change + 30));
  EXPECT_EQ(segments[1].line.appraiser->person, "p");
  EXPECT_EQ(std::tuple(segments[2].first, segments[2].last),
            std::tuple(change + 31, absl::CivilDay(2025, 10, 31)));
  EXPECT_EQ(segments[2].line.appraiser->person, "b");
  EXPECT_EQ(segments[3].line.unit, "seksi");
  EXPECT_EQ(segments[3].last, kLast);
}

TEST_F(HeadCalendarTest, JoinsDaysThatDifferInNothingThatCuts) {
  // Acting head becomes the definitive one: same person, one segment.
  const absl::CivilDay change(2025, 7, 1);
  const std::vector<Post> heads = {Head("a", "bidang", v1::Assignment::ACTING, kFirst, change - 1),
                                   Head("a", "bidang", kD, change)};
  std::vector<Segment> segments;
  HeadCalendar(units_, heads, terms_, kFirst, kLast)
      .Cut(std::vector<Post>{Member("x", "bidang")}, segments);
  ASSERT_EQ(segments.size(), 1u);
  EXPECT_EQ(segments[0].line.appraiser->kind, kD);
}

TEST_F(HeadCalendarTest, EndsOnATreeWithACycle) {
  units_ = {{"p", "P", "q"}, {"q", "Q", "p"}};
  const std::vector<Post> heads = {Head("a", "p", kD)};
  EXPECT_EQ(Resolve(heads, "x", "p").appraiser->person, "a");
}

TEST_F(HeadCalendarTest, NeverGivesASubordinate) {
  const auto acting = v1::Assignment::ACTING;
  // h leads the bidang; its member m acts for the vacant dinas above.
  const std::vector<Post> posts = {
      Head("h", "bidang", kD), Head("m", "dinas", acting), Member("m", "bidang")};
  const Line head = Resolve(posts, "h", "bidang");
  EXPECT_EQ(head.appraiser->person, "officials/mayor");
  EXPECT_THAT(head.passed_over.subordinate, ElementsAre("Dinas"));
  EXPECT_THAT(Explain(head).id, ::testing::HasSubstr("Dipimpin oleh bawahannya: Dinas"));
  // m stays under the definitive head: the better right counts.
  EXPECT_EQ(Resolve(posts, "m", "bidang").appraiser->person, "h");
  EXPECT_EQ(Resolve(posts, "m", "bidang").next_appraiser->person, "officials/mayor");
  // Others of the bidang are not concerned.
  EXPECT_EQ(Resolve(posts, "x", "bidang").next_appraiser->person, "m");
  // Without knowing where m stands there is no such rule: the control.
  const std::vector<Post> blind = {Head("h", "bidang", kD), Head("m", "dinas", acting)};
  EXPECT_EQ(Resolve(blind, "h", "bidang").appraiser->person, "m");
}

TEST_F(HeadCalendarTest, GivesNeitherOfTwoWhoActForEachOther) {
  units_.push_back({"other", "Dinas Lain", "city"});
  const auto acting = v1::Assignment::ACTING;
  const std::vector<Post> posts = {Member("p", "dinas"),
                                   Head("p", "other", acting),
                                   Member("q", "other"),
                                   Head("q", "dinas", acting)};
  EXPECT_EQ(Resolve(posts, "p", "dinas").appraiser->person, "officials/mayor");
  EXPECT_EQ(Resolve(posts, "q", "other").appraiser->person, "officials/mayor");
}

TEST_F(HeadCalendarTest, CutsAHeadsYearWhereTheActingHeadAboveMoves) {
  // m acts for the dinas all year, and is a member of h's bidang until the end of April.
  const absl::CivilDay move(2025, 5, 1);
  const std::vector<Post> posts = {Head("h", "bidang", kD),
                                   Head("m", "dinas", v1::Assignment::ACTING),
                                   Member("m", "bidang", kFirst, move - 1),
                                   Member("m", "city", move)};
  std::vector<Segment> segments;
  HeadCalendar(units_, posts, terms_, kFirst, kLast)
      .Cut(std::vector<Post>{Head("h", "bidang", kD)}, segments);
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[0].line.appraiser->person, "officials/mayor");
  EXPECT_EQ(segments[0].last, move - 1);
  EXPECT_EQ(segments[1].line.appraiser->person, "m");
}

TEST_F(HeadCalendarTest, SaysWhichLevelHasNoHeadAnyMore) {
  units_[0].without_head = true;
  const Line line = Resolve(std::vector<Post>{Head("b", "bidang", kD)}, "x", "seksi");
  EXPECT_EQ(line.appraiser->person, "b");
  EXPECT_THAT(line.passed_over.vacant, IsEmpty());
  EXPECT_THAT(line.passed_over.without_head, ElementsAre("Seksi"));
  EXPECT_THAT(Explain(line).en, ::testing::HasSubstr("Levels without a post of head: Seksi"));
}

TEST_F(HeadCalendarTest, FollowsTheTreeOfTheDay) {
  // The bidang moves from the dinas to the new agency on 1 July, under a new name.
  const absl::CivilDay move(2025, 7, 1);
  units_ = {{"city", "Kota", ""},
            {"dinas", "Dinas", "city"},
            {"badan", "Badan", "city", absl::CivilDay(2025, 3, 1)},
            {"bidang", "Bidang", "dinas", absl::CivilDay::min(), move - 1},
            {"bidang", "Bidang Baru", "badan", move}};
  const std::vector<Post> posts = {Head("d", "dinas", kD), Head("b", "badan", kD)};
  EXPECT_EQ(Resolve(posts, "x", "bidang", move - 1).appraiser->person, "d");
  const Line after = Resolve(posts, "x", "bidang", move);
  EXPECT_EQ(after.appraiser->person, "b");
  EXPECT_THAT(after.unit_path, ElementsAre("bidang", "badan", "city"));
  EXPECT_THAT(after.passed_over.vacant, ElementsAre("Bidang Baru"));
  std::vector<Segment> segments;
  const HeadCalendar calendar(units_, posts, terms_, kFirst, kLast);
  calendar.Cut(std::vector<Post>{Member("x", "bidang")}, segments);
  ASSERT_EQ(segments.size(), 2u);
  EXPECT_EQ(segments[1].first, move);
  // Nobody stands in a unit before its first day.
  EXPECT_THAT(calendar.Resolve("x", "badan", absl::CivilDay(2025, 2, 28)),
              HasReason(v1::NO_APPRAISER));
}

TEST_F(HeadCalendarTest, LeadsFromAnAbolishedUnitToWhatTookItsPlace) {
  const absl::CivilDay end(2025, 4, 1);
  units_ = {{"city", "Kota", ""},
            {"dinas", "Dinas", "city"},
            {"a", "Bidang A", "dinas", absl::CivilDay::min(), end - 1},
            {"a", "Bidang A", "b", end, absl::CivilDay::max(), false, true},
            {"b", "Bidang B", "dinas"}};
  // The head of the abolished unit is none any more, though nobody ended the post.
  const std::vector<Post> posts = {
      Head("old", "a", kD), Head("new", "b", kD), Head("d", "dinas", kD)};
  EXPECT_EQ(Resolve(posts, "x", "a", end - 1).appraiser->person, "old");
  const Line line = Resolve(posts, "x", "a", end);
  EXPECT_EQ(line.appraiser->person, "new");
  EXPECT_THAT(line.passed_over.abolished, ElementsAre("Bidang A"));
  EXPECT_EQ(Resolve(posts, "old", "a", end).appraiser->person, "new");
  EXPECT_FALSE(Resolve(posts, "old", "a", end).leads_unit);
}

}  // namespace
}  // namespace teraju::identity::domain
