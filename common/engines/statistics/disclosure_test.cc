#include "common/engines/statistics/disclosure.h"

#include <algorithm>
#include <functional>
#include <numeric>
#include <random>
#include <set>

#include "common/engines/statistics/group_report.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

Decimal D(std::string_view text) { return Decimal::Parse(text).value(); }

std::vector<int> Range(int from, int to) {
  std::vector<int> result(to - from);
  std::iota(result.begin(), result.end(), from);
  return result;
}

// The sum over some answers, without its value.
PublishedNumber Sum(const std::vector<int>& answers) {
  PublishedNumber number;
  for (const int answer : answers) number.terms.push_back({answer, 1});
  return number;
}

// Every answer by another person.
Publication Of(int answers, std::vector<PublishedNumber> numbers, int threshold = 3) {
  return {Range(0, answers), {}, std::move(numbers), threshold};
}

std::vector<std::vector<int>> Persons(const std::vector<Leak>& leaks) {
  std::vector<std::vector<int>> persons;
  for (const Leak& leak : leaks) persons.push_back(leak.persons);
  return persons;
}

TEST(AuditPublication, PassesGroupsThatAreLargeEnough) {
  EXPECT_THAT(AuditPublication(Of(10, {Sum(Range(0, 3)), Sum(Range(3, 10)), Sum(Range(0, 10))})),
              IsEmpty());
}

TEST(AuditPublication, FindsASmallGroup) {
  EXPECT_THAT(Persons(AuditPublication(Of(5, {Sum({1, 2}), Sum(Range(0, 5))}))),
              ElementsAre(ElementsAre(1, 2)));
  // The control: a lower threshold allows it, a higher one refuses more.
  EXPECT_THAT(AuditPublication(Of(5, {Sum({1, 2})}, 2)), IsEmpty());
  EXPECT_THAT(AuditPublication(Of(5, {Sum(Range(0, 4))}, 5)), Not(IsEmpty()));
}

TEST(AuditPublication, FindsThatACellIsEmpty) {
  // Five people and an empty cell: the five are all there are, so the sixth cell holds nobody.
  Publication publication = Of(5, {Sum(Range(0, 6)), Sum(Range(0, 5))});
  publication.person.push_back(kNobody);
  EXPECT_THAT(Persons(AuditPublication(publication)), ElementsAre(IsEmpty()));
  // The control: with three more people in that cell the difference tells nothing.
  publication = Of(8, {Sum(Range(0, 9)), Sum(Range(0, 5))});
  publication.person.push_back(kNobody);
  EXPECT_THAT(AuditPublication(publication), IsEmpty());
}

TEST(AuditPublication, FindsWhatIsLeftOfATotal) {
  // The whole less two shown groups: persons 7 and 8.
  EXPECT_THAT(
      Persons(AuditPublication(Of(9, {Sum(Range(0, 9)), Sum(Range(0, 4)), Sum(Range(4, 7))}))),
      ElementsAre(ElementsAre(7, 8)));
}

TEST(AuditPublication, FindsTheRaterWhoCameLater) {
  // A rolling release: a mean of three, then of four.
  EXPECT_THAT(Persons(AuditPublication(Of(4, {Sum(Range(0, 3)), Sum(Range(0, 4))}))),
              ElementsAre(ElementsAre(3)));
}

TEST(AuditPublication, FindsWhatOnlyThreeCutsTogetherShow) {
  // a+b+c, c+d+e, a+b+d+e, of groups of two: every pair follows.
  const std::vector<int> a = {0, 1};
  const auto join = [](std::vector<int> x, const std::vector<int>& y) {
    x.insert(x.end(), y.begin(), y.end());
    return x;
  };
  const auto leaks = AuditPublication(
      Of(6, {Sum(join(a, {2, 3})), Sum(join({2, 3}, {4, 5})), Sum(join(a, {4, 5}))}));
  EXPECT_THAT(Persons(leaks),
              UnorderedElementsAre(ElementsAre(0, 1), ElementsAre(2, 3), ElementsAre(4, 5)));
}

