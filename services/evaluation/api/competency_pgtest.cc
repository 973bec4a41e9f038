// Competency assessments: who assesses, responds and reads, counts by unit, the nine boxes.
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::DEPENDENCY_UNAVAILABLE;
using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

const Caller kAssessor{.subject = "employees/assessor", .agency = "plaju"};

class CompetencyTest : public EvaluationTest {
 protected:
  using Stub = v1::CompetencyAssessments::StubInterface;

  void SetUp() override {
    EvaluationTest::SetUp();
    host_.Bind({{AgencyId("plaju"), "apiClients/hr", "regional_hr", ""},
                {AgencyId("plaju"), "employees/unit-hr", "unit_hr", kOffice},
                {AgencyId("plaju"), "employees/assessor", "appraisal_team", ""}});
    identity_.segments.push_back(Segment("assessor", false, "employees/head", "officials/mayor"));
    domain::CompetencyStandard& standard = catalog_.standards.emplace_back();
    standard.name = "agencies/plaju/competencyStandards/fungsional";
    standard.job_family = "FUNCTIONAL";
    for (const char* id : {"INTEGRITAS", "KERJA_SAMA", "MENGELOLA_PERUBAHAN"}) {
      v1::AssessedCompetency& required = standard.required.emplace_back();
      required.set_competency("agencies/plaju/competencies/" + std::string(id));
      required.set_kind(v1::AssessedCompetency::MANAGERIAL);
      required.set_title(id);
      required.set_required_level(3);
    }
    ASSERT_THAT(CreateCycle(), IsOk());
    ASSERT_EQ(OpenCycle(), "SUCCEEDED");
  }

  absl::StatusOr<v1::CompetencyAssessment> Create(const Caller& caller, const std::string& person) {
    v1::CreateCompetencyAssessmentRequest request;
    request.set_parent(kAgency);
    request.mutable_competency_assessment()->set_work_plan(PlanOf(person));
    return Call<v1::CompetencyAssessments>(caller, &Stub::CreateCompetencyAssessment, request);
  }
  template <typename Request, typename Method>
  absl::StatusOr<v1::CompetencyAssessment> Act(const Caller& caller,
                                               const std::string& name,
                                               Method method,
                                               const std::string& fields = "") {
    auto request = Parse<Request>(fields);
    request.set_name(name);
    return Call<v1::CompetencyAssessments>(caller, method, request);
  }
  absl::StatusOr<v1::CompetencyAssessment> Get(const Caller& caller, const std::string& name) {
    return Act<v1::GetCompetencyAssessmentRequest>(caller, name, &Stub::GetCompetencyAssessment);
  }
  static std::string Levels(const std::vector<int>& levels, const std::string& evidence = "") {
    constexpr const char* kIds[] = {"INTEGRITAS", "KERJA_SAMA", "MENGELOLA_PERUBAHAN"};
    std::string text;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      text += "levels { competency: 'agencies/plaju/competencies/" + std::string(kIds[i]) +
              "' level: " + std::to_string(levels[i]) + " evidence: '" + evidence + "' } ";
    }
    return text;
  }
  absl::StatusOr<v1::CompetencyAssessment> Assess(const Caller& caller,
                                                  const std::string& name,
                                                  const std::string& fields) {
    return Act<v1::AssessCompetenciesRequest>(caller, name, &Stub::AssessCompetencies, fields);
  }
  absl::StatusOr<v1::CompetencyAssessment> Submit(const Caller& caller, const std::string& name) {
    return Act<v1::SubmitCompetencyAssessmentRequest>(
        caller, name, &Stub::SubmitCompetencyAssessment);
  }
  absl::StatusOr<v1::CompetencyAssessment> Acknowledge(const Caller& caller,
                                                       const std::string& name) {
    return Act<v1::AcknowledgeCompetencyAssessmentRequest>(
        caller, name, &Stub::AcknowledgeCompetencyAssessment, "comment: 'Sepakat'");
  }
  // A final assessment of somebody under the head.
  std::string Finish(const std::string& person, const std::vector<int>& levels) {
    const auto made = Create(kHead, person);
    EXPECT_THAT(made, IsOk());
    EXPECT_THAT(Assess(kHead, made->name(), Levels(levels, "Uji")), IsOk());
    EXPECT_THAT(Submit(kHead, made->name()), IsOk());
    EXPECT_THAT(Acknowledge(As(person), made->name()), IsOk());
    return made->name();
  }
  std::vector<v1::CompetencyAssessment> List(const Caller& caller, const std::string& more = "") {
    auto request = Parse<v1::ListCompetencyAssessmentsRequest>(more);
    request.set_parent(kAgency);
    const auto listed =
        Call<v1::CompetencyAssessments>(caller, &Stub::ListCompetencyAssessments, request);
    if (!listed.ok()) return {};
    return {listed->competency_assessments().begin(), listed->competency_assessments().end()};
  }
  absl::StatusOr<v1::CompetencyProfile> Publish(const Caller& caller) {
    v1::PublishCompetencyProfileRequest request;
    request.set_name(std::string(kCycle) + "/competencyProfile");
    return Call<v1::CompetencyProfiles>(
        caller, &v1::CompetencyProfiles::StubInterface::PublishCompetencyProfile, request);
  }
  absl::StatusOr<v1::CompetencyProfile> Profile(const Caller& caller) {
    v1::GetCompetencyProfileRequest request;
    request.set_name(std::string(kCycle) + "/competencyProfile");
    return Call<v1::CompetencyProfiles>(
        caller, &v1::CompetencyProfiles::StubInterface::GetCompetencyProfile, request);
  }
  void PlantFinalYear(const std::string& person, const std::string& predicate) {
    Query(
        "INSERT INTO annual_results (agency_id, annual_result_id, cycle_id, period_id, employee, "
        "unit_id, unit_path, position_title, position_kind, leads_unit, start_date, end_date, "
        "appraiser, next_appraiser, explanation_id, explanation_en, state, predicate, body, "
        "document, final_time, create_time) VALUES ('plaju', gen_random_uuid(), '2025', 'year', "
        "'employees/" +
        person +
        "', 'dinas', '{dinas,kota}', 'Analis', 'FUNCTIONAL', false, '2025-01-01', '2025-12-31', "
        "'employees/head', 'officials/mayor', '', '', 'FINAL', '" +
        predicate + "', '', '', now(), now()) RETURNING 1");
  }
  absl::StatusOr<v1::ListTalentPlacementsResponse> Boxes(const Caller& caller,
                                                         const std::string& more = "") {
    auto request = Parse<v1::ListTalentPlacementsRequest>(more);
    request.set_parent(kCycle);
    return Call<v1::TalentPlacements>(
        caller, &v1::TalentPlacements::StubInterface::ListTalentPlacements, request);
  }
};

