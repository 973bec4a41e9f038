// A whole city through a year, against a second, naive implementation that walks day by day over
// the raw rows and shares nothing with the code under test.
#include <map>

#include "gtest/gtest.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/domain/head_calendar.h"
#include "services/identity/domain/import_assignments.h"
#include "services/identity/domain/test_data.h"

namespace teraju::identity::domain {
namespace {

constexpr absl::CivilDay kNewYear(2025, 1, 1);
constexpr absl::CivilDay kNewYearsEve(2025, 12, 31);
constexpr char kMayor[] = "officials/mayor";

struct City {
  std::vector<UnitState> units;
  std::vector<Post> posts;
};

City LoadDumai() {
  City city;
  std::map<std::string, std::string> names;
  const std::vector<csv::Record> units = ReadTestRecords("kota-dumai/hierarki-unor.csv");
  for (std::size_t i = 1; i < units.size(); ++i) {
    city.units.push_back({units[i].cells[0], units[i].cells[1], units[i].cells[2]});
    names[units[i].cells[0]] = units[i].cells[1];
  }
  const std::vector<csv::Record> rows = ReadTestRecords("kota-dumai/penugasan.csv");
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

// The rule by its words, one day and one unit at a time.
class NaiveCity {
 public:
  explicit NaiveCity(const City& city) {
    std::map<std::string, std::vector<const Post*>> heads;
    for (const Post& post : city.posts) {
      if (post.leads_unit) heads[post.unit].push_back(&post);
      if (post.kind == v1::Assignment::DEFINITIVE) definitive_[post.person].push_back(&post);
    }
    for (const UnitState& unit : city.units) {
      Unit& mine = units_[unit.id];
      mine.parent = unit.parent.empty() ? nullptr : &units_[unit.parent];
      for (absl::CivilDay day = kNewYear; day <= kNewYearsEve; ++day) {
        mine.heads.push_back(unit.parent.empty() ? Held{kMayor, 0} : HeadOf(heads[unit.id], day));
        if (!mine.heads.back().person.empty()) leaders_.insert({mine.heads.back().person, true});
      }
    }
  }

  // Appraiser and next appraiser.
  std::pair<std::string, std::string> Appraisers(const std::string& person,
                                                 const std::string& unit,
                                                 absl::CivilDay day) const {
    std::vector<std::string> found;
    for (const Unit* at = &units_.at(unit); at != nullptr; at = at->parent) {
      const std::string& head = at->heads[day - kNewYear].person;
      if (head.empty() || head == person || (!found.empty() && found[0] == head)) continue;
      if (StandsBelow(head, person, unit, day)) continue;
      found.push_back(head);
    }
    found.resize(2);
    return {found[0], found[1]};
  }

 private:
  struct Held {
    std::string person;
    int right = 0;  // 0 is the best
  };
  struct Unit {
    const Unit* parent = nullptr;
    std::vector<Held> heads;  // by day
  };
  static constexpr int kNone = 99;

  // The best right by which `leader` leads whoever stands in `unit`.
  int Right(const std::string& leader, const std::string& unit, absl::CivilDay day) const {
    int best = kNone;
    for (const Unit* at = &units_.at(unit); at != nullptr; at = at->parent) {
      const Held& held = at->heads[day - kNewYear];
      if (held.person == leader) best = std::min(best, held.right);
    }
    return best;
  }
  bool StandsBelow(const std::string& head,
                   const std::string& person,
                   const std::string& unit,
                   absl::CivilDay day) const {
    if (!leaders_.contains(person)) return false;
    const auto posts = definitive_.find(head);
    if (posts == definitive_.end()) return false;
    for (const Post* post : posts->second) {
      if (day < post->first || day > post->last) continue;
      const int right = Right(person, post->unit, day);
      return right != kNone && right <= Right(head, unit, day);
    }
    return false;
  }
  static Held HeadOf(const std::vector<const Post*>& posts, absl::CivilDay day) {
    int right = 0;
    for (const auto kind : {v1::Assignment::DEFINITIVE,
                            v1::Assignment::APPOINTED_ACTING,
                            v1::Assignment::ACTING,
                            v1::Assignment::DAILY_ACTING,
                            v1::Assignment::ADDITIONAL}) {
      ++right;
      for (const Post* post : posts) {
        if (post->kind == kind && post->first <= day && day <= post->last)
          return {post->person, right};
      }
    }
    return {};
  }

  std::map<std::string, Unit> units_;
  std::map<std::string, std::vector<const Post*>> definitive_;
  std::map<std::string, bool> leaders_;
};

TEST(Dumai, SegmentsAgreeWithADayByDayCheckOnEveryPersonDay) {
  const City city = LoadDumai();
  const NaiveCity naive(city);
  std::string root;
  for (const UnitState& unit : city.units) {
    if (unit.parent.empty()) root = unit.id;
  }
  const std::vector<Term> terms = {{kMayor, root, absl::CivilDay(2021, 2, 26)}};
  const HeadCalendar calendar(city.units, city.posts, terms, kNewYear, kNewYearsEve);
  std::map<std::string, std::vector<Post>> definitive;
  for (const Post& post : city.posts) {
    if (post.kind == v1::Assignment::DEFINITIVE) definitive[post.person].push_back(post);
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
    for (absl::CivilDay day = kNewYear; day <= kNewYearsEve; ++day) {
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
