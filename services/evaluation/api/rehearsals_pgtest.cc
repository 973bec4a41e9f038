// Rehearsals: what the new rules give belongs to the person alone; differences are counted; people
// decide when it binds.
#include "services/evaluation/api/year_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using Stub = v1::Rehearsals::StubInterface;

constexpr char kReport[] = "agencies/plaju/cycles/2025/rehearsalReport";
const Caller kAppraisalTeam{.subject = "employees/team", .agency = "plaju"};
const Caller kAuditor{.subject = "employees/auditor", .agency = "plaju"};

class RehearsalTest : public YearTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();  // NOLINT(bugprone-parent-virtual-call): the cycle is no YearTest's
    host_.Bind({{AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
                {AgencyId("plaju"), "employees/unit-hr", "unit_hr", kOffice},
                {AgencyId("plaju"), "employees/auditor", "inspector", ""},
                {AgencyId("plaju"), "employees/team", "appraisal_team", ""}});
    ASSERT_THAT(CreateCycle(), IsOk());
    Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
    Agree("head", kMayor);
    Agree("officer", kHead);
    Agree("colleague", kHead);
  }
  absl::StatusOr<v1::AnnualResult> Year(const std::string& person, const Caller& caller) {
    v1::GetAnnualResultRequest request;
    request.set_name("agencies/plaju/annualResults/" +
                     Query("SELECT annual_result_id FROM annual_results WHERE employee = "
                           "'employees/" +
                           person + "'")
                         .front());
    return Call<v1::AnnualResults>(
        caller, &v1::AnnualResults::StubInterface::GetAnnualResult, request);
  }
  int Listed(const Caller& caller) {
    v1::ListEvaluationsRequest evaluations;
    evaluations.set_parent(kAgency);
    evaluations.set_period(kYearPeriod);
    v1::ListAnnualResultsRequest years;
    years.set_parent(kAgency);
    const auto first = Call<v1::Evaluations>(
        caller, &v1::Evaluations::StubInterface::ListEvaluations, evaluations);
    const auto second = Call<v1::AnnualResults>(
        caller, &v1::AnnualResults::StubInterface::ListAnnualResults, years);
    return (first.ok() ? first->evaluations_size() : 0) +
           (second.ok() ? second->annual_results_size() : 0);
  }
  absl::StatusOr<v1::ImportPriorGradesResponse> Import(const Caller& caller,
                                                       const std::string& cycle = kCycle) {
    v1::ImportPriorGradesRequest request;
    request.set_parent(cycle);
    for (const char* person : {"officer", "colleague", "nobody"}) {
      v1::PriorGrade& grade = *request.add_grades();
      grade.set_employee(std::string("agencies/plaju/employees/") + person);
      grade.set_grade(v1::GOOD);
    }
    return Call<v1::Rehearsals>(caller, &Stub::ImportPriorGrades, request);
  }
  absl::StatusOr<v1::RehearsalReport> Publish(const Caller& caller) {
    v1::PublishRehearsalReportRequest request;
    request.set_name(kReport);
    return Call<v1::Rehearsals>(caller, &Stub::PublishRehearsalReport, request);
  }
  absl::StatusOr<v1::RehearsalReport> GetReport(const Caller& caller) {
    v1::GetRehearsalReportRequest request;
    request.set_name(kReport);
    return Call<v1::Rehearsals>(caller, &Stub::GetRehearsalReport, request);
  }
  absl::StatusOr<v1::RehearsalReport> Switch(const Caller& caller) {
    v1::SwitchToBindingRequest request;
    request.set_name(kReport);
    request.set_reason("Selisih dibahas dengan semua dinas");
    return Call<v1::Rehearsals>(caller, &Stub::SwitchToBinding, request);
  }
};

