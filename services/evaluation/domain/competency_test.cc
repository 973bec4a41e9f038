#include "services/evaluation/domain/competency.h"

#include <algorithm>
#include <map>
#include <random>

#include "common/testing/status_matchers.h"
#include "common/time/period.h"
#include "gmock/gmock.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

using testing::HasMetadata;
using testing::HasReason;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;
using testing::ViolatesField;
using v1::AssessedCompetency;

const absl::Time kAssessTime = absl::FromUnixSeconds(1'765'000'000);
constexpr absl::CivilDay kAssessDay(2025, 12, 6);
constexpr const char* kNames[] = {"INTEGRITAS", "KERJA_SAMA", "MENGELOLA_PERUBAHAN"};

CompetencyStandard StandardOf(const std::string& family, int competencies = 3, int level = 3) {
  CompetencyStandard standard{"standards/" + family, family, {}};
  for (int i = 0; i < competencies; ++i) {
    AssessedCompetency& one = standard.required.emplace_back();
    one.set_competency(i < 3 ? kNames[i] : "TEKNIS_" + std::to_string(i));
    one.set_kind(AssessedCompetency::MANAGERIAL);
    one.set_required_level(level);
  }
  return standard;
}

v1::WorkPlan PlanIn(const std::string& unit = "dinas") {
  v1::WorkPlan plan;
  plan.set_name("agencies/a/workPlans/1");
  plan.set_cycle("agencies/a/cycles/2025");
  v1::Snapshot& snapshot = *plan.mutable_snapshot();
  snapshot.set_employee("agencies/a/employees/e");
  snapshot.set_position_title("Pranata Komputer");
  snapshot.set_position_kind("FUNCTIONAL");
  for (const std::string& one : {std::string("seksi"), unit, std::string("kota")})
    snapshot.add_unit_path(one);
  return plan;
}

using Levels = google::protobuf::RepeatedPtrField<v1::CompetencyLevel>;

v1::CompetencyLevel Level(const std::string& competency,
                          int level,
                          const std::string& evidence = "") {
  v1::CompetencyLevel one;
  one.set_competency(competency);
  one.set_level(level);
  one.set_evidence(evidence);
  return one;
}

Levels LevelsOf(const std::vector<v1::CompetencyLevel>& levels) {
  return {levels.begin(), levels.end()};
}

Assessment Opened(int competencies = 3) {
  return OpenAssessment(PlanIn(), StandardOf("FUNCTIONAL", competencies), kAssessTime);
}

// Every competency with its actual level, in the order of the standard.
Assessment AssessedAs(const std::vector<int>& actual) {
  Assessment assessment = Opened(static_cast<int>(actual.size()));
  Levels levels;
  for (std::size_t i = 0; i < actual.size(); ++i) {
    *levels.Add() =
        Level(assessment.competencies(static_cast<int>(i)).competency(), actual[i], "Uji");
  }
  EXPECT_THAT(SetLevels(assessment, CompetencyAction::kAssess, levels), IsOk());
  return assessment;
}

Assessment Submitted(const std::vector<int>& actual = {3, 2, 4}) {
  Assessment assessment = AssessedAs(actual);
  EXPECT_THAT(SubmitAssessment(assessment, kAssessDay, kAssessTime), IsOk());
  return assessment;
}

TEST(CompetencyStates, EveryActionInEveryStateDoesWhatTheTableSays) {
  using S = Assessment;
  using A = CompetencyAction;
  const std::map<std::pair<S::State, A>, S::State> allowed = {
      {{S::DRAFT, A::kAssessSelf}, S::DRAFT},
      {{S::DRAFT, A::kAssess}, S::DRAFT},
      {{S::DRAFT, A::kSubmit}, S::SUBMITTED},
      {{S::DRAFT, A::kCancel}, S::CANCELLED},
      {{S::SUBMITTED, A::kReturn}, S::DRAFT},
      {{S::SUBMITTED, A::kAcknowledge}, S::FINAL},
      {{S::SUBMITTED, A::kConclude}, S::FINAL},
      {{S::SUBMITTED, A::kCancel}, S::CANCELLED}};
  const auto* states = S::State_descriptor();
  for (int i = 0; i < states->value_count(); ++i) {
    const auto state = static_cast<S::State>(states->value(i)->number());
    for (const A action : kCompetencyActions) {
      S assessment;
      assessment.set_state(state);
      const absl::Status status = MoveAssessment(assessment, action);
      const auto cell = allowed.find({state, action});
      SCOPED_TRACE(S::State_Name(state) + " " + std::string(ActionName(action)));
      EXPECT_EQ(status.ok(), cell != allowed.end()) << status;
      EXPECT_EQ(assessment.state(), cell != allowed.end() ? cell->second : state);
      if (!status.ok()) {
        EXPECT_THAT(status, HasReason(v1::COMPETENCY_WRONG_STATE));
      }
    }
  }
}

TEST(ChooseStandard, TakesTheNamedOneThenThatOfTheTitleThenThatOfTheKind) {
  const std::vector<CompetencyStandard> standards = {
      StandardOf("FUNCTIONAL"), StandardOf("STRUCTURAL_III"), StandardOf("Pranata Komputer")};
  v1::Snapshot post = PlanIn().snapshot();
  EXPECT_EQ(ChooseStandard(standards, "standards/STRUCTURAL_III", post, "")->job_family,
            "STRUCTURAL_III");
  EXPECT_EQ(ChooseStandard(standards, "", post, "")->job_family, "Pranata Komputer");
  post.set_position_title("Arsiparis");
  EXPECT_EQ(ChooseStandard(standards, "", post, "")->job_family, "FUNCTIONAL");
  post.set_position_kind("STRUCTURAL");
  EXPECT_EQ(ChooseStandard(standards, "", post, "32")->job_family, "STRUCTURAL_III");
  for (const char* echelon : {"", "22", "41", "11", "?"}) {
    EXPECT_THAT(ChooseStandard(standards, "", post, echelon),
                HasReason(v1::COMPETENCY_STANDARD_MISSING));
  }
  EXPECT_THAT(ChooseStandard(standards, "standards/other", post, "31"),
              HasMetadata("position", "Arsiparis"));
}

TEST(SetLevels, KeepsTheOwnViewBesideTheAssessors) {
  Assessment assessment = Opened();
  EXPECT_EQ(assessment.competencies(0).required_level(), 3);
  EXPECT_THAT(
      SetLevels(
          assessment, CompetencyAction::kAssessSelf, LevelsOf({Level("INTEGRITAS", 5, "Saya")})),
      IsOk());
  EXPECT_THAT(
      SetLevels(assessment,
                CompetencyAction::kAssess,
                LevelsOf({Level("INTEGRITAS", 4), Level("KERJA_SAMA", 3), Level(kNames[2], 2)})),
      IsOk());
  const AssessedCompetency& integrity = assessment.competencies(0);
  EXPECT_EQ(integrity.self_level(), 5);
  EXPECT_EQ(integrity.assessed_level(), 4);
  EXPECT_EQ(integrity.evidence(), "");
  EXPECT_EQ(integrity.standing(), AssessedCompetency::STRENGTH);
  EXPECT_EQ(assessment.competencies(1).standing(), AssessedCompetency::AS_REQUIRED);
  EXPECT_EQ(assessment.competencies(2).standing(), AssessedCompetency::WEAKNESS);
}

TEST(SetLevels, AsksForEvidenceTwoStepsAwayInEitherDirection) {
  for (int level = 1; level <= 5; ++level) {
    Assessment assessment = Opened();
    const absl::Status bare =
        SetLevels(assessment, CompetencyAction::kAssess, LevelsOf({Level("INTEGRITAS", level)}));
    if (level == 1 || level == 5) {
      EXPECT_THAT(bare, ViolatesField("levels[0].evidence")) << level;
    } else {
      EXPECT_THAT(bare, IsOk()) << level;
    }
    Assessment founded = Opened();
    EXPECT_THAT(SetLevels(founded,
                          CompetencyAction::kAssess,
                          LevelsOf({Level("INTEGRITAS", level, "Tes 3 November")})),
                IsOk());
    EXPECT_THAT(
        SetLevels(founded, CompetencyAction::kAssessSelf, LevelsOf({Level("INTEGRITAS", level)})),
        IsOk());
  }
}

TEST(SetLevels, RefusesWhatIsNotInTheStandardOrNamedTwice) {
  Assessment assessment = Opened();
  const absl::Status status =
      SetLevels(assessment,
                CompetencyAction::kAssess,
                LevelsOf({Level("SIHIR", 3), Level("INTEGRITAS", 3), Level("INTEGRITAS", 2)}));
  EXPECT_THAT(status, ViolatesField("levels[0].competency"));
  EXPECT_THAT(status, ViolatesField("levels[2].competency"));
}

// PermenPANRB 38/2017, worked: nine competencies at level 3.
TEST(SubmitAssessment, ComputesTheJobPersonMatchCappedAndExactly) {
  const Assessment lower = Submitted({3, 3, 2, 3, 3, 2, 3, 3, 3});
  EXPECT_EQ(lower.match().percent().value(), "92.59");
  EXPECT_EQ(lower.match().match_class(), "OPTIMAL");
  EXPECT_THAT(lower.match().text_id(), HasSubstr("92.59%"));
  EXPECT_THAT(lower.match().text_en(), HasSubstr("optimal"));
  EXPECT_EQ(lower.match().pack(), "jpm");
  EXPECT_EQ(lower.match().digest().size(), 64u);
  // What is above in one competency does not make up for another.
  EXPECT_EQ(Submitted({4, 4, 2, 3, 3, 2, 3, 3, 3}).match().percent().value(), "92.59");
  EXPECT_EQ(Submitted({2, 2, 2}).match().match_class(), "LESS_OPTIMAL");
  EXPECT_EQ(Submitted({2, 3, 2}).match().match_class(), "LESS_OPTIMAL");  // 77.78
  EXPECT_EQ(Submitted({2, 3, 3}).match().match_class(), "FAIRLY_OPTIMAL");
}

// KKP 39/2023, art. 52, beside the general bands: 85.19 % of what is required.
TEST(SubmitAssessment, IsJudgedByTheBandsOfTheStandard) {
  const auto judged = [](const std::string& bands, const std::vector<int>& levels) {
    Assessment assessment = AssessedAs(levels);
    assessment.set_match_bands(bands);
    EXPECT_THAT(SubmitAssessment(assessment, kAssessDay, kAssessTime), IsOk());
    return assessment.match().match_class();
  };
  const std::vector<int> levels = {3, 3, 1, 3, 3, 2, 3, 2, 3};
  EXPECT_EQ(judged("GENERAL", levels), "FAIRLY_OPTIMAL");
  EXPECT_EQ(judged("KKP_JPT", levels), "FAIRLY_OPTIMAL");
  EXPECT_EQ(judged("KKP_OTHER", levels), "OPTIMAL");
  EXPECT_EQ(judged("KKP_JPT", {3, 3, 2, 2}), "LESS_OPTIMAL");  // 83.33
  EXPECT_EQ(judged("", levels), "FAIRLY_OPTIMAL");
}

TEST(SubmitAssessment, CountsWhatIsAboveWhereTheStandardSaysSo) {
  CompetencyStandard standard = StandardOf("FUNCTIONAL");
  standard.counts_above = true;
  standard.match_bands = "KKP_JPT";
  Assessment assessment = OpenAssessment(PlanIn(), standard, kAssessTime);
  EXPECT_EQ(assessment.match_bands(), "KKP_JPT");
  ASSERT_THAT(SetLevels(assessment,
                        CompetencyAction::kAssess,
                        LevelsOf({Level(kNames[0], 4), Level(kNames[1], 3), Level(kNames[2], 2)})),
              IsOk());
  ASSERT_THAT(SubmitAssessment(assessment, kAssessDay, kAssessTime), IsOk());
  EXPECT_EQ(assessment.match().percent().value(), "100.00");
}

TEST(SubmitAssessment, RefusesWhileALevelIsMissing) {
  Assessment assessment = Opened();
  ASSERT_THAT(SetLevels(assessment, CompetencyAction::kAssess, LevelsOf({Level("INTEGRITAS", 3)})),
              IsOk());
  const absl::Status status = SubmitAssessment(assessment, kAssessDay, kAssessTime);
  EXPECT_THAT(status, HasReason(v1::COMPETENCY_INCOMPLETE));
  EXPECT_THAT(status, HasMetadata("missing", "2"));
}

TEST(ReturnAssessment, IsPossibleOnce) {
  Assessment assessment = Submitted();
  EXPECT_THAT(ReturnAssessment(assessment, "Uji ulang integritas"), IsOk());
  EXPECT_EQ(assessment.state(), Assessment::DRAFT);
  EXPECT_FALSE(assessment.has_match());
  ASSERT_THAT(SubmitAssessment(assessment, kAssessDay + 3, kAssessTime), IsOk());
  EXPECT_THAT(ReturnAssessment(assessment, "Lagi"), HasReason(v1::COMPETENCY_RETURNED));
  EXPECT_EQ(assessment.return_comment(), "Uji ulang integritas");
}

TEST(AcknowledgeAssessment, MakesItFinalWithThePersonsWords) {
  Assessment assessment = Submitted();
  EXPECT_THAT(AcknowledgeAssessment(assessment, "Sepakat", kAssessTime), IsOk());
  EXPECT_EQ(assessment.state(), Assessment::FINAL);
  EXPECT_EQ(assessment.acknowledgement(), "Sepakat");
  EXPECT_TRUE(assessment.has_final_time());
}

TEST(ConcludeAssessment, LeavesThePersonFourteenDays) {
  Assessment early = Submitted();
  EXPECT_EQ(time::FormatDay(*time::ToCivilDay(early.respond_until_date())), "2025-12-20");
  const absl::Status status = ConcludeAssessment(early, kAssessDay + 14, kAssessTime);
  EXPECT_THAT(status, HasReason(v1::COMPETENCY_TOO_EARLY));
  EXPECT_THAT(status, HasMetadata("until", "2025-12-20"));
  Assessment late = Submitted();
  EXPECT_THAT(ConcludeAssessment(late, kAssessDay + 15, kAssessTime), IsOk());
  EXPECT_EQ(late.state(), Assessment::FINAL);
  EXPECT_FALSE(late.has_acknowledge_time());
}

TEST(CancelAssessment, KeepsTheReasonAndLeavesWhatIsFinal) {
  Assessment assessment = Submitted();
  EXPECT_THAT(CancelAssessment(assessment, "Standar keliru"), IsOk());
  EXPECT_EQ(assessment.cancel_reason(), "Standar keliru");
  Assessment done = Submitted();
  ASSERT_THAT(AcknowledgeAssessment(done, "", kAssessTime), IsOk());
  EXPECT_THAT(CancelAssessment(done, "Terlambat"), HasMetadata("allowed", "DRAFT, SUBMITTED"));
}

void AddPeople(std::vector<Assessment>& people, int number, const std::string& unit, int level) {
  for (int i = 0; i < number; ++i) {
    Assessment& one = people.emplace_back(AssessedAs({level}));
    *one.mutable_snapshot() = PlanIn(unit).snapshot();
  }
}

const v1::CompetencyCounts* CountsIn(const std::vector<v1::CompetencyCounts>& profile,
                                     const std::string& unit) {
  for (const v1::CompetencyCounts& counts : profile) {
    if (counts.unit() == unit) return &counts;
  }
  return nullptr;
}

TEST(CountCompetencies, CountsByUnitRightBelowTheRoot) {
  std::vector<Assessment> people;
  AddPeople(people, 5, "a", 4);
  AddPeople(people, 4, "a", 2);
  AddPeople(people, 6, "a", 3);
  AddPeople(people, 8, "b", 4);
  AddPeople(people, 7, "b", 2);
  AddPeople(people, 9, "b", 3);
  const auto profile = CountCompetencies(people, 3);
  ASSERT_EQ(profile.size(), 3u);  // sections are part of their office
  const v1::CompetencyCounts& a = *CountsIn(profile, "a");
  EXPECT_EQ(a.competency(), "INTEGRITAS");
  EXPECT_EQ(a.assessed(), 15);
  EXPECT_EQ(a.strengths(), 5);
  EXPECT_EQ(a.as_required(), 6);
  EXPECT_EQ(a.weaknesses(), 4);
  EXPECT_EQ(CountsIn(profile, "kota")->weaknesses(), 11);
}

// Two people of unit `a` lack what the post requires.
TEST(CountCompetencies, WithholdsSmallGroupsAndWhatWouldTellThem) {
  std::vector<Assessment> people;
  AddPeople(people, 5, "a", 4);
  AddPeople(people, 6, "a", 3);
  AddPeople(people, 2, "a", 2);
  AddPeople(people, 8, "b", 4);
  AddPeople(people, 9, "b", 3);
  AddPeople(people, 7, "b", 2);
  const auto profile = CountCompetencies(people, 3);
  const v1::CompetencyCounts& a = *CountsIn(profile, "a");
  EXPECT_FALSE(a.has_weaknesses());
  // Not by row: the whole less both other counts.
  EXPECT_FALSE(a.has_assessed() && a.has_strengths() && a.has_as_required());
  // Not by column: the agency less the other unit.
  EXPECT_FALSE(CountsIn(profile, "kota")->has_weaknesses() &&
               CountsIn(profile, "b")->has_weaknesses());
  // The control: with a threshold of one nothing is withheld.
  const auto open = CountCompetencies(people, 1);
  EXPECT_EQ(CountsIn(open, "a")->weaknesses(), 2);
}

// 5,000 people in 40 units, ten competencies.
TEST(CountCompetencies, KeepMostOfWhatACityMayKnow) {
  std::mt19937_64 random(2025);
  std::vector<Assessment> people(5000);
  for (std::size_t i = 0; i < people.size(); ++i) {
    people[i].mutable_snapshot()->add_unit_path("d" + std::to_string(i % 40));
    people[i].mutable_snapshot()->add_unit_path("kota");
    for (int c = 0; c < 10; ++c) {
      AssessedCompetency& one = *people[i].add_competencies();
      one.set_competency("k" + std::to_string(c));
      one.set_standing(static_cast<AssessedCompetency::Standing>(1 + random() % 3));
    }
  }
  const auto profile = CountCompetencies(people, 3);
  EXPECT_EQ(profile.size(), 410u);
  const auto shown = std::count_if(profile.begin(), profile.end(), [](const auto& counts) {
    return counts.has_assessed() && counts.has_weaknesses() && counts.has_strengths();
  });
  EXPECT_GT(shown, 400);
}

TEST(CountCompetencies, SayNothingOfAUnitOfTwo) {
  std::vector<Assessment> people;
  AddPeople(people, 2, "a", 2);
  EXPECT_THAT(CountCompetencies(people, 3), IsEmpty());
}

}  // namespace
}  // namespace teraju::evaluation::domain