TEST(AuditPublication, CountsPersonsAndNotAnswers) {
  // Four answers of two persons.
  Publication publication = Of(4, {Sum(Range(0, 4))});
  publication.person = {0, 0, 1, 1};
  EXPECT_THAT(Persons(AuditPublication(publication)), ElementsAre(ElementsAre(0, 1)));
  // A person's mean over items, from the items' means and the mean of all but one person.
  Publication items = Of(8, {});
  items.person = {0, 1, 2, 3, 0, 1, 2, 3};
  items.numbers = {Sum({0, 1, 2, 3}), Sum({4, 5, 6, 7}), Sum({0, 1, 2, 4, 5, 6})};
  EXPECT_THAT(Persons(AuditPublication(items)), ElementsAre(ElementsAre(3)));
}

TEST(AuditPublication, TakesOpenAnswersOut) {
  // Superior (0) and three peers: the superior's answer alone is no leak, and it does not hide.
  Publication publication = Of(4, {Sum({0}), Sum(Range(0, 4))});
  publication.open_answers = {{0, 4}};
  EXPECT_THAT(AuditPublication(publication), IsEmpty());
  publication.numbers.push_back(Sum({0, 1, 2}));
  EXPECT_THAT(Persons(AuditPublication(publication)),
              ElementsAre(ElementsAre(1, 2), ElementsAre(3)));
}

TEST(AuditPublication, WeighsCoefficients) {
  PublishedNumber weighted = Sum(Range(0, 6));
  for (int i = 3; i < 6; ++i) weighted.terms[i].coefficient = Rational(1, 3);
  EXPECT_THAT(AuditPublication(Of(6, {weighted, Sum(Range(0, 6))})), IsEmpty());
  weighted.terms[3].coefficient = 1;
  EXPECT_THAT(AuditPublication(Of(6, {weighted, Sum(Range(0, 6))})), Not(IsEmpty()));
}

TEST(AuditPublication, SaysWhenItCannotBeSure) {
  // Hundreds of overlapping pairs of small groups, a threshold of five.
  std::vector<PublishedNumber> chain;
  for (int i = 0; i + 1 < 400; ++i) chain.push_back(Sum({i, i + 1}));
  const auto leaks = AuditPublication(Of(400, chain, 5));
  ASSERT_THAT(leaks, Not(IsEmpty()));
  EXPECT_EQ(leaks[0].kind, LeakKind::kUnverified);
}

PublishedNumber Mean(const std::vector<int>& values, const std::vector<int>& answers, int digits) {
  std::int64_t sum = 0;
  for (const int a : answers) sum += values[a];
  const Rational mean(sum, static_cast<std::int64_t>(answers.size()));
  return MeanOf("mean", answers, Round(mean, digits, Rounding::kHalfUp));
}

TEST(AuditPublication, FindsUnanimousExtremes) {
  const std::vector<int> all_best(6, 5);
  const auto leaks = AuditPublication(Of(6, {Mean(all_best, Range(0, 6), 1)}));
  ASSERT_EQ(leaks.size(), 1u);
  EXPECT_EQ(leaks[0].kind, LeakKind::kAtTheBounds);
  EXPECT_THAT(leaks[0].answers, ElementsAre(0, 1, 2, 3, 4, 5));
  // Rounding hides one who differs among many.
  std::vector<int> many(60, 5);
  EXPECT_THAT(AuditPublication(Of(60, {Mean(many, Range(0, 60), 1)})), IsEmpty());
  // The same mean in the middle of the scale tells nothing about anybody.
  const std::vector<int> middle(6, 3);
  EXPECT_THAT(AuditPublication(Of(6, {Mean(middle, Range(0, 6), 1)})), IsEmpty());
}

TEST(AuditPublication, FindsExtremesBySubtraction) {
  // Seven answers with the mean 3.86 (27), four of them with the mean 3.00 (12): the rest are 5.
  const std::vector<int> values = {3, 3, 3, 3, 5, 5, 5};
  const auto leaks =
      AuditPublication(Of(7, {Mean(values, Range(0, 7), 2), Mean(values, Range(0, 4), 2)}));
  ASSERT_EQ(leaks.size(), 1u);
  EXPECT_THAT(leaks[0].answers, ElementsAre(4, 5, 6));
}

