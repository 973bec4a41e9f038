#include "services/evaluation/domain/public_report.h"

#include <algorithm>
#include <random>

#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::Gt;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

std::vector<std::string> Path(const std::string& unit) { return {unit, "kota"}; }

void Add(std::vector<AppraisedPerson>& people,
         int number,
         const std::vector<std::string>& path,
         v1::Predicate predicate,
         PublicObjection objection = PublicObjection::kNone) {
  people.insert(people.end(), static_cast<std::size_t>(number), {path, predicate, objection});
}

const PublicRow& RowOf(const std::vector<PublicRow>& rows, const std::string& unit) {
  return *std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.unit == unit; });
}

// The rows with everything shown that may be.
std::vector<PublicRow> Protected(const std::vector<AppraisedPerson>& people, int threshold = 3) {
  std::vector<PublicRow> rows = CountPublic(people);
  WithholdSmall(threshold, rows);
  WithholdComplements(people, threshold, rows);
  return rows;
}

TEST(CountPublic, CountsEverybodyInTheUnitAndAbove) {
  std::vector<AppraisedPerson> people;
  Add(people, 4, {"loket", "dinas", "kota"}, v1::GOOD);
  Add(people, 2, Path("dinas"), v1::POOR, PublicObjection::kUpheld);
  const std::vector<PublicRow> rows = CountPublic(people);
  ASSERT_THAT(rows, SizeIs(3));
  EXPECT_EQ(rows[0].unit, "kota");
  EXPECT_EQ(rows[0].parent, "");
  EXPECT_THAT(rows[0].counts, ElementsAre(6, 0, 4, 0, 2, 0, 2, 2, 0, 0, 0));
  EXPECT_EQ(rows[2].unit, "loket");
  EXPECT_EQ(rows[2].parent, "dinas");
  EXPECT_EQ(rows[2].counts[kAppraised], 4);
}

TEST(WithholdSmall, HidesWhatIsBelowTheThresholdAndZero) {
  std::vector<AppraisedPerson> people;
  Add(people, 7, Path("a"), v1::GOOD);
  Add(people, 2, Path("a"), v1::POOR);
  std::vector<PublicRow> rows = CountPublic(people);
  WithholdSmall(3, rows);
  const v1::PublicUnit unit = ToPublicUnit(RowOf(rows, "a"));
  EXPECT_EQ(unit.appraised(), 9);
  EXPECT_EQ(unit.good(), 7);
  EXPECT_FALSE(unit.has_poor());
  EXPECT_FALSE(unit.has_very_good());
}

// Two people of unit `a` are Kurang. They are withheld, and everything says who they are all the
// same: the whole of the unit less what is shown, and the city's three less the one of unit `b`.
TEST(WithholdComplements, ThePlantedCellFollowsBySubtractionWithoutThemAndNotWithThem) {
  std::vector<AppraisedPerson> people;
  Add(people, 10, Path("a"), v1::GOOD);
  Add(people, 4, Path("a"), v1::VERY_GOOD);
  Add(people, 2, Path("a"), v1::POOR);
  Add(people, 12, Path("b"), v1::GOOD);
  Add(people, 5, Path("b"), v1::VERY_GOOD);
  Add(people, 6, Path("b"), v1::POOR);
  std::vector<PublicRow> rows = CountPublic(people);
  WithholdSmall(3, rows);
  ASSERT_FALSE(RowOf(rows, "a").shown[kPoor]);
  // The control: without the complements the two are found, by row and by column.
  const PublicRow& a = RowOf(rows, "a");
  EXPECT_EQ(a.counts[kAppraised] - a.counts[kGood] - a.counts[kVeryGood], 2);
  EXPECT_EQ(RowOf(rows, "kota").counts[kPoor] - RowOf(rows, "b").counts[kPoor], 2);
  EXPECT_THAT(statistics::AuditPublication(PublicationOf(people, 3, rows)), Not(IsEmpty()));

  WithholdComplements(people, 3, rows);
  EXPECT_THAT(statistics::AuditPublication(PublicationOf(people, 3, rows)), IsEmpty());
  EXPECT_FALSE(RowOf(rows, "a").shown[kVeryGood]);  // goes with the two
  EXPECT_TRUE(RowOf(rows, "kota").shown[kAppraised]);
}

TEST(WithholdComplements, HideThatEverybodyHasTheSamePredicate) {
  std::vector<AppraisedPerson> people;
  Add(people, 8, Path("a"), v1::VERY_POOR);
  Add(people, 9, Path("b"), v1::GOOD);
  Add(people, 5, Path("b"), v1::VERY_POOR);
  std::vector<PublicRow> rows = CountPublic(people);
  WithholdSmall(3, rows);
  EXPECT_THAT(statistics::AuditPublication(PublicationOf(people, 3, rows)), Not(IsEmpty()));
  WithholdComplements(people, 3, rows);
  EXPECT_FALSE(RowOf(rows, "a").shown[kVeryPoor]);
  EXPECT_THAT(statistics::AuditPublication(PublicationOf(people, 3, rows)), IsEmpty());
}

