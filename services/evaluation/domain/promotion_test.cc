#include "services/evaluation/domain/promotion.h"

#include <map>

#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::IsOk;
using testing::ViolatesField;

const absl::Time kNoon = absl::FromUnixSeconds(1'770'000'000);

v1::Vacancy HeadOfSection() {
  v1::Vacancy vacancy;
  vacancy.set_position_title("Kepala Seksi Perizinan");
  vacancy.set_unit("agencies/a/units/dinas");
  vacancy.set_echelon("41");
  vacancy.set_minimum_grade("33");
  vacancy.set_citizen_survey("agencies/a/citizenSurveys/1");
  EXPECT_THAT(PrepareVacancy(vacancy, kNoon), IsOk());
  return vacancy;
}

CandidateFacts Officer() {
  return {.employee = "agencies/a/employees/o",
          .unit = "agencies/a/units/loket",
          .unit_path = {"agencies/a/units/loket", "agencies/a/units/dinas"},
          .position_title = "Penata Perizinan",
          .years = {{"2025", v1::VERY_GOOD}, {"2024", v1::GOOD}},
          .mean_achievement = "112.08",
          .feedback_mean = "4.2",
          .grade = "33",
          .echelon = ""};
}

const std::vector<SurveyIndex> kSurvey = {{"agencies/a/units/dinas", "84.20", "B", 120, 92},
                                          {"agencies/a/units/lain", "60.00", "D", 50, 44}};

const v1::CandidateGround& Of(const v1::Candidate& candidate, const std::string& code) {
  for (const v1::CandidateGround& ground : candidate.grounds()) {
    if (ground.code() == code) return ground;
  }
  ADD_FAILURE() << code;
  return candidate.grounds(0);
}

TEST(VacancyStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  const std::map<std::pair<v1::Vacancy::State, VacancyAction>, v1::Vacancy::State> allowed = {
      {{v1::Vacancy::OPEN, VacancyAction::kDecide}, v1::Vacancy::FILLED},
      {{v1::Vacancy::OPEN, VacancyAction::kClose}, v1::Vacancy::CLOSED}};
  const auto* states = v1::Vacancy::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<v1::Vacancy::State>(states->value(i)->number());
    for (const VacancyAction action : kVacancyActions) {
      v1::Vacancy vacancy;
      vacancy.set_state(state);
      const absl::Status status = action == VacancyAction::kDecide
                                      ? DecideVacancy(vacancy, {}, kNoon)
                                      : CloseVacancy(vacancy, {}, kNoon);
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(v1::Vacancy::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(vacancy.state(), cell != allowed.end() ? cell->second : state);
      if (!status.ok()) {
        EXPECT_THAT(status, HasReason(v1::VACANCY_DECIDED));
      }
    }
  }
}

TEST(PrepareVacancy, FillsInTheLawsUsualAndRefusesWhatIsNoCode) {
  v1::Vacancy vacancy = HeadOfSection();
  EXPECT_EQ(vacancy.years(), 2);
  EXPECT_EQ(vacancy.minimum_predicate(), v1::GOOD);
  EXPECT_EQ(vacancy.minimum_achievement().value(), "100");
  EXPECT_EQ(vacancy.state(), v1::Vacancy::OPEN);
  vacancy.set_echelon("43");
  vacancy.set_minimum_grade("III/c");
  vacancy.clear_citizen_survey();
  vacancy.mutable_minimum_index()->set_value("80");
  const auto wrong = PrepareVacancy(vacancy, kNoon);
  EXPECT_THAT(wrong, ViolatesField("vacancy.echelon"));
  EXPECT_THAT(wrong, ViolatesField("vacancy.minimumGrade"));
  EXPECT_THAT(wrong, ViolatesField("vacancy.citizenSurvey"));
}

TEST(Judge, TellsWhyInBothLanguages) {
  const v1::Candidate candidate = Judge(HeadOfSection(), Officer(), kSurvey);
  EXPECT_TRUE(candidate.qualifies());
  EXPECT_EQ(candidate.grounds_size(), 6);
  EXPECT_THAT(Of(candidate, "PREDICATES").text_id(), HasSubstr("Sangat Baik (2025), Baik (2024)"));
  EXPECT_THAT(Of(candidate, "PREDICATES").text_en(), HasSubstr("Very Good (2025), Good (2024)"));
  EXPECT_THAT(Of(candidate, "ACHIEVEMENT").text_en(), HasSubstr("112.08%; required 100%"));
  EXPECT_THAT(Of(candidate, "GRADE").text_id(), HasSubstr("Golongan III/c"));
  EXPECT_THAT(Of(candidate, "LEVEL").text_en(), HasSubstr("echelon IV.a"));
  EXPECT_THAT(Of(candidate, "CITIZENS").text_en(), HasSubstr("IKM 84.20, quality B, n = 120"));
  EXPECT_FALSE(Of(candidate, "CITIZENS").required());
  EXPECT_THAT(Of(candidate, "FEEDBACK").text_en(), HasSubstr("4.2"));
}

TEST(Judge, EachRequirementAloneKeepsSomebodyOut) {
  const auto missing = [](const CandidateFacts& facts, const v1::Vacancy& vacancy) {
    const v1::Candidate candidate = Judge(vacancy, facts, kSurvey);
    EXPECT_EQ(candidate.qualifies(), MissingOf(candidate) == 0);
    std::string codes;
    for (const v1::CandidateGround& ground : candidate.grounds()) {
      if (ground.required() && !ground.met()) codes += ground.code() + " ";
    }
    return codes;
  };
  const v1::Vacancy vacancy = HeadOfSection();
  CandidateFacts facts = Officer();
  EXPECT_EQ(missing(facts, vacancy), "");
  facts.years.pop_back();  // served one year only
  EXPECT_EQ(missing(facts, vacancy), "PREDICATES ");
  facts = Officer();
  facts.years[0].predicate = v1::NEEDS_IMPROVEMENT;
  EXPECT_EQ(missing(facts, vacancy), "PREDICATES ");
  facts = Officer();
  facts.mean_achievement = "99.99";
  EXPECT_EQ(missing(facts, vacancy), "ACHIEVEMENT ");
  facts.mean_achievement = "";  // absent is not zero, and not reached either
  EXPECT_EQ(missing(facts, vacancy), "ACHIEVEMENT ");
  for (const char* grade : {"32", "VII", ""}) {
    facts = Officer();
    facts.grade = grade;
    EXPECT_EQ(missing(facts, vacancy), "GRADE ") << grade;
  }
  for (const char* echelon : {"41", "32"}) {
    facts = Officer();
    facts.echelon = echelon;
    EXPECT_EQ(missing(facts, vacancy), "LEVEL ") << echelon;
  }
  facts = Officer();
  facts.echelon = "42";
  EXPECT_EQ(missing(facts, vacancy), "");
  v1::Vacancy strict = vacancy;
  strict.mutable_minimum_index()->set_value("85");
  EXPECT_EQ(missing(facts, strict), "CITIZENS ");
  facts.unit_path = {"agencies/a/units/tanpa"};
  EXPECT_EQ(missing(facts, strict), "CITIZENS ");
  EXPECT_EQ(missing(facts, vacancy), "");  // told, not required
}

TEST(DecideVacancy, NobodyChoosesOneself) {
  v1::Vacancy vacancy = HeadOfSection();
  v1::VacancyDecision decision;
  decision.set_employee("agencies/a/employees/o");
  decision.set_decided_by("agencies/a/employees/o");
  EXPECT_THAT(DecideVacancy(vacancy, decision, kNoon), HasReason(v1::VACANCY_OWN));
  EXPECT_EQ(vacancy.state(), v1::Vacancy::OPEN);
  decision.set_decided_by("agencies/a/officials/mayor");
  ASSERT_THAT(DecideVacancy(vacancy, decision, kNoon), IsOk());
  EXPECT_TRUE(vacancy.decision().has_decide_time());
  EXPECT_THAT(DecideVacancy(vacancy, decision, kNoon), HasMetadata("state", "FILLED"));
}

}  // namespace
}  // namespace teraju::evaluation::domain
