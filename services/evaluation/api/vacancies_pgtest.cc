// Vacant posts: who qualifies by results, who reads that, who decides.
#include "services/evaluation/api/planted_years.h"

namespace teraju::evaluation {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using ::testing::SizeIs;
using testing::ViolatesField;

class VacanciesTest : public PlantedYearsTest {
 protected:
  void SetUp() override {
    EvaluationTest::SetUp();
    PlantYear("2024", "ANNUAL");
    PlantYear("2025", "ANNUAL");
    for (const char* year : {"2024", "2025"}) {
      PlantYearOf("officer", year, "VERY_GOOD", "112.5");
      PlantYearOf("newcomer", year, year == std::string("2025") ? "GOOD" : "", "104");
      PlantYearOf("colleague", year, "NEEDS_IMPROVEMENT", "60");
      PlantYearOf("gone", year, year == std::string("2024") ? "VERY_GOOD" : "", "130");
    }
  }
  absl::StatusOr<v1::Vacancy> Enter(const Caller& caller = kHr,
                                    const std::string& more = "",
                                    const std::string& unit = kOffice) {
    auto request = Parse<v1::CreateVacancyRequest>(
        "parent: 'agencies/plaju' vacancy { position_title: 'Kepala Seksi' minimum_grade: '33' " +
        more + " }");
    request.mutable_vacancy()->set_unit(unit);
    return Call<v1::Vacancies>(caller, &v1::Vacancies::StubInterface::CreateVacancy, request);
  }
  absl::StatusOr<v1::ListCandidatesResponse> Candidates(const Caller& caller,
                                                        const std::string& vacancy) {
    v1::ListCandidatesRequest request;
    request.set_parent(vacancy);
    return Call<v1::Vacancies>(caller, &v1::Vacancies::StubInterface::ListCandidates, request);
  }
  absl::StatusOr<v1::Vacancy> Decide(const Caller& caller,
                                     const std::string& vacancy,
                                     const std::string& person) {
    v1::DecideVacancyRequest request;
    request.set_name(vacancy);
    request.set_employee("agencies/plaju/employees/" + person);
    request.set_reason("Dua tahun Sangat Baik dan paling mengenal pelayanan");
    return Call<v1::Vacancies>(caller, &v1::Vacancies::StubInterface::DecideVacancy, request);
  }
  absl::StatusOr<v1::Vacancy> Get(const Caller& caller, const std::string& name) {
    v1::GetVacancyRequest request;
    request.set_name(name);
    return Call<v1::Vacancies>(caller, &v1::Vacancies::StubInterface::GetVacancy, request);
  }
};

TEST_F(VacanciesTest, TheHrOfficeEntersThem) {
  for (const Caller& other : {kHead, kOfficer, kMayor})
    EXPECT_THAT(Enter(other), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Enter(kHr, "echelon: '99'"), ViolatesField("vacancy.echelon"));
  EXPECT_THAT(Enter(kHr, "", "agencies/lain/units/dinas"), HasReason(PERMISSION_DENIED));
  const auto vacancy = Enter();
  ASSERT_THAT(vacancy, IsOk());
  EXPECT_EQ(vacancy->state(), v1::Vacancy::OPEN);
  EXPECT_THAT(Get(kOfficer, vacancy->name()), IsOk());
}

TEST_F(VacanciesTest, ListsWhoQualifiesThenWhoLacksOneThing) {
  const auto vacancy = Enter();
  ASSERT_THAT(vacancy, IsOk());
  people_.grade = "33";
  const auto listed = Candidates(kMayor, vacancy->name());
  ASSERT_THAT(listed, IsOk());
  // Not the colleague, who lacks two; not who has no result of the latest year.
  ASSERT_THAT(listed->candidates(), SizeIs(2));
  EXPECT_EQ(listed->candidates(0).employee(), "agencies/plaju/employees/officer");
  EXPECT_TRUE(listed->candidates(0).qualifies());
  EXPECT_THAT(listed->candidates(0).grounds(0).text_id(), HasSubstr("Sangat Baik (2025)"));
  EXPECT_EQ(listed->candidates(1).employee(), "agencies/plaju/employees/newcomer");
  EXPECT_FALSE(listed->candidates(1).qualifies());
  EXPECT_THAT(listed->candidates(1).grounds(0).text_en(), HasSubstr("met 1"));
  // Those listed, and nobody else, see that somebody looked.
  EXPECT_THAT(Query("SELECT actor || ' ' || about FROM audit_events "
                    "WHERE type = 'vacancy.candidateRead' ORDER BY event_number"),
              ElementsAre("officials/mayor agencies/plaju/employees/officer",
                          "officials/mayor agencies/plaju/employees/newcomer"));
}

TEST_F(VacanciesTest, CandidatesAreNotForThePeopleThemselves) {
  const auto vacancy = Enter();
  ASSERT_THAT(vacancy, IsOk());
  for (const Caller& other : {kOfficer, kHead, kUnitHr})
    EXPECT_THAT(Candidates(other, vacancy->name()), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Candidates(kHr, "agencies/plaju/vacancies/" + NewUuid7(absl::Now())),
              HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(VacanciesTest, AShadowYearCountsForNobody) {
  PlantYear("2026-uji", "SHADOW");
  PlantYearOf("colleague", "2026-uji", "VERY_GOOD", "150");
  const auto vacancy = Enter(kHr, "years: 1");
  ASSERT_THAT(vacancy, IsOk());
  people_.grade = "33";
  const auto listed = Candidates(kHr, vacancy->name());
  ASSERT_THAT(listed, IsOk());
  EXPECT_THAT(listed->candidates(), SizeIs(2));
  // The control: the same year, binding, counts.
  Query("UPDATE cycles SET kind = 'ANNUAL' RETURNING 1");
  const auto binding = Candidates(kHr, vacancy->name());
  ASSERT_THAT(binding, IsOk());
  ASSERT_THAT(binding->candidates(), SizeIs(1));
  EXPECT_EQ(binding->candidates(0).employee(), "agencies/plaju/employees/colleague");
}

TEST_F(VacanciesTest, TellsWhatCitizensSay) {
  feedback_.surveys = {{kOffice, "84.20", "B", 120, 92}};
  const auto vacancy = Enter(kHr, "citizen_survey: 'agencies/plaju/citizenSurveys/1'");
  ASSERT_THAT(vacancy, IsOk());
  const auto listed = Candidates(kHr, vacancy->name());
  ASSERT_THAT(listed, IsOk());
  ASSERT_THAT(listed->candidates(), SizeIs(1));  // no grade: the officer lacks that only
  EXPECT_THAT(listed->candidates(0).grounds(3).text_en(), HasSubstr("n = 120"));
  EXPECT_THAT(Enter(kHr, "citizen_survey: 'agencies/lain/citizenSurveys/1'"),
              HasReason(PERMISSION_DENIED));
}

TEST_F(VacanciesTest, APersonWithThatPowerDecidesAndTheReasonsAreKept) {
  const auto vacancy = Enter();
  ASSERT_THAT(vacancy, IsOk());
  people_.grade = "33";
  for (const Caller& other : {kHr, kHead, kOfficer})
    EXPECT_THAT(Decide(other, vacancy->name(), "officer"), HasReason(PERMISSION_DENIED));
  // Nothing was decided by the list.
  EXPECT_EQ(Get(kHr, vacancy->name())->state(), v1::Vacancy::OPEN);
  const auto decided = Decide(kMayor, vacancy->name(), "officer");
  ASSERT_THAT(decided, IsOk());
  EXPECT_EQ(decided->state(), v1::Vacancy::FILLED);
  EXPECT_EQ(decided->decision().decided_by(), "agencies/plaju/officials/mayor");
  EXPECT_TRUE(decided->decision().candidate().qualifies());
  EXPECT_THAT(Decide(kMayor, vacancy->name(), "newcomer"), HasReason(v1::VACANCY_DECIDED));
  EXPECT_THAT(
      Query("SELECT type FROM audit_events WHERE type LIKE 'vacancy.%' ORDER BY event_number"),
      ElementsAre("vacancy.created", "vacancy.decided"));
  // How the chosen one stood is not for colleagues.
  EXPECT_FALSE(Get(kColleague, vacancy->name())->has_decision());
  EXPECT_TRUE(Get(kHr, vacancy->name())->has_decision());
}

TEST_F(VacanciesTest, PeopleAreAskedAboutAsOfTheAgencysDay) {
  host_.clock().Set(absl::FromCivil(absl::CivilHour(2026, 3, 3, 17), absl::UTCTimeZone()));
  const auto vacancy = Enter();
  ASSERT_THAT(vacancy, IsOk());
  EXPECT_EQ(people_.day_asked.exchange(0), 4);
  EXPECT_THAT(Candidates(kHr, vacancy->name()), IsOk());
  EXPECT_EQ(people_.day_asked.exchange(0), 4);
  EXPECT_THAT(Decide(kMayor, vacancy->name(), "officer"), IsOk());
  EXPECT_EQ(people_.day_asked, 4);
}

TEST_F(VacanciesTest, IsWithdrawnWithAReason) {
  const auto vacancy = Enter();
  ASSERT_THAT(vacancy, IsOk());
  v1::CloseVacancyRequest request;
  request.set_name(vacancy->name());
  request.set_reason("Jabatan dihapus");
  EXPECT_THAT(Call<v1::Vacancies>(kMayor, &v1::Vacancies::StubInterface::CloseVacancy, request),
              HasReason(PERMISSION_DENIED));
  EXPECT_EQ(Call<v1::Vacancies>(kHr, &v1::Vacancies::StubInterface::CloseVacancy, request)->state(),
            v1::Vacancy::CLOSED);
  EXPECT_THAT(Decide(kMayor, vacancy->name(), "officer"), HasReason(v1::VACANCY_DECIDED));
}

}  // namespace
}  // namespace teraju::evaluation