TEST_F(CompetencyTest, TheAppraiserOrAnAssessorBeginsItAndNobodyElse) {
  for (const Caller& other : {kOfficer, kColleague, kMayor, kHr, kUnitHr})
    EXPECT_THAT(Create(other, "officer"), HasReason(PERMISSION_DENIED));
  const auto made = Create(kHead, "officer");
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->state(), v1::CompetencyAssessment::DRAFT);
  EXPECT_EQ(made->cycle(), kCycle);
  EXPECT_EQ(made->snapshot().employee(), "agencies/plaju/employees/officer");
  ASSERT_EQ(made->competencies_size(), 3);
  EXPECT_EQ(made->competencies(0).required_level(), 3);
  EXPECT_THAT(Create(kHead, "officer"), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Create(kAssessor, "colleague"), IsOk());
  EXPECT_THAT(Create(kAssessor, "assessor"), HasReason(v1::COMPETENCY_OWN));
}

TEST_F(CompetencyTest, NeedsAStandardOfTheCatalogAndABindingCycle) {
  catalog_.available = false;
  EXPECT_THAT(Create(kHead, "officer"), HasReason(DEPENDENCY_UNAVAILABLE));
  catalog_.available = true;
  catalog_.standards.front().job_family = "GENERAL";
  EXPECT_THAT(Create(kHead, "officer"), HasReason(v1::COMPETENCY_STANDARD_MISSING));
  catalog_.standards.front().job_family = "Analis";
  Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
  EXPECT_THAT(Create(kHead, "officer"), HasReason(v1::SHADOW_CYCLE));
  Query("UPDATE cycles SET kind = 'ANNUAL' RETURNING 1");
  EXPECT_THAT(Create(kHead, "officer"), IsOk());
}