// All ways in which answers could have given what is printed.
std::set<int> TrulyDetermined(const Publication& publication, const std::vector<int>& truth) {
  const int n = static_cast<int>(truth.size());
  std::vector<std::set<int>> possible(n);
  std::vector<int> values(n, 1);
  for (;;) {
    const bool fits = std::all_of(
        publication.numbers.begin(), publication.numbers.end(), [&](const PublishedNumber& number) {
          Rational sum;
          for (const auto& term : number.terms) sum += term.coefficient * values[term.answer];
          return *number.least <= sum && sum < *number.most;
        });
    for (int i = 0; fits && i < n; ++i) possible[i].insert(values[i]);
    int i = 0;
    while (i < n && ++values[i] > 3) values[i++] = 1;
    if (i == n) break;
  }
  std::set<int> determined;
  for (int i = 0; i < n; ++i) {
    if (possible[i].size() == 1) determined.insert(i);
  }
  return determined;
}

TEST(AuditPublication, BoundsAreFoundAsEnumerationFindsThem) {
  std::mt19937_64 random(1);
  int leaking = 0;
  for (int round = 0; round < 150; ++round) {
    std::vector<int> values(7);
    for (int& value : values) value = 1 + static_cast<int>(random() % 3 * (random() % 4) > 0) * 2;
    // Nested groups, as unit and subunit are.
    Publication publication = Of(7, {Mean(values, Range(0, 7), 2), Mean(values, Range(0, 4), 2)});
    publication.scale_maximum = 3;
    std::set<int> found;
    for (const Leak& leak : AuditPublication(publication)) {
      found.insert(leak.answers.begin(), leak.answers.end());
    }
    EXPECT_EQ(found, TrulyDetermined(publication, values)) << round;
    leaking += found.empty() ? 0 : 1;
  }
  EXPECT_GT(leaking, 10);
  EXPECT_LT(leaking, 140);
}

// Gauss over the rationals, as a second opinion.
int Rank(std::vector<std::vector<Rational>> rows) {
  int rank = 0;
  const std::size_t columns = rows.empty() ? 0 : rows[0].size();
  for (std::size_t c = 0; c < columns; ++c) {
    const auto pivot =
        std::find_if(rows.begin() + rank, rows.end(), [&](const auto& row) { return row[c] != 0; });
    if (pivot == rows.end()) continue;
    std::swap(rows[rank], *pivot);
    for (std::size_t r = rank + 1; r < rows.size(); ++r) {
      const Rational factor = rows[r][c] / rows[rank][c];
      for (std::size_t k = c; factor != 0 && k < columns; ++k) {
        rows[r][k] -= factor * rows[rank][k];
      }
    }
    ++rank;
  }
  return rank;
}

// Whether something about these persons alone lies in the row space: leaving their columns out then
// lowers the rank.
bool IsDetermined(const Publication& publication, const std::set<int>& persons) {
  const auto matrix = [&](bool without) {
    std::vector<std::vector<Rational>> rows;
    for (const PublishedNumber& number : publication.numbers) {
      std::vector<Rational> row(publication.person.size());
      for (const auto& term : number.terms) {
        if (without && persons.contains(publication.person[term.answer])) continue;
        row[term.answer] += term.coefficient;
      }
      rows.push_back(row);
    }
    return rows;
  };
  return Rank(matrix(true)) < Rank(matrix(false));
}

TEST(AuditPublication, AgreesWithRationalElimination) {
  std::mt19937_64 random(7);
  int leaking = 0;
  for (int round = 0; round < 300; ++round) {
    const int answers = 6 + static_cast<int>(random() % 6);
    Publication publication = Of(answers, {});
    if (round % 2 == 1) {
      for (int& person : publication.person) person /= 2;
    }
    for (int n = 1 + static_cast<int>(random() % 5); n > 0; --n) {
      PublishedNumber number;
      for (int a = 0; a < answers; ++a) {
        if (random() % 3 != 0) number.terms.push_back({a, Rational(1 + random() % 2, 3)});
      }
      publication.numbers.push_back(number);
    }
    std::set<std::set<int>> expected;
    const int persons = *std::max_element(publication.person.begin(), publication.person.end()) + 1;
    for (int p = 0; p < persons; ++p) {
      if (IsDetermined(publication, {p})) expected.insert({p});
    }
    for (int p = 0; p < persons; ++p) {
      for (int q = p + 1; q < persons; ++q) {
        if (expected.contains({p}) || expected.contains({q})) continue;
        if (IsDetermined(publication, {p, q})) expected.insert({p, q});
      }
    }
    std::set<std::set<int>> found;
    for (const Leak& leak : AuditPublication(publication)) {
      found.insert({leak.persons.begin(), leak.persons.end()});
    }
    // In parts that share persons, but no numbers, the same person may leak alone and with another.
    std::erase_if(found, [&](const std::set<int>& persons) {
      return std::any_of(found.begin(), found.end(), [&](const std::set<int>& other) {
        return other.size() < persons.size() &&
               std::includes(persons.begin(), persons.end(), other.begin(), other.end());
      });
    });
    EXPECT_EQ(found, expected) << round;
    leaking += !found.empty();
  }
  EXPECT_GT(leaking, 50);
  EXPECT_LT(leaking, 290);
}