TEST(WithholdComplements, TheHeadOfAUnitIsNotWhatIsLeftOfIt) {
  std::vector<AppraisedPerson> people;
  Add(people, 1, Path("dinas"), v1::POOR);
  for (const char* section : {"s1", "s2", "s3"}) {
    Add(people, 6, {section, "dinas", "kota"}, v1::GOOD);
    Add(people, 4, {section, "dinas", "kota"}, v1::POOR);
  }
  const std::vector<PublicRow> rows = Protected(people);
  int shown = 0;
  for (const char* section : {"s1", "s2", "s3"}) shown += RowOf(rows, section).shown[kPoor];
  EXPECT_FALSE(RowOf(rows, "dinas").shown[kPoor] && shown == 3);
  EXPECT_THAT(statistics::AuditPublication(PublicationOf(people, 3, rows)), IsEmpty());
}

TEST(WithholdComplements, ObjectionsToo) {
  std::vector<AppraisedPerson> people;
  Add(people, 20, Path("a"), v1::GOOD);
  Add(people, 4, Path("a"), v1::GOOD, PublicObjection::kUpheld);
  Add(people, 1, Path("a"), v1::POOR, PublicObjection::kChanged);
  Add(people, 20, Path("b"), v1::GOOD);
  const std::vector<PublicRow> rows = Protected(people);
  const PublicRow& a = RowOf(rows, "a");
  EXPECT_TRUE(a.shown[kAppraised]);
  EXPECT_FALSE(a.shown[kObjections] && a.shown[kObjectionsUpheld]);
  EXPECT_THAT(statistics::AuditPublication(PublicationOf(people, 3, rows)), IsEmpty());
}

// Cities of three levels with people drawn at random.
std::vector<AppraisedPerson> DrawCity(std::mt19937_64& random, int offices, int sections) {
  std::vector<AppraisedPerson> people;
  const auto draw = [&](const std::vector<std::string>& path) {
    const auto predicate = static_cast<v1::Predicate>(
        1 + std::min<int>(4, std::binomial_distribution<int>(4, 0.3)(random)));
    const bool objects = random() % 12 == 0;
    people.push_back(
        {path,
         predicate,
         objects ? static_cast<PublicObjection>(1 + random() % 4) : PublicObjection::kNone});
  };
  for (int office = 0; office < offices; ++office) {
    const std::string name = "d" + std::to_string(office);
    draw({name, "kota"});
    for (int section = 0; section < sections; ++section) {
      const std::string below = name + "s" + std::to_string(section);
      for (int i = static_cast<int>(random() % 20); i >= 0; --i) draw({below, name, "kota"});
    }
  }
  return people;
}

TEST(WithholdComplements, NothingFollowsInCitiesDrawnAtRandom) {
  std::mt19937_64 random(20251231);
  int leaking_without = 0;
  for (int city = 0; city < 60; ++city) {
    const std::vector<AppraisedPerson> people = DrawCity(random, 1 + city % 5, 1 + city % 4);
    std::vector<PublicRow> rows = CountPublic(people);
    WithholdSmall(3, rows);
    leaking_without += !statistics::AuditPublication(PublicationOf(people, 3, rows)).empty();
    WithholdComplements(people, 3, rows);
    EXPECT_THAT(statistics::AuditPublication(PublicationOf(people, 3, rows)), IsEmpty()) << city;
    for (const PublicRow& row : rows) {
      for (int count = 0; count < kPublicCounts; ++count) {
        EXPECT_TRUE(!row.shown[count] || row.counts[count] >= 3);
      }
    }
  }
  EXPECT_THAT(leaking_without, Gt(50));  // the control
}

TEST(WithholdComplements, ACityKeepsMostOfItsLargeCounts) {
  std::mt19937_64 random(7);
  const std::vector<AppraisedPerson> people = DrawCity(random, 25, 5);
  const std::vector<PublicRow> rows = Protected(people);
  EXPECT_THAT(rows, SizeIs(151));
  int large = 0, shown = 0;
  for (const PublicRow& row : rows) {
    if (row.counts[kAppraised] < 10) continue;
    ++large;
    shown += row.shown[kAppraised];
  }
  EXPECT_GT(shown, large * 8 / 10);
  EXPECT_TRUE(rows.front().shown[kAppraised]);
}

}  // namespace
}  // namespace teraju::evaluation::domain