TEST_F(CompetencyTest, GoesFromBothViewsToAFinalMatch) {
  const std::string name = Create(kHead, "officer")->name();
  EXPECT_THAT(
      Act<v1::AssessOwnCompetenciesRequest>(kHead, name, &Stub::AssessOwnCompetencies, Levels({5})),
      HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Act<v1::AssessOwnCompetenciesRequest>(
                  kOfficer, name, &Stub::AssessOwnCompetencies, Levels({5})),
              IsOk());
  EXPECT_THAT(Assess(kOfficer, name, Levels({5})), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Assess(kHead, name, Levels({1})), ViolatesField("levels[0].evidence"));
  EXPECT_THAT(Assess(kHead, name, Levels({6})), ViolatesField("levels[0].level"));
  EXPECT_THAT(Assess(kHead, name, Levels({4, 3})), IsOk());
  EXPECT_THAT(Submit(kHead, name), HasReason(v1::COMPETENCY_INCOMPLETE));
  EXPECT_THAT(Assess(kAssessor, name, Levels({4, 3, 2})), IsOk());
  EXPECT_THAT(Acknowledge(kOfficer, name), HasReason(v1::COMPETENCY_WRONG_STATE));
  const auto submitted = Submit(kHead, name);
  ASSERT_THAT(submitted, IsOk());
  EXPECT_EQ(submitted->match().percent().value(), "88.89");
  EXPECT_EQ(submitted->assessed_by(), "agencies/plaju/employees/assessor");
  EXPECT_EQ(submitted->competencies(0).self_level(), 5);
  EXPECT_EQ(submitted->competencies(2).standing(), v1::AssessedCompetency::WEAKNESS);

  EXPECT_THAT(Act<v1::ReturnCompetencyAssessmentRequest>(
                  kOfficer, name, &Stub::ReturnCompetencyAssessment, "comment: 'Uji ulang'"),
              IsOk());
  EXPECT_THAT(Act<v1::SubmitCompetencyAssessmentRequest>(
                  kHead, name, &Stub::SubmitCompetencyAssessment, "etag: '\"1\"'"),
              HasReason(ETAG_MISMATCH));
  EXPECT_THAT(Submit(kHead, name), IsOk());
  EXPECT_THAT(Act<v1::ConcludeCompetencyAssessmentRequest>(
                  kHead, name, &Stub::ConcludeCompetencyAssessment),
              HasReason(v1::COMPETENCY_TOO_EARLY));
  EXPECT_THAT(Acknowledge(kHead, name), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(Acknowledge(kOfficer, name)->state(), v1::CompetencyAssessment::FINAL);
  EXPECT_THAT(Assess(kHead, name, Levels({3})), HasReason(v1::COMPETENCY_WRONG_STATE));
}

TEST_F(CompetencyTest, ACancelledOneMakesPlaceForAnother) {
  const std::string name = Create(kHead, "officer")->name();
  const auto cancel = [&](const Caller& caller) {
    return Act<v1::CancelCompetencyAssessmentRequest>(
        caller, name, &Stub::CancelCompetencyAssessment, "reason: 'Standar keliru'");
  };
  EXPECT_THAT(cancel(kOfficer), HasReason(PERMISSION_DENIED));
  EXPECT_EQ(cancel(kHead)->state(), v1::CompetencyAssessment::CANCELLED);
  EXPECT_THAT(cancel(kHead), HasReason(v1::COMPETENCY_WRONG_STATE));
  EXPECT_THAT(Create(kHead, "officer"), IsOk());
}

TEST_F(CompetencyTest, ThePersonCannotHoldItUpForEver) {
  const std::string name = Create(kHead, "officer")->name();
  ASSERT_THAT(Assess(kHead, name, Levels({3, 3, 3})), IsOk());
  ASSERT_THAT(Submit(kHead, name), IsOk());
  host_.clock().Advance(absl::Hours(24 * 15));
  const auto concluded = Act<v1::ConcludeCompetencyAssessmentRequest>(
      kHead, name, &Stub::ConcludeCompetencyAssessment);
  ASSERT_THAT(concluded, IsOk());
  EXPECT_EQ(concluded->state(), v1::CompetencyAssessment::FINAL);
  EXPECT_FALSE(concluded->has_acknowledge_time());
}

TEST_F(CompetencyTest, WeaknessesAreNotForColleaguesAndEveryReadingIsRecorded) {
  const std::string name = Finish("officer", {4, 3, 1});
  for (const Caller& reader : {kOfficer, kHead, kMayor, kHr, kAssessor}) {
    EXPECT_THAT(Get(reader, name), IsOk());
    EXPECT_THAT(List(reader), SizeIs(1));
  }
  for (const Caller& other : {kColleague, kUnitHr}) {
    EXPECT_THAT(Get(other, name), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(List(other), IsEmpty());
    EXPECT_THAT(Profile(other), HasReason(PERMISSION_DENIED));
    EXPECT_THAT(Boxes(other), HasReason(PERMISSION_DENIED));
  }
  // Four others, each by name and in a list; not the person's own.
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'evaluation.read' AND "
                    "about = 'agencies/plaju/employees/officer'"),
              ElementsAre("8"));
}

