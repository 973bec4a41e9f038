#include "services/evaluation/domain/promotion.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/decimal/rounding.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kYears = 2;
constexpr char kAchieved[] = "100";

constexpr const char* kPredicateId[] = {
    "", "Sangat Baik", "Baik", "Butuh Perbaikan", "Kurang", "Sangat Kurang"};
constexpr const char* kPredicateEn[] = {
    "", "Very Good", "Good", "Needs Improvement", "Poor", "Very Poor"};

bool IsCode(std::string_view text, char first, char last) {
  return text.size() == 2 && text[0] >= '1' && text[0] <= '4' && text[1] >= first &&
         text[1] <= last;
}

// `33` as III/c.
std::string GradeText(std::string_view grade) {
  constexpr const char* kRoman[] = {"", "I", "II", "III", "IV"};
  if (!IsCode(grade, '1', '5')) return std::string(grade);
  return absl::StrCat(
      kRoman[grade[0] - '0'], "/", std::string(1, static_cast<char>('a' + grade[1] - '1')));
}

// `31` as III.a.
std::string EchelonText(std::string_view echelon) {
  std::string text = GradeText(echelon);
  std::replace(text.begin(), text.end(), '/', '.');
  return text;
}

bool AtLeast(const std::string& value, const std::string& least) {
  const auto have = Decimal::Parse(value);
  const auto need = Decimal::Parse(least);
  return have.ok() && need.ok() && ToRational(*have) >= ToRational(*need);
}

v1::CandidateGround Ground(
    const char* code, bool required, bool met, std::string id, std::string en) {
  v1::CandidateGround ground;
  ground.set_code(code);
  ground.set_required(required);
  ground.set_met(met);
  ground.set_text_id(std::move(id));
  ground.set_text_en(std::move(en));
  return ground;
}

v1::CandidateGround ByPredicates(const v1::Vacancy& vacancy, const CandidateFacts& facts) {
  int reached = 0;
  std::vector<std::string> id, en;
  for (const YearlyPredicate& year : facts.years) {
    reached += year.predicate != v1::PREDICATE_UNSPECIFIED &&
               year.predicate <= vacancy.minimum_predicate();
    id.push_back(absl::StrCat(kPredicateId[year.predicate], " (", year.cycle, ")"));
    en.push_back(absl::StrCat(kPredicateEn[year.predicate], " (", year.cycle, ")"));
  }
  return Ground("PREDICATES",
                true,
                reached >= vacancy.years(),
                absl::StrCat("Predikat tahunan terakhir: ",
                             absl::StrJoin(id, ", "),
                             "; syarat ",
                             vacancy.years(),
                             " tahun terakhir sekurang-kurangnya ",
                             kPredicateId[vacancy.minimum_predicate()],
                             ", terpenuhi ",
                             reached,
                             "."),
                absl::StrCat("Latest annual predicates: ",
                             absl::StrJoin(en, ", "),
                             "; required: the latest ",
                             vacancy.years(),
                             " at least ",
                             kPredicateEn[vacancy.minimum_predicate()],
                             ", met ",
                             reached,
                             "."));
}

v1::CandidateGround ByAchievement(const v1::Vacancy& vacancy, const CandidateFacts& facts) {
  const std::string& least = vacancy.minimum_achievement().value();
  if (facts.mean_achievement.empty()) {
    return Ground("ACHIEVEMENT",
                  true,
                  false,
                  "Tidak ada capaian target yang dicatat pada tahun terakhir.",
                  "No achievement of targets was recorded in the latest year.");
  }
  return Ground("ACHIEVEMENT",
                true,
                AtLeast(facts.mean_achievement, least),
                absl::StrCat("Rata-rata capaian target tahun terakhir ",
                             facts.mean_achievement,
                             "%; syarat ",
                             least,
                             "%."),
                absl::StrCat("Mean achievement of targets in the latest year ",
                             facts.mean_achievement,
                             "%; required ",
                             least,
                             "%."));
}