TEST_F(RehearsalTest, TheResultIsReadByThePersonAlone) {
  PublishYear();
  EXPECT_THAT(GetEvaluation(EvaluationOf("officer"), kOfficer), IsOk());
  EXPECT_THAT(Receipt(EvaluationOf("officer"), kOfficer), IsOk());
  EXPECT_THAT(Year("officer", kOfficer), IsOk());
  EXPECT_EQ(Listed(kOfficer), 2);
  for (const Caller& other : {kHead, kMayor, kHr, kUnitHr, kAppraisalTeam, kAuditor, kColleague}) {
    SCOPED_TRACE(other.subject);
    EXPECT_THAT(GetEvaluation(EvaluationOf("officer"), other), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(Receipt(EvaluationOf("officer"), other), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(Year("officer", other), HasReason(PERMISSION_DENIED));
  }
  for (const Caller& other : {kMayor, kHr, kUnitHr, kAppraisalTeam, kAuditor})
    EXPECT_EQ(Listed(other), 0) << other.subject;
  EXPECT_EQ(Listed(kHead), 2);  // the own
}

TEST_F(RehearsalTest, BeforeItIsFinalTheAppraiserReadsWhatIsToBeRated) {
  ScoreYear();
  EXPECT_THAT(GetEvaluation(EvaluationOf("officer"), kHead), IsOk());
  for (const Caller& other : {kMayor, kHr, kUnitHr, kAppraisalTeam, kAuditor})
    EXPECT_THAT(GetEvaluation(EvaluationOf("officer"), other), HasReason(PERMISSION_DENIED));
  // In a binding cycle they read it.
  Query("UPDATE evaluations SET rehearsal = false RETURNING 1");
  for (const Caller& other : {kMayor, kHr, kUnitHr, kAppraisalTeam, kAuditor})
    EXPECT_THAT(GetEvaluation(EvaluationOf("officer"), other), IsOk());
}

TEST_F(RehearsalTest, NothingEntersAFile) {
  PublishYear();
  v1::ExportScoreReceiptRequest file;
  file.set_name(EvaluationOf("officer") + "/scoreReceipt");
  v1::DrawScoreReceiptRequest page;
  page.set_name(file.name());
  v1::ExportAnnualResultRequest year;
  year.set_name(Year("officer", kOfficer)->name());
  for (const Caller& caller : {kOfficer}) {
    EXPECT_THAT(
        Call<v1::Evaluations>(caller, &v1::Evaluations::StubInterface::ExportScoreReceipt, file),
        HasReason(v1::SHADOW_CYCLE));
    EXPECT_THAT(
        Call<v1::Evaluations>(caller, &v1::Evaluations::StubInterface::DrawScoreReceipt, page),
        HasReason(v1::SHADOW_CYCLE));
    EXPECT_THAT(Call<v1::AnnualResults>(
                    caller, &v1::AnnualResults::StubInterface::ExportAnnualResult, year),
                HasReason(v1::SHADOW_CYCLE));
  }
  EXPECT_THAT(Nominate(100), HasReason(v1::SHADOW_CYCLE));
}

TEST_F(RehearsalTest, TheUnitsDistributionIsForTheHigherLeaderUntilItIsPublished) {
  ScoreYear();
  const auto result = SetUnitResult(v1::UNIT_GOOD);
  ASSERT_THAT(result, IsOk());
  v1::GetUnitResultRequest request;
  request.set_name(result->name());
  const auto get = [&](const Caller& caller) {
    return Call<v1::UnitResults>(caller, &v1::UnitResults::StubInterface::GetUnitResult, request);
  };
  const auto list = [&](const Caller& caller) {
    v1::ListUnitResultsRequest all;
    all.set_parent(kAgency);
    const auto listed =
        Call<v1::UnitResults>(caller, &v1::UnitResults::StubInterface::ListUnitResults, all);
    return listed.ok() ? listed->unit_results_size() : 0;
  };
  EXPECT_THAT(get(kMayor), IsOk());
  EXPECT_EQ(list(kMayor), 1);
  for (const Caller& other : {kHr, kUnitHr, kAppraisalTeam, kAuditor}) {
    EXPECT_THAT(get(other), HasReason(PERMISSION_DENIED));
    EXPECT_EQ(list(other), 0);
  }
  RateAll();
  ASSERT_THAT(Confirm(result->name(), "Unit kecil"), IsOk());
  ASSERT_EQ(Finish(StartPublishing(kYearPeriod)), "SUCCEEDED");
  EXPECT_THAT(get(kMayor), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(list(kMayor), 0);
}

TEST_F(RehearsalTest, DifferencesAreCountedOnceAndSmallOnesWithheld) {
  EXPECT_THAT(Import(kOfficer), HasReason(PERMISSION_DENIED));
  const auto imported = Import(kHr);
  ASSERT_THAT(imported, IsOk());
  EXPECT_EQ(imported->imported(), 2);
  EXPECT_THAT(imported->unknown(), ElementsAre("agencies/plaju/employees/nobody"));
  EXPECT_EQ(Import(kHr)->imported(), 2);  // replaces
  EXPECT_THAT(Query("SELECT count(*) FROM prior_grades"), ElementsAre("2"));
  EXPECT_THAT(Publish(kHr), HasReason(v1::PERIODS_OPEN));
  EXPECT_THAT(GetReport(kOfficer), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Switch(kMayor), HasReason(v1::REHEARSAL_REPORT_MISSING));
  PublishYear();
  for (const Caller& other : {kOfficer, kHead, kMayor})
    EXPECT_THAT(Publish(other), HasReason(PERMISSION_DENIED));
  ASSERT_THAT(Publish(kHr), IsOk());
  EXPECT_THAT(Publish(kHr), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Import(kHr), HasReason(v1::REHEARSAL_REPORT_PUBLISHED));
  const auto report = GetReport(kOfficer);
  ASSERT_THAT(report, IsOk());
  EXPECT_EQ(report->threshold(), 3);
  EXPECT_THAT(report->counts(), IsEmpty());  // two people
}

TEST_F(RehearsalTest, TheSwitchIsDecidedOnceByAnOfficialAndOpensTheFirstBindingCycle) {
  ASSERT_THAT(Import(kHr), IsOk());
  PublishYear();
  ASSERT_THAT(Publish(kHr), IsOk());
  Query(
      "INSERT INTO cycles SELECT agency_id, '2026', version, '2026', 'ANNUAL', period_kind, "
      "start_date + 365, end_date + 365, unit_results_each_period, 'DRAFT', create_time, "
      "update_time FROM cycles RETURNING 1");
  Query(
      "INSERT INTO periods SELECT agency_id, '2026', period_id, start_date + 365, end_date + 365, "
      "'OPEN' FROM periods RETURNING 1");
  v1::OpenCycleRequest open;
  open.set_name("agencies/plaju/cycles/2026");
  EXPECT_THAT(Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::OpenCycle, open),
              HasReason(v1::REHEARSAL_NOT_DECIDED));
  for (const Caller& other : {kHr, kOfficer, kHead, kAppraisalTeam})
    EXPECT_THAT(Switch(other), HasReason(PERMISSION_DENIED));
  const auto decided = Switch(kMayor);
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->decision().decided_by(), "agencies/plaju/officials/mayor");
  EXPECT_THAT(Switch(kMayor), HasReason(v1::REHEARSAL_DECIDED));
  EXPECT_EQ(GetReport(kOfficer)->decision().reason(), "Selisih dibahas dengan semua dinas");
  EXPECT_THAT(
      Query("SELECT actor FROM audit_events WHERE type = 'rehearsalReport.switchedToBinding'"),
      ElementsAre("officials/mayor"));
  EXPECT_EQ(Finish(Call<v1::Cycles>(kHr, &v1::Cycles::StubInterface::OpenCycle, open)),
            "SUCCEEDED");
}

TEST_F(RehearsalTest, ABindingCycleHasNoPriorGrades) {
  Query("UPDATE cycles SET kind = 'ANNUAL' RETURNING 1");
  EXPECT_THAT(Import(kHr), HasReason(v1::NOT_A_REHEARSAL));
  EXPECT_THAT(Publish(kHr), HasReason(v1::NOT_A_REHEARSAL));
}

}  // namespace
}  // namespace teraju::evaluation
