// Development programmes: who opens, reads, reviews and ends them, and who does not.
#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::ETAG_MISMATCH;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

class DevelopmentTest : public EvaluationTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    ASSERT_THAT(CreateCycle(), IsOk());
    host_.clock().Advance(absl::Hours(24 * 400));  // some weeks after the year
    PlantResult("officer", "NEEDS_IMPROVEMENT");
    PlantResult("colleague", "GOOD");
  }
  void PlantResult(const std::string& person, const std::string& predicate) {
    Query(
        "INSERT INTO annual_results (agency_id, annual_result_id, cycle_id, period_id, employee, "
        "unit_id, unit_path,"
        " position_title, position_kind, leads_unit, start_date, end_date, appraiser, "
        "next_appraiser, explanation_id,"
        " explanation_en, state, predicate, body, document, final_time, create_time) "
        "VALUES ('plaju', gen_random_uuid(), '2025', 'year', 'employees/" +
        person +
        "', 'dinas', '{dinas,kota}', 'Analis', 'FUNCTIONAL', false, '2025-01-01', '2025-12-31', "
        "'employees/head',"
        " 'officials/mayor', '', '', 'FINAL', '" +
        predicate + "', '', '', now(), now()) RETURNING 1");
  }
  std::string ResultOf(const std::string& person) {
    return "agencies/plaju/annualResults/" +
           Query("SELECT annual_result_id FROM annual_results WHERE employee = 'employees/" +
                 person + "'")
               .front();
  }
  absl::StatusOr<v1::DevelopmentProgramme> Open(const Caller& caller, const std::string& person) {
    auto request = Parse<v1::CreateDevelopmentProgrammeRequest>(R"pb(
      parent: "agencies/plaju"
      development_programme {
        goals {
          text: "Laporan bulanan tepat waktu"
          measure: "Diterima sebelum tanggal 5"
          due_date { year: 2026 month: 3 day: 31 }
        }
        start_date { year: 2026 month: 1 day: 5 }
      })pb");
    request.mutable_development_programme()->set_annual_result(ResultOf(person));
    return Call<v1::DevelopmentProgrammes>(
        caller, &v1::DevelopmentProgrammes::StubInterface::CreateDevelopmentProgramme, request);
  }
  template <typename Request, typename Method>
  absl::StatusOr<v1::DevelopmentProgramme> Act(const Caller& caller,
                                               const std::string& name,
                                               Method method,
                                               const std::string& fields = "") {
    auto request = Parse<Request>(fields);
    request.set_name(name);
    return Call<v1::DevelopmentProgrammes>(caller, method, request);
  }
  absl::StatusOr<v1::DevelopmentProgramme> Get(const Caller& caller, const std::string& name) {
    return Act<v1::GetDevelopmentProgrammeRequest>(
        caller, name, &v1::DevelopmentProgrammes::StubInterface::GetDevelopmentProgramme);
  }
  absl::StatusOr<v1::DevelopmentProgramme> Review(const Caller& caller, const std::string& name) {
    return Act<v1::ReviewDevelopmentProgrammeRequest>(
        caller,
        name,
        &v1::DevelopmentProgrammes::StubInterface::ReviewDevelopmentProgramme,
        R"pb(date { year: 2026 month: 2 day: 2 }
             note: "Lebih tertib"
             reached_goals: "1")pb");
  }
  std::vector<v1::DevelopmentProgramme> List(const Caller& caller) {
    v1::ListDevelopmentProgrammesRequest request;
    request.set_parent(kAgency);
    const auto listed = Call<v1::DevelopmentProgrammes>(
        caller, &v1::DevelopmentProgrammes::StubInterface::ListDevelopmentProgrammes, request);
    if (!listed.ok()) return {};
    return {listed->development_programmes().begin(), listed->development_programmes().end()};
  }
};

TEST_F(DevelopmentTest, TheAppraiserOpensOneAfterALowResultAndNobodyElse) {
  for (const Caller& other : {kOfficer, kColleague, kMayor, kHr})
    EXPECT_THAT(Open(other, "officer"), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Open(kHead, "colleague"), HasReason(v1::DEVELOPMENT_NOT_NEEDED));
  const auto opened = Open(kHead, "officer");
  ASSERT_THAT(opened, IsOk());
  EXPECT_EQ(opened->state(), v1::DevelopmentProgramme::OPEN);
  EXPECT_EQ(opened->predicate(), v1::NEEDS_IMPROVEMENT);
  EXPECT_EQ(opened->end_date().month(), 7);
  EXPECT_EQ(opened->end_date().day(), 4);
  EXPECT_THAT(Open(kHead, "officer"), HasReason(RESOURCE_EXISTS));
  EXPECT_THAT(Query("SELECT type FROM audit_events WHERE type LIKE 'developmentProgramme%'"),
              ElementsAre("developmentProgramme.opened"));
}