v1::CandidateGround ByGrade(const v1::Vacancy& vacancy, const CandidateFacts& facts) {
  const bool comparable = IsCode(facts.grade, '1', '5');
  const std::string have = facts.grade.empty() ? "-" : GradeText(facts.grade);
  const std::string need = GradeText(vacancy.minimum_grade());
  return Ground("GRADE",
                true,
                comparable && facts.grade >= vacancy.minimum_grade(),
                absl::StrCat("Golongan ", have, "; syarat sekurang-kurangnya ", need, "."),
                absl::StrCat("Grade ", have, "; required at least ", need, "."));
}

v1::CandidateGround ByLevel(const v1::Vacancy& vacancy, const CandidateFacts& facts) {
  const std::string post = EchelonText(vacancy.echelon());
  if (facts.echelon.empty()) {
    return Ground("LEVEL",
                  true,
                  true,
                  absl::StrCat("Belum memegang eselon; jabatan ini eselon ", post, "."),
                  absl::StrCat("Holds no echelon; the post is of echelon ", post, "."));
  }
  const std::string have = EchelonText(facts.echelon);
  return Ground("LEVEL",
                true,
                facts.echelon > vacancy.echelon(),  // the lower the number, the higher the post
                absl::StrCat("Sekarang eselon ", have, "; jabatan ini eselon ", post, "."),
                absl::StrCat("At echelon ", have, " now; the post is of echelon ", post, "."));
}

v1::CandidateGround ByCitizens(const v1::Vacancy& vacancy,
                               const CandidateFacts& facts,
                               const std::vector<SurveyIndex>& surveys) {
  const bool required = vacancy.has_minimum_index();
  for (const std::string& unit : facts.unit_path) {
    const auto found = std::find_if(
        surveys.begin(), surveys.end(), [&](const SurveyIndex& one) { return one.unit == unit; });
    if (found == surveys.end() || found->index.empty()) continue;
    const bool met = !required || AtLeast(found->index, vacancy.minimum_index().value());
    std::string id = absl::StrCat("Kepuasan warga pada unit tempat bekerja: IKM ",
                                  found->index,
                                  ", mutu ",
                                  found->grade,
                                  ", n = ",
                                  found->answers,
                                  " jawaban (sampel yang diperlukan ",
                                  found->sample_size,
                                  ")");
    std::string en = absl::StrCat("Satisfaction of citizens with the unit of work: IKM ",
                                  found->index,
                                  ", quality ",
                                  found->grade,
                                  ", n = ",
                                  found->answers,
                                  " answers (sample needed: ",
                                  found->sample_size,
                                  ")");
    if (required) {
      absl::StrAppend(&id, "; syarat ", vacancy.minimum_index().value());
      absl::StrAppend(&en, "; required ", vacancy.minimum_index().value());
    }
    return Ground("CITIZENS", required, met, id + ".", en + ".");
  }
  return Ground("CITIZENS",
                required,
                !required,
                "Tidak ada hasil survei warga untuk unit tempat bekerja.",
                "There is no result of the citizens' survey for the unit of work.");
}

absl::Status EndVacancy(v1::Vacancy& vacancy,
                        VacancyAction action,
                        const v1::VacancyDecision& decision,
                        absl::Time now) {
  const auto next =
      Next(std::span<const VacancyTransition>(kVacancyTransitions), vacancy.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::VACANCY_DECIDED, "The vacancy is not open.")
        .With("state", v1::Vacancy::State_Name(vacancy.state()));
  }
  if (!decision.employee().empty() && decision.employee() == decision.decided_by())
    return errors::FailedPrecondition(v1::VACANCY_OWN, "Nobody chooses oneself.");
  vacancy.set_state(*next);
  *vacancy.mutable_decision() = decision;
  SetTime(*vacancy.mutable_decision()->mutable_decide_time(), now);
  return absl::OkStatus();
}

}  // namespace

