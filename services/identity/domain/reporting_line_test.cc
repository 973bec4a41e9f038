#include "services/identity/domain/reporting_line.h"

#include <map>
#include <tuple>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/domain/import_assignments.h"
#include "services/identity/domain/test_data.h"
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

  std::vector<TreeUnit> units_ = {{"seksi", "Seksi", "bidang"},
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
  EXPECT_THAT(line.vacant, IsEmpty());
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
  EXPECT_THAT(line.vacant, ElementsAre("Seksi", "Bidang"));
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

// --- The whole city, against a second, naive implementation that walks day by day over the raw
// rows.

struct City {
  std::vector<TreeUnit> units;
  std::vector<Post> posts;
};

City LoadDumai() {
  City city;
  std::map<std::string, std::string> names;
  const std::vector<CsvRecord> units = ReadTestRecords("kota-dumai/hierarki-unor.csv");
  for (std::size_t i = 1; i < units.size(); ++i) {
    city.units.push_back({units[i].cells[0], units[i].cells[1], units[i].cells[2]});
    names[units[i].cells[0]] = units[i].cells[1];
  }
  const std::vector<CsvRecord> rows = ReadTestRecords("kota-dumai/penugasan.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& cells = rows[i].cells;
    const v1::Assignment::Kind kind = ParseAssignmentKind(cells[3]);
    city.posts.push_back({cells[0],
                          cells[1],
                          cells[2],
                          kind,
                          LeadsUnit(kind, cells[2], names[cells[1]]),
                          *ParseDay(cells[4]),
                          ParseDay(cells[5]).value_or(absl::CivilDay::max())});
  }
  return city;
}

// The rule by its words, one day and one unit at a time, sharing nothing with the code under test.
class NaiveCity {
 public:
  explicit NaiveCity(const City& city) {
    std::map<std::string, std::vector<const Post*>> heads;
    for (const Post& post : city.posts) {
      if (post.leads_unit) heads[post.unit].push_back(&post);
    }
    for (const TreeUnit& unit : city.units) {
      Unit& mine = units_[unit.id];
      mine.parent = unit.parent.empty() ? nullptr : &units_[unit.parent];
      for (absl::CivilDay day = kFirst; day <= kLast; ++day) {
        mine.heads.push_back(unit.parent.empty() ? "officials/mayor" : HeadOf(heads[unit.id], day));
      }
    }
  }

  // Appraiser and next appraiser.
  std::pair<std::string, std::string> Appraisers(const std::string& person,
                                                 const std::string& unit,
                                                 absl::CivilDay day) const {
    std::vector<std::string> found;
    for (const Unit* at = &units_.at(unit); at != nullptr; at = at->parent) {
      const std::string& head = at->heads[day - kFirst];
      if (!head.empty() && head != person && (found.empty() || found[0] != head))
        found.push_back(head);
    }
    found.resize(2);
    return {found[0], found[1]};
  }

 private:
  struct Unit {
    const Unit* parent = nullptr;
    std::vector<std::string> heads;  // by day
  };

  static std::string HeadOf(const std::vector<const Post*>& posts, absl::CivilDay day) {
    for (const auto kind : {v1::Assignment::DEFINITIVE,
                            v1::Assignment::APPOINTED_ACTING,
                            v1::Assignment::ACTING,
                            v1::Assignment::DAILY_ACTING,
                            v1::Assignment::ADDITIONAL}) {
      for (const Post* post : posts) {
        if (post->kind == kind && post->first <= day && day <= post->last) return post->person;
      }
    }
    return "";
  }

  std::map<std::string, Unit> units_;
};

TEST(Dumai, SegmentsAgreeWithADayByDayCheckOnEveryPersonDay) {
  const City city = LoadDumai();
  const NaiveCity naive(city);
  std::string root;
  for (const TreeUnit& unit : city.units) {
    if (unit.parent.empty()) root = unit.id;
  }
  const std::vector<Term> terms = {{"officials/mayor", root, absl::CivilDay(2021, 2, 26)}};
  const HeadCalendar calendar(city.units, city.posts, terms, kFirst, kLast);
  std::map<std::string, std::vector<Post>> definitive;
  for (const Post& post : city.posts) {
    if (post.kind == kD) definitive[post.person].push_back(post);
  }
  ASSERT_EQ(definitive.size(), 4200u);

  std::int64_t person_days = 0;
  std::size_t disagreements = 0;
  std::size_t cut = 0;
  for (const auto& [person, posts] : definitive) {
    std::vector<Segment> segments;
    calendar.Cut(posts, segments);
    cut += segments.size();
    auto segment = segments.begin();
    for (absl::CivilDay day = kFirst; day <= kLast; ++day) {
      const auto post = std::find_if(posts.begin(), posts.end(), [&](const Post& p) {
        return p.first <= day && day <= p.last;
      });
      while (segment != segments.end() && segment->last < day) ++segment;
      const bool in_segment = segment != segments.end() && segment->first <= day;
      ASSERT_EQ(in_segment, post != posts.end()) << FormatDay(day);
      if (!in_segment) continue;
      ++person_days;
      const auto [appraiser, next] = naive.Appraisers(person, post->unit, day);
      const bool agree = segment->line.unit == post->unit && segment->title == post->title &&
                         segment->line.appraiser->person == appraiser && appraiser != person;
      if (!agree) ++disagreements;
      // The single question must say the same as the segments; asking it weekly keeps the test
      // short.
      if (day.day() % 7 != 0) continue;
      const auto line = calendar.Resolve(person, post->unit, day);
      ASSERT_TRUE(line.ok());
      if (line->appraiser->person != appraiser ||
          (line->next_appraiser ? line->next_appraiser->person : "") != next) {
        ++disagreements;
      }
    }
  }
  EXPECT_EQ(disagreements, 0u);
  EXPECT_EQ(person_days, 1'476'851);
  EXPECT_EQ(cut, 5275u);
  RecordProperty("person_days", std::to_string(person_days));
  RecordProperty("segments", std::to_string(cut));
}

}  // namespace
}  // namespace teraju::identity::domain
