#include "services/evaluation/domain/annual_credit.h"

#include <string>
#include <tuple>
#include <vector>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;

const time::Period kCreditYear = time::Period::Year(2025);

absl::CivilDay InYear(int month, int day) { return absl::CivilDay(2025, month, day); }

void AddSegment(v1::AnnualResult& result,
                absl::CivilDay first,
                absl::CivilDay last,
                const std::string& title,
                v1::Predicate predicate,
                const std::string& kind = "FUNCTIONAL") {
  v1::AnnualSegment& segment = *result.add_segments();
  *segment.mutable_start_date() = time::ToDate(first);
  *segment.mutable_end_date() = time::ToDate(last);
  segment.set_position_title(title);
  segment.set_position_kind(kind);
  segment.set_predicate(predicate);
}

std::vector<int> MonthsOf(const v1::AnnualResult& result) {
  std::vector<int> months;
  for (const v1::AnnualSegment& segment : result.segments()) months.push_back(segment.months());
  return months;
}

TEST(CreditLevelOf, ReadsTheLevelThatTheTitleEndsWith) {
  EXPECT_EQ(CreditLevelOf("Guru Ahli Pertama"), "PT");
  EXPECT_EQ(CreditLevelOf("Pranata Komputer ahli muda "), "MU");
  EXPECT_EQ(CreditLevelOf("Auditor Ahli Madya"), "MA");
  EXPECT_EQ(CreditLevelOf("Peneliti Ahli Utama"), "UT");
  EXPECT_EQ(CreditLevelOf("Perawat Terampil"), "TR");
  EXPECT_EQ(CreditLevelOf("Bidan Mahir"), "MH");
  EXPECT_EQ(CreditLevelOf("Penyelia"), "PY");
  EXPECT_EQ(CreditLevelOf("Pemula"), "PM");
  EXPECT_EQ(CreditLevelOf("Analis"), "");
  EXPECT_EQ(CreditLevelOf("Kepala Seksi Pemuda"), "");
  EXPECT_EQ(CreditLevelOf("Ahli Muda Bidang Air"), "");
}

TEST(CountMonths, EveryMonthCountsOnceForTheSegmentWithMostOfItsDays) {
  v1::AnnualResult result;
  // March: 15 days for the first, 16 for the second; the second is left on 10 June.
  AddSegment(result, InYear(1, 1), InYear(3, 15), "Guru Ahli Pertama", v1::GOOD);
  AddSegment(result, InYear(3, 16), InYear(6, 10), "Guru Ahli Muda", v1::GOOD);
  AddSegment(result, InYear(6, 11), InYear(12, 31), "Kepala Sekolah", v1::GOOD, "STRUCTURAL");
  ASSERT_THAT(CountMonths(kCreditYear, result), IsOk());
  EXPECT_EQ(MonthsOf(result), (std::vector<int>{2, 3, 7}));
}

TEST(CountMonths, MonthsOfLeaveCountForNoSegment) {
  v1::AnnualResult result;
  AddSegment(result, InYear(1, 1), InYear(4, 30), "Guru Ahli Pertama", v1::GOOD);
  AddSegment(result, InYear(8, 1), InYear(12, 31), "Guru Ahli Pertama", v1::GOOD);
  ASSERT_THAT(CountMonths(kCreditYear, result), IsOk());
  EXPECT_EQ(MonthsOf(result), (std::vector<int>{4, 5}));
  ASSERT_THAT(SetCredits(result), IsOk());
  EXPECT_EQ(result.credits().credits().value(), "9.375");  // 12.5 x 9/12
}

TEST(CountMonths, OfAsManyDaysTheLaterSegmentCounts) {
  v1::AnnualResult result;
  AddSegment(result, InYear(1, 1), InYear(4, 15), "Guru Ahli Pertama", v1::GOOD);
  AddSegment(result, InYear(4, 16), InYear(12, 31), "Guru Ahli Muda", v1::GOOD);
  ASSERT_THAT(CountMonths(kCreditYear, result), IsOk());
  EXPECT_EQ(MonthsOf(result), (std::vector<int>{3, 9}));
}

TEST(SetCredits, AreFactorTimesCoefficientTimesMonths) {
  // Worked examples of the regulation's slides: 1.5 x 12.5, and 25 x 5 / 12.
  v1::AnnualResult whole;
  AddSegment(whole, InYear(1, 1), InYear(12, 31), "Guru Ahli Pertama", v1::VERY_GOOD);
  ASSERT_THAT(CountMonths(kCreditYear, whole), IsOk());
  ASSERT_THAT(SetCredits(whole), IsOk());
  EXPECT_EQ(whole.credits().credits().value(), "18.750");
  EXPECT_EQ(whole.credits().pack(), "angka-kredit@1");
  EXPECT_THAT(whole.credits().text_id(), HasSubstr("18.75"));

  v1::AnnualResult part;
  AddSegment(part, InYear(1, 1), InYear(5, 31), "Guru Ahli Muda", v1::GOOD);
  AddSegment(part, InYear(6, 1), InYear(12, 31), "Kepala Seksi", v1::VERY_GOOD, "STRUCTURAL");
  ASSERT_THAT(CountMonths(kCreditYear, part), IsOk());
  ASSERT_THAT(SetCredits(part), IsOk());
  EXPECT_EQ(part.credits().credits().value(), "10.417");
}

TEST(SetCredits, EverySegmentCountsWithItsOwnPredicateAndLevel) {
  v1::AnnualResult result;
  AddSegment(result, InYear(1, 1), InYear(6, 30), "Guru Ahli Pertama", v1::VERY_GOOD);
  AddSegment(result, InYear(7, 1), InYear(12, 31), "Guru Ahli Muda", v1::NEEDS_IMPROVEMENT);
  ASSERT_THAT(CountMonths(kCreditYear, result), IsOk());
  ASSERT_THAT(SetCredits(result), IsOk());
  // 1.5 x 12.5 x 6/12 + 0.75 x 25 x 6/12
  EXPECT_EQ(result.credits().credits().value(), "18.750");
}

TEST(SetCredits, ThereAreNoneWithoutALevelAFunctionalPostOrAPredicate) {
  for (const auto& [title, kind, predicate] :
       std::vector<std::tuple<std::string, std::string, v1::Predicate>>{
           {"Analis", "FUNCTIONAL", v1::GOOD},
           {"Guru Ahli Muda", "GENERAL", v1::GOOD},
           {"Guru Ahli Muda", "FUNCTIONAL", v1::PREDICATE_UNSPECIFIED}}) {
    v1::AnnualResult result;
    AddSegment(result, InYear(1, 1), InYear(12, 31), title, predicate, kind);
    ASSERT_THAT(CountMonths(kCreditYear, result), IsOk());
    ASSERT_THAT(SetCredits(result), IsOk());
    EXPECT_FALSE(result.has_credits()) << title;
  }
}

}  // namespace
}  // namespace teraju::evaluation::domain