std::string_view ActionName(VacancyAction action) {
  switch (action) {
    case VacancyAction::kDecide:
      return "decide";
    case VacancyAction::kClose:
      return "close";
  }
  return "";
}

absl::Status PrepareVacancy(v1::Vacancy& vacancy, absl::Time now) {
  errors::FieldViolations violations;
  if (!vacancy.echelon().empty() && !IsCode(vacancy.echelon(), '1', '2')) {
    violations.Add("vacancy.echelon",
                   "NO_SUCH_ECHELON",
                   "Isi eselon dengan kode SIASN, misalnya 31 untuk III.a.",
                   "Give the echelon by its code in SIASN, such as 31 for III.a.");
  }
  if (!vacancy.minimum_grade().empty() && !IsCode(vacancy.minimum_grade(), '1', '5')) {
    violations.Add("vacancy.minimumGrade",
                   "NO_SUCH_GRADE",
                   "Isi golongan dengan kode SIASN, misalnya 33 untuk III/c.",
                   "Give the grade by its code in SIASN, such as 33 for III/c.");
  }
  if (vacancy.has_minimum_index() && vacancy.citizen_survey().empty()) {
    violations.Add("vacancy.citizenSurvey",
                   "REQUIRED",
                   "Sebutkan survei yang indeksnya disyaratkan.",
                   "Name the survey whose index is required.");
  }
  if (vacancy.years() == 0) vacancy.set_years(kYears);
  if (vacancy.minimum_predicate() == v1::PREDICATE_UNSPECIFIED)
    vacancy.set_minimum_predicate(v1::GOOD);
  if (!vacancy.has_minimum_achievement())
    vacancy.mutable_minimum_achievement()->set_value(kAchieved);
  vacancy.set_state(v1::Vacancy::OPEN);
  vacancy.clear_decision();
  SetTime(*vacancy.mutable_create_time(), now);
  return violations.ToStatus();
}

v1::Candidate Judge(const v1::Vacancy& vacancy,
                    const CandidateFacts& facts,
                    const std::vector<SurveyIndex>& surveys) {
  v1::Candidate candidate;
  candidate.set_employee(facts.employee);
  candidate.set_unit(facts.unit);
  candidate.set_position_title(facts.position_title);
  *candidate.add_grounds() = ByPredicates(vacancy, facts);
  *candidate.add_grounds() = ByAchievement(vacancy, facts);
  if (!vacancy.minimum_grade().empty()) *candidate.add_grounds() = ByGrade(vacancy, facts);
  if (!vacancy.echelon().empty()) *candidate.add_grounds() = ByLevel(vacancy, facts);
  if (!vacancy.citizen_survey().empty())
    *candidate.add_grounds() = ByCitizens(vacancy, facts, surveys);
  if (!facts.feedback_mean.empty()) {
    *candidate.add_grounds() = Ground(
        "FEEDBACK",
        false,
        true,
        absl::StrCat("Rata-rata umpan balik 360 derajat tahun terakhir ", facts.feedback_mean, "."),
        absl::StrCat("Mean of 360-degree feedback in the latest year ", facts.feedback_mean, "."));
  }
  candidate.set_qualifies(MissingOf(candidate) == 0);
  return candidate;
}

int MissingOf(const v1::Candidate& candidate) {
  return static_cast<int>(std::count_if(
      candidate.grounds().begin(),
      candidate.grounds().end(),
      [](const v1::CandidateGround& ground) { return ground.required() && !ground.met(); }));
}

absl::Status DecideVacancy(v1::Vacancy& vacancy,
                           const v1::VacancyDecision& decision,
                           absl::Time now) {
  return EndVacancy(vacancy, VacancyAction::kDecide, decision, now);
}

absl::Status CloseVacancy(v1::Vacancy& vacancy,
                          const v1::VacancyDecision& decision,
                          absl::Time now) {
  return EndVacancy(vacancy, VacancyAction::kClose, decision, now);
}

}  // namespace teraju::evaluation::domain
