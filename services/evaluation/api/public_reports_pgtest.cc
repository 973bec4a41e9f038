// What the public reads about a cycle: rules and calendar while it is open, counts once it closed.
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

const Caller kAnybody{};

class PublicReportsTest : public EvaluationTest {
 protected:
  absl::StatusOr<v1::Cycle> Create(v1::Cycle::Kind kind, int threshold = 0) {
    auto request = Parse<v1::CreateCycleRequest>(R"pb(
      parent: "agencies/plaju"
      cycle_id: "2025"
      cycle {
        display_name: "Tahun 2025"
        period_kind: QUARTERLY
        start_date { year: 2025 month: 1 day: 1 }
        end_date { year: 2025 month: 12 day: 31 }
      })pb");
    request.mutable_cycle()->set_kind(kind);
    request.mutable_cycle()->set_public_threshold(threshold);
    return Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::CreateCycle, request);
  }
  // Final results of a year as they are after publication.
  void Plant(int people, const std::string& unit, const std::string& predicate) {
    Query(
        "INSERT INTO annual_results (agency_id, annual_result_id, cycle_id, period_id, employee, "
        "unit_id, unit_path,"
        " position_title, position_kind, leads_unit, start_date, end_date, appraiser, "
        "explanation_id, explanation_en,"
        " state, predicate, body, document, final_time, create_time) "
        "SELECT 'plaju', gen_random_uuid(), '2025', 'year', 'employees/" +
        unit + predicate + "' || n, '" + unit + "', ARRAY['" + unit +
        "', 'kota'], 'Analis', 'FUNCTIONAL', false, '2025-01-01', '2025-12-31', 'employees/head', "
        "'', '',"
        " 'FINAL', '" +
        predicate + "', '', '', now(), now() FROM generate_series(1, " + std::to_string(people) +
        ") n RETURNING 1");
  }
  void PublishAll() {
    Query("UPDATE cycles SET state = 'OPEN' RETURNING 1");
    Query("UPDATE periods SET state = 'PUBLISHED' RETURNING 1");
  }
  absl::StatusOr<v1::Cycle> Close(const Caller& caller = kHr) {
    v1::CloseCycleRequest request;
    request.set_name(kCycle);
    return Call<v1::Cycles>(caller, &v1::Cycles::StubInterface::CloseCycle, request);
  }
  absl::StatusOr<v1::PublicReport> Read(const Caller& caller = kAnybody) {
    v1::GetPublicReportRequest request;
    request.set_name(std::string(kCycle) + "/publicReport");
    return Call<v1::PublicReports>(
        caller, &v1::PublicReports::StubInterface::GetPublicReport, request);
  }
};

TEST_F(PublicReportsTest, AnnouncesRulesAndCalendarOfAnOpenCycle) {
  ASSERT_THAT(Create(v1::Cycle::ANNUAL), IsOk());
  EXPECT_THAT(Read(), HasReason(RESOURCE_NOT_FOUND));  // still being prepared
  Query("UPDATE cycles SET state = 'OPEN' RETURNING 1");
  const auto report = Read();
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->state(), v1::PublicReport::ANNOUNCED);
  EXPECT_EQ(report->display_name(), "Tahun 2025");
  EXPECT_THAT(report->periods(), SizeIs(5));
  ASSERT_THAT(report->rules(), SizeIs(1));
  EXPECT_EQ(report->rules(0).pack(), "permenpanrb-6-2022");
  EXPECT_THAT(report->rules(0).digest(), SizeIs(64));
  EXPECT_TRUE(report->rules(0).official());
  EXPECT_EQ(report->objection_rules().filing_days(), 14);
  EXPECT_THAT(report->award_criteria_id(), HasSubstr("Sangat Baik"));
  EXPECT_THAT(report->award_criteria_en(), HasSubstr("decides"));
  EXPECT_EQ(report->threshold(), 3);
  EXPECT_THAT(report->units(), IsEmpty());
}

TEST_F(PublicReportsTest, TellsNothingOfAShadowCycle) {
  ASSERT_THAT(Create(v1::Cycle::SHADOW), IsOk());
  Plant(10, "dinas", "GOOD");
  PublishAll();
  EXPECT_THAT(Read(), HasReason(RESOURCE_NOT_FOUND));
  ASSERT_THAT(Close(), IsOk());
  EXPECT_THAT(Read(), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Query("SELECT count(*) FROM public_reports"), ElementsAre("0"));
}

