#include "services/evaluation/domain/talent.h"

#include "common/decimal/proto_decimal.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::evaluation::domain {
namespace {

using ::testing::HasSubstr;
using testing::IsOk;
using testing::ViolatesField;

v1::TalentPlacement Placed(v1::Predicate predicate,
                           const std::string& match,
                           const TalentCutoffs& cutoffs = {}) {
  v1::TalentPlacement placement;
  placement.set_predicate(predicate);
  if (!match.empty()) placement.mutable_match_percent()->set_value(match);
  EXPECT_THAT(Place(cutoffs, placement), IsOk());
  return placement;
}

TEST(Place, GivesEveryBoxByPredicateAndMatch) {
  const struct {
    v1::Predicate predicate;
    const char* match;
    int box;
  } cases[] = {{v1::VERY_GOOD, "90.00", 9},
               {v1::VERY_GOOD, "89.99", 7},
               {v1::VERY_GOOD, "77.99", 4},
               {v1::GOOD, "100", 8},
               {v1::GOOD, "78.00", 5},
               {v1::GOOD, "77.99", 2},
               {v1::NEEDS_IMPROVEMENT, "95", 6},
               {v1::NEEDS_IMPROVEMENT, "80", 3},
               {v1::NEEDS_IMPROVEMENT, "20.00", 1},
               {v1::POOR, "95", 6},
               {v1::VERY_POOR, "0", 1}};
  for (const auto& one : cases)
    EXPECT_EQ(Placed(one.predicate, one.match).box(), one.box) << one.match;
}

TEST(Place, SaysWhyInWords) {
  const v1::TalentPlacement placement = Placed(v1::VERY_GOOD, "85.19");
  EXPECT_THAT(placement.reason_id(),
              HasSubstr("Kinerja di atas ekspektasi (predikat tahunan Sangat Baik), potensial "
                        "menengah (JPM 85.19%; batas tinggi / menengah 90% / 78%): kotak 7"));
  EXPECT_THAT(placement.reason_en(), HasSubstr("potential medium (match 85.19%"));
}

TEST(Place, PlacesNobodyWhoseCompetenciesAreNotKnown) {
  const v1::TalentPlacement placement = Placed(v1::GOOD, "");
  EXPECT_EQ(placement.box(), 0);
  EXPECT_THAT(placement.reason_id(), HasSubstr("Nilai kompetensi pegawai ini"));
  EXPECT_THAT(placement.reason_en(), HasSubstr("no final competency assessment"));
}

TEST(CutoffsOf, AreTheAgencysOwnOrTheUsualOnes) {
  v1::ListTalentPlacementsRequest request;
  EXPECT_EQ(CutoffsOf(request)->high, Decimal(90));
  EXPECT_EQ(CutoffsOf(request)->medium, Decimal(78));
  request.mutable_high_from()->set_value("80");
  request.mutable_medium_from()->set_value("60");
  const auto cutoffs = CutoffsOf(request);
  ASSERT_THAT(cutoffs, IsOk());
  EXPECT_EQ(Placed(v1::GOOD, "80", *cutoffs).box(), 8);
  EXPECT_EQ(Placed(v1::GOOD, "59.99", *cutoffs).box(), 2);
  for (const auto& [high, medium] :
       {std::pair("60", "60"), {"50", "60"}, {"101", "1"}, {"9", "-1"}}) {
    request.mutable_high_from()->set_value(high);
    request.mutable_medium_from()->set_value(medium);
    EXPECT_THAT(CutoffsOf(request), ViolatesField("highFrom")) << high << medium;
  }
}

}  // namespace
}  // namespace teraju::evaluation::domain
