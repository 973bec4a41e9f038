// Who qualifies for a vacant higher post by results, and why. A list for the one who decides: it
// moves nobody.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/vacancies_service.pb.h"

namespace teraju::evaluation::domain {

enum class VacancyAction { kDecide, kClose };
inline constexpr VacancyAction kVacancyActions[] = {VacancyAction::kDecide, VacancyAction::kClose};
std::string_view ActionName(VacancyAction action);

using VacancyTransition = Transition<v1::Vacancy::State, VacancyAction>;
inline constexpr VacancyTransition kVacancyTransitions[] = {
    {v1::Vacancy::OPEN, VacancyAction::kDecide, v1::Vacancy::FILLED},
    {v1::Vacancy::OPEN, VacancyAction::kClose, v1::Vacancy::CLOSED},
};

// Fills in what was left out and checks the rest. INVALID_ARGUMENT.
absl::Status PrepareVacancy(v1::Vacancy& vacancy, absl::Time now);

struct YearlyPredicate {
  std::string cycle;  // id
  v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
};

// What citizens say about a unit in a closed survey.
struct SurveyIndex {
  std::string unit;   // name
  std::string index;  // IKM; empty where withheld
  std::string grade;  // A to D
  int answers = 0;
  int sample_size = 0;  // answers needed
};

struct CandidateFacts {
  std::string employee;                // name
  std::string unit;                    // name
  std::vector<std::string> unit_path;  // names, from the unit to the root
  std::string position_title;
  std::vector<YearlyPredicate> years;  // latest first, as many as the vacancy asks for at most
  std::string mean_achievement;        // of the latest year, in percent; empty: none
  std::string feedback_mean;           // of 360-degree feedback; empty: none
  std::string grade;                   // golongan
  std::string echelon;                 // of the present post
};

// `surveys` are the results of the vacancy's survey: the nearest unit of the path counts.
v1::Candidate Judge(const v1::Vacancy& vacancy,
                    const CandidateFacts& facts,
                    const std::vector<SurveyIndex>& surveys);

// How many requirements are not met.
int MissingOf(const v1::Candidate& candidate);

// FAILED_PRECONDITION: VACANCY_DECIDED, VACANCY_OWN.
absl::Status DecideVacancy(v1::Vacancy& vacancy,
                           const v1::VacancyDecision& decision,
                           absl::Time now);
absl::Status CloseVacancy(v1::Vacancy& vacancy,
                          const v1::VacancyDecision& decision,
                          absl::Time now);

}  // namespace teraju::evaluation::domain