TEST_F(PublicReportsTest, ClosingCountsOnceAndWithholdsWhatIsSmallOrWouldTellIt) {
  ASSERT_THAT(Create(v1::Cycle::ANNUAL), IsOk());
  Plant(20, "dinas", "GOOD");
  Plant(6, "dinas", "VERY_GOOD");
  Plant(2, "dinas", "POOR");
  PublishAll();
  EXPECT_THAT(Close(kHead), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Close(), IsOk());
  const auto report = Read();
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->state(), v1::PublicReport::PUBLISHED);
  ASSERT_THAT(report->units(), SizeIs(2));
  const v1::PublicUnit& city = report->units(0);
  const v1::PublicUnit& office = report->units(1);
  EXPECT_EQ(city.display_name(), "Kota Plaju");
  EXPECT_EQ(city.parent_unit(), "");
  EXPECT_EQ(office.display_name(), "Dinas Pendidikan");
  EXPECT_EQ(office.parent_unit(), city.unit());
  EXPECT_EQ(office.appraised(), 28);
  EXPECT_EQ(office.good(), 20);
  EXPECT_FALSE(office.has_poor());
  EXPECT_FALSE(office.has_very_good());  // or the two would follow: 28 - 20 - 6
  EXPECT_FALSE(city.has_poor());
  EXPECT_FALSE(city.has_very_good());
  EXPECT_THAT(Query("SELECT details FROM audit_events WHERE type = 'publicReport.published'"),
              ElementsAre(HasSubstr(report->digest())));
  // Once: neither a later change nor a second closing gives anything to subtract from.
  Plant(1, "dinas", "NEEDS_IMPROVEMENT");
  EXPECT_THAT(Close(), HasReason(v1::CYCLE_CLOSED));
  EXPECT_EQ(Read()->units(1).appraised(), 28);
  EXPECT_EQ(Read(kOfficer)->digest(), report->digest());
}

TEST_F(PublicReportsTest, TheAgencySetsAHigherThresholdAndNeverALowerOne) {
  EXPECT_THAT(Create(v1::Cycle::ANNUAL, 2), ViolatesField("cycle.publicThreshold"));
  ASSERT_THAT(Create(v1::Cycle::ANNUAL, 10), IsOk());
  Plant(9, "dinas", "GOOD");
  PublishAll();
  ASSERT_THAT(Close(), IsOk());
  const auto report = Read();
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->threshold(), 10);
  EXPECT_FALSE(report->units(0).has_appraised());
  EXPECT_FALSE(report->units(1).has_appraised());
}

TEST_F(PublicReportsTest, WithoutIdentityTheCycleStaysOpen) {
  ASSERT_THAT(Create(v1::Cycle::ANNUAL), IsOk());
  Plant(9, "dinas", "GOOD");
  PublishAll();
  people_.available = false;
  EXPECT_THAT(Close(), HasReason(DEPENDENCY_UNAVAILABLE));
  EXPECT_THAT(Query("SELECT state FROM cycles"), ElementsAre("OPEN"));
  people_.available = true;
  EXPECT_THAT(Close(), IsOk());
}

TEST_F(PublicReportsTest, ObjectionsCountWithTheirOutcomes) {
  ASSERT_THAT(Create(v1::Cycle::ANNUAL), IsOk());
  Plant(30, "dinas", "GOOD");
  Plant(12, "dinas", "NEEDS_IMPROVEMENT");
  Plant(8, "dinas", "POOR");
  PublishAll();
  // Cases need an evaluation each; a plan and an evaluation per objector are enough here.
  Query(
      "WITH people AS (SELECT gen_random_uuid() AS id, employee FROM annual_results"
      "  WHERE predicate IN ('NEEDS_IMPROVEMENT', 'POOR') AND right(employee, 1) IN ('1', '2', "
      "'3', '4')),"
      " plans AS (INSERT INTO work_plans (agency_id, plan_id, cycle_id, employee, unit_id, "
      "unit_path, position_title,"
      "  position_kind, leads_unit, start_date, end_date, appraiser, explanation_id, "
      "explanation_en, state, create_time,"
      "  update_time) SELECT 'plaju', id, '2025', employee, 'dinas', ARRAY['dinas', 'kota'], "
      "'Analis', 'FUNCTIONAL',"
      "  false, '2025-01-01', '2025-12-31', 'employees/head', '', '', 'APPROVED', now(), now() "
      "FROM people"
      "  RETURNING plan_id, employee)"
      " INSERT INTO evaluations (agency_id, evaluation_id, plan_id, cycle_id, period_id, employee, "
      "unit_id, unit_path,"
      "  position_title, position_kind, leads_unit, start_date, end_date, appraiser, "
      "explanation_id, explanation_en,"
      "  create_time) SELECT 'plaju', plan_id, plan_id, '2025', 'year', employee, 'dinas', "
      "ARRAY['dinas', 'kota'],"
      "  'Analis', 'FUNCTIONAL', false, '2025-01-01', '2025-12-31', 'employees/head', '', '', "
      "now() FROM plans"
      " RETURNING 1");
  Query(
      "INSERT INTO objections (agency_id, objection_id, evaluation_id, cycle_id, period_id, "
      "employee, appraiser,"
      " unit_path, state, body, create_time) SELECT 'plaju', evaluation_id, evaluation_id, '2025', "
      "'year', employee,"
      " 'employees/head', unit_path, CASE WHEN employee < 'employees/dinasNEEDS_IMPROVEMENT9' THEN "
      "'RESULT_UPHELD'"
      " ELSE 'RESULT_CHANGED' END, '', now() FROM evaluations RETURNING 1");
  ASSERT_THAT(Close(), IsOk());
  const auto report = Read();
  ASSERT_THAT(report, IsOk());
  const v1::PublicUnit& office = report->units(1);
  EXPECT_EQ(office.appraised(), 50);
  EXPECT_EQ(office.objections(), 10);
  // Six and four: one of them is enough to know both, so the smaller is withheld with the empty
  // ones.
  EXPECT_EQ(office.objections_upheld(), 6);
  EXPECT_FALSE(office.has_objections_changed());
  EXPECT_FALSE(office.has_objections_withdrawn());
}

}  // namespace
}  // namespace teraju::evaluation