TEST(AuditPublication, ThousandsOfCells) {
  // 40 units of 50 people, 10 items, sums by unit and item, by unit, by item, and of all: totals
  // depend on their parts, nothing small follows.
  Publication publication;
  std::vector<std::vector<int>> cells(400);
  for (int unit = 0; unit < 40; ++unit) {
    for (int person = 0; person < 50; ++person) {
      for (int item = 0; item < 10; ++item) {
        cells[unit * 10 + item].push_back(static_cast<int>(publication.person.size()));
        publication.person.push_back(unit * 50 + person);
      }
    }
  }
  std::vector<std::vector<int>> units(40);
  std::vector<std::vector<int>> items(10);
  for (int c = 0; c < 400; ++c) {
    publication.numbers.push_back(Sum(cells[c]));
    units[c / 10].insert(units[c / 10].end(), cells[c].begin(), cells[c].end());
    items[c % 10].insert(items[c % 10].end(), cells[c].begin(), cells[c].end());
  }
  for (const auto& unit : units) publication.numbers.push_back(Sum(unit));
  for (const auto& item : items) publication.numbers.push_back(Sum(item));
  EXPECT_THAT(AuditPublication(publication), IsEmpty());
  // The planted leak: a cut of one item that leaves one person of a unit out.
  std::vector<int> cut = cells[123];
  const int victim = cut[17];
  cut.erase(cut.begin() + 17);
  publication.numbers.push_back(Sum(cut));
  const auto leaks = AuditPublication(publication);
  ASSERT_EQ(leaks.size(), 1u);
  EXPECT_THAT(leaks[0].answers, ElementsAre(victim));
}

TEST(ProtectPublication, WithholdsUntilNothingFollows) {
  const Publication publication =
      Of(12, {Sum(Range(0, 12)), Sum(Range(0, 2)), Sum(Range(2, 7)), Sum(Range(7, 12))});
  const std::vector<bool> shown = ProtectPublication(publication);
  // The small cell, and the smallest that protects it.
  EXPECT_THAT(shown, ElementsAre(true, false, false, true));
  Publication left = publication;
  left.numbers = {publication.numbers[0], publication.numbers[3]};
  EXPECT_THAT(AuditPublication(left), IsEmpty());
  // The control: withholding the small cell alone leaves it to subtraction.
  left.numbers = {publication.numbers[0], publication.numbers[2], publication.numbers[3]};
  EXPECT_THAT(AuditPublication(left), Not(IsEmpty()));
}

TEST(ProtectPublication, KeepsMostOfATableWithTotals) {
  // Six units by four items with totals both ways; one unit has two raters.
  Publication publication;
  std::vector<std::vector<int>> units(6);
  std::vector<std::vector<int>> items(4);
  std::vector<int> all;
  for (int unit = 0; unit < 6; ++unit) {
    for (int item = 0; item < 4; ++item) {
      std::vector<int> cell;
      for (int person = 0; person < 2 + 2 * unit; ++person) {
        cell.push_back(static_cast<int>(publication.person.size()));
        publication.person.push_back(100 * unit + person);
      }
      publication.numbers.push_back(Sum(cell));
      for (auto* total : {&units[unit], &items[item], &all}) {
        total->insert(total->end(), cell.begin(), cell.end());
      }
    }
  }
  for (const auto& unit : units) publication.numbers.push_back(Sum(unit));
  for (const auto& item : items) publication.numbers.push_back(Sum(item));
  publication.numbers.push_back(Sum(all));
  const std::vector<bool> shown = ProtectPublication(publication);
  Publication left = publication;
  left.numbers.clear();
  for (std::size_t n = 0; n < shown.size(); ++n) {
    if (shown[n]) left.numbers.push_back(publication.numbers[n]);
  }
  EXPECT_THAT(AuditPublication(left), IsEmpty());
  EXPECT_TRUE(shown.back());
  // The small unit's four cells and total, and as many of another.
  EXPECT_EQ(std::count(shown.begin(), shown.end(), false), 10);
}