TEST_F(DevelopmentTest, NothingFollowsFromARehearsal) {
  Query("UPDATE cycles SET kind = 'SHADOW' RETURNING 1");
  EXPECT_THAT(Open(kHead, "officer"), HasReason(v1::SHADOW_CYCLE));
}

TEST_F(DevelopmentTest, IsReadByThoseAboveThePersonAndThatIsRecorded) {
  const auto opened = Open(kHead, "officer");
  ASSERT_THAT(opened, IsOk());
  for (const Caller& reader : {kOfficer, kHead, kMayor, kHr}) {
    EXPECT_THAT(Get(reader, opened->name()), IsOk());
    EXPECT_THAT(List(reader), SizeIs(1));
  }
  EXPECT_THAT(Get(kColleague, opened->name()), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Get(kUnitHr, opened->name()), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List(kColleague), IsEmpty());
  EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'evaluation.read'"),
              ElementsAre("3"));  // not the person's own
}

TEST_F(DevelopmentTest, IsAcknowledgedReviewedExtendedAndConcluded) {
  const auto opened = Open(kHead, "officer");
  ASSERT_THAT(opened, IsOk());
  const std::string& name = opened->name();
  using Stub = v1::DevelopmentProgrammes::StubInterface;
  EXPECT_THAT(Act<v1::AcknowledgeDevelopmentProgrammeRequest>(
                  kHead, name, &Stub::AcknowledgeDevelopmentProgramme),
              HasReason(PERMISSION_DENIED));
  EXPECT_EQ(Act<v1::AcknowledgeDevelopmentProgrammeRequest>(
                kOfficer, name, &Stub::AcknowledgeDevelopmentProgramme, "comment: 'Siap'")
                ->acknowledgement(),
            "Siap");
  EXPECT_THAT(
      Act<v1::ConcludeDevelopmentProgrammeRequest>(
          kHead, name, &Stub::ConcludeDevelopmentProgramme, "improved: true reason: 'Baik'"),
      HasReason(v1::DEVELOPMENT_NOT_REVIEWED));
  EXPECT_THAT(Review(kOfficer, name), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Review(kMayor, name), HasReason(PERMISSION_DENIED));
  const auto reviewed = Review(kHead, name);
  ASSERT_THAT(reviewed, IsOk());
  EXPECT_EQ(reviewed->reviews(0).reviewed_by(), "agencies/plaju/employees/head");
  EXPECT_EQ(reviewed->goals(0).reach_date().month(), 2);
  EXPECT_THAT(Act<v1::ExtendDevelopmentProgrammeRequest>(
                  kHead,
                  name,
                  &Stub::ExtendDevelopmentProgramme,
                  "end_date { year: 2030 month: 1 day: 1 } reason: 'Banjir'"),
              ViolatesField("endDate"));
  EXPECT_EQ(Act<v1::ExtendDevelopmentProgrammeRequest>(
                kHead,
                name,
                &Stub::ExtendDevelopmentProgramme,
                "end_date { year: 2026 month: 9 day: 30 } reason: 'Banjir'")
                ->state(),
            v1::DevelopmentProgramme::EXTENDED);
  EXPECT_THAT(
      Act<v1::ConcludeDevelopmentProgrammeRequest>(kHead,
                                                   name,
                                                   &Stub::ConcludeDevelopmentProgramme,
                                                   "improved: true reason: 'Baik' etag: '\"1\"'"),
      HasReason(ETAG_MISMATCH));
  EXPECT_EQ(Act<v1::ConcludeDevelopmentProgrammeRequest>(
                kHead, name, &Stub::ConcludeDevelopmentProgramme, "improved: true reason: 'Baik'")
                ->state(),
            v1::DevelopmentProgramme::IMPROVED);
  EXPECT_THAT(Review(kHead, name), HasReason(v1::DEVELOPMENT_WRONG_STATE));
}

TEST_F(DevelopmentTest, ACancelledOneMakesPlaceForAnother) {
  const auto opened = Open(kHead, "officer");
  ASSERT_THAT(opened, IsOk());
  using Stub = v1::DevelopmentProgrammes::StubInterface;
  EXPECT_THAT(
      Act<v1::CancelDevelopmentProgrammeRequest>(
          kOfficer, opened->name(), &Stub::CancelDevelopmentProgramme, "reason: 'Tidak mau'"),
      HasReason(PERMISSION_DENIED));
  EXPECT_EQ(Act<v1::CancelDevelopmentProgrammeRequest>(
                kHead, opened->name(), &Stub::CancelDevelopmentProgramme, "reason: 'Keliru'")
                ->state(),
            v1::DevelopmentProgramme::CANCELLED);
  EXPECT_THAT(Open(kHead, "officer"), IsOk());
}

}  // namespace
}  // namespace teraju::evaluation