TEST_F(CompetencyTest, ListsByCyclePersonAndState) {
  Finish("officer", {3, 3, 3});
  ASSERT_THAT(Create(kHead, "colleague"), IsOk());
  EXPECT_THAT(List(kHead), SizeIs(2));
  EXPECT_THAT(List(kHead, "state: FINAL"), SizeIs(1));
  EXPECT_THAT(List(kHead, "employee: 'agencies/plaju/employees/colleague'"), SizeIs(1));
  EXPECT_THAT(List(kHead, "cycle: 'agencies/plaju/cycles/2025'"), SizeIs(2));
  EXPECT_THAT(List(kHead, "cycle: 'agencies/plaju/cycles/2024'"), IsEmpty());
}

TEST_F(CompetencyTest, UnitsAreCountedOnceWithoutSmallGroups) {
  EXPECT_THAT(Publish(kHead), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Publish(kHr), HasReason(v1::COMPETENCY_NONE_FINAL));
  EXPECT_THAT(Profile(kHr), HasReason(RESOURCE_NOT_FOUND));
  Finish("officer", {2, 2, 4});
  Finish("colleague", {2, 3, 4});
  Finish("assessor", {2, 2, 4});
  const auto published = Publish(kHr);
  ASSERT_THAT(published, IsOk());
  EXPECT_EQ(published->threshold(), 3);
  for (const v1::CompetencyCounts& counts : published->counts()) {
    // Some are weak, or all, which would tell about each: how many were assessed is all that shows.
    EXPECT_EQ(counts.assessed(), 3) << counts.ShortDebugString();
    EXPECT_FALSE(counts.has_strengths() || counts.has_as_required() || counts.has_weaknesses());
  }
  EXPECT_THAT(Publish(kHr), HasReason(RESOURCE_EXISTS));
  EXPECT_EQ(Profile(kMayor)->counts_size(), published->counts_size());
  EXPECT_THAT(Profile(kHead), HasReason(PERMISSION_DENIED));
}

TEST_F(CompetencyTest, TheNineBoxesAreForHrAndTheAppraisalTeamAlone) {
  Finish("officer", {3, 3, 3});
  PlantFinalYear("officer", "VERY_GOOD");
  PlantFinalYear("colleague", "GOOD");
  for (const Caller& other : {kOfficer, kHead, kMayor, kUnitHr})
    EXPECT_THAT(Boxes(other), HasReason(PERMISSION_DENIED));
  const auto boxes = Boxes(kHr);
  ASSERT_THAT(boxes, IsOk());
  ASSERT_EQ(boxes->talent_placements_size(), 2);
  for (const v1::TalentPlacement& placement : boxes->talent_placements()) {
    const bool officer = placement.employee() == "agencies/plaju/employees/officer";
    EXPECT_EQ(placement.box(), officer ? 9 : 0);
    EXPECT_EQ(placement.match_percent().value(), officer ? "100.00" : "");
    EXPECT_THAT(placement.reason_id(), HasSubstr(officer ? "kotak 9" : "Tidak ada penilaian"));
  }
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'evaluation.read'"),
              ElementsAre("2"));
  EXPECT_THAT(Boxes(kHr, "high_from { value: '50' }"), ViolatesField("highFrom"));
  EXPECT_EQ(Boxes(kAssessor, "unit: 'agencies/plaju/units/lain'")->talent_placements_size(), 0);

  const auto first = Boxes(kAssessor, "unit: 'agencies/plaju/units/kota' page_size: 1");
  ASSERT_EQ(first->talent_placements_size(), 1);
  const auto second = Boxes(kAssessor,
                            "unit: 'agencies/plaju/units/kota' page_size: 1 page_token: '" +
                                first->next_page_token() + "'");
  ASSERT_EQ(second->talent_placements_size(), 1);
  EXPECT_EQ(second->next_page_token(), "");
  EXPECT_NE(first->talent_placements(0).employee(), second->talent_placements(0).employee());

  Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
  EXPECT_THAT(Boxes(kHr), HasReason(v1::SHADOW_CYCLE));
}

}  // namespace
}  // namespace teraju::evaluation