// Raters of one group about one ratee: three items, now and then one left out.
struct DrawnGroup {
  GroupAnswers answers;
  std::vector<std::vector<int>> item_answers;  // in the publication
};

DrawnGroup DrawGroup(const char* name,
                     int raters,
                     std::mt19937_64& random,
                     Publication& publication) {
  DrawnGroup group{{name, raters, {{"a"}, {"b"}, {"c"}}}, std::vector<std::vector<int>>(3)};
  const int first = publication.person.empty() ? 0 : publication.person.back() + 1;
  for (int rater = 0; rater < raters; ++rater) {
    for (int item = 0; item < 3; ++item) {
      if (random() % 5 == 0) continue;
      group.item_answers[item].push_back(static_cast<int>(publication.person.size()));
      publication.person.push_back(first + rater);
      group.answers.items[item].sum += 2 + static_cast<int>(random() % 3);
      ++group.answers.items[item].answers;
    }
  }
  return group;
}

// Everything that a report says of a group: its items' means and its own, the mean of those shown.
void AddNumbers(const GroupMean& shown, const DrawnGroup& group, Publication& publication) {
  PublishedNumber mean;
  int items = 0;
  for (const ItemMean& item : shown.items) items += item.mean ? 1 : 0;
  for (std::size_t i = 0; i < shown.items.size(); ++i) {
    if (!shown.items[i].mean) continue;
    const std::vector<int>& answers = group.item_answers[i];
    publication.numbers.push_back(MeanOf("item", answers, *shown.items[i].mean));
    for (const int answer : answers) {
      mean.terms.push_back({answer, Rational(1, items * static_cast<int>(answers.size()))});
    }
  }
  if (!shown.withheld) publication.numbers.push_back(mean);
}

// How many of the reports on so many ratees (peers and subordinates, with and without thresholds)
// give somebody away; `rolling`: there was a report before the last peer answered.
int LeakingReports(int ratees, bool thresholds, bool rolling) {
  std::mt19937_64 random(99);
  ReportRules rules;
  const int threshold = thresholds ? 3 : 1;
  rules.groups = {{"PEER", threshold, D("0.5")}, {"SUBORDINATE", threshold, D("0.5")}};
  int leaking = 0;
  for (int ratee = 0; ratee < ratees; ++ratee) {
    Publication publication;
    const DrawnGroup groups[] = {
        DrawGroup("PEER", static_cast<int>(random() % 8), random, publication),
        DrawGroup("SUBORDINATE", static_cast<int>(random() % 6), random, publication)};
    const std::vector<GroupAnswers> answers = {groups[0].answers, groups[1].answers};
    const GroupReport report = MakeGroupReport(answers, rules).value();
    for (int g = 0; g < 2; ++g) AddNumbers(report.groups[g], groups[g], publication);
    const std::vector<int>& last = groups[0].item_answers[0];
    if (rolling && last.size() > 3)
      publication.numbers.push_back(Sum({last.begin(), last.end() - 1}));
    leaking += !AuditPublication(publication).empty();
  }
  return leaking;
}

TEST(AuditPublication, ReportsOnTenThousandRateesGiveNobodyAway) {
  EXPECT_EQ(LeakingReports(10'000, true, false), 0);
  // The controls: without a threshold, and with a report after every answer.
  EXPECT_GT(LeakingReports(1'000, false, false), 100);
  EXPECT_GT(LeakingReports(1'000, true, true), 100);
}

}  // namespace
}  // namespace teraju::statistics
