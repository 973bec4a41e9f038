// Who may be whose mentor, and how well they fit.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/engines/allocation/mentor_fit.h"
#include "common/engines/allocation/mentoring.h"
#include "services/training/domain/derivation.h"
#include "teraju/training/v1/mentoring_preferences_service.pb.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training::domain {

// Someone's grade (golongan) as identity has it: `11` to `45`, or a Roman numeral for PPPK.
struct StaffMember {
  std::string employee;
  std::string grade;
};

// Years of career in one number that grows: 4 per golongan, 1 per ruang; PPPK IX stands with III/a.
// 0 when unknown.
int Seniority(const std::string& grade);
// Penata (III/c) and above.
inline constexpr int kSenior = 14;

struct MatchingBasis {
  std::vector<Appraisal> appraisals;
  std::vector<StaffMember> staff;
  // Of each employee: topics and weights of open needs, the most urgent first.
  std::map<std::string, std::vector<std::pair<std::string, Decimal>>> needs;
  std::map<std::string, std::set<std::string>> learnt;     // topics of completed courses
  std::set<std::pair<std::string, std::string>> vetoes;    // mentor, mentee
  std::map<std::string, int> mentees_of;                   // mentor to open mentorships
  std::set<std::string> have_mentor;                       // with an open mentorship
  std::map<std::string, std::set<std::string>> languages;  // of those who have named some
  std::set<std::string> without_mentees;                   // who want none
};

// A mentee is someone with a rating below expectation; a mentor someone above expectation in
// results, not below in conduct, senior by grade and by more than the mentee, and strong in
// something that the mentee needs: kResultTopic, with conduct above expectation kBehaviorTopic, and
// what the mentor has learnt; nobody who wants no mentees. How well two fit is the engine's
// (common/engines/allocation/mentor_fit.h); years of experience are estimated from the grade.
struct MatchingProblem {
  std::vector<allocation::Mentor> mentors;
  std::vector<allocation::Mentee> mentees;
  allocation::MentoringProblem problem;
};
MatchingProblem MakeProblem(const MatchingBasis& basis, int capacity);

// The pairs with their reasons; sets the counts and the state of `run`, and who got no mentor.
std::vector<v1::Mentorship> Conclude(v1::MatchingRun& run,
                                     const MatchingBasis& basis,
                                     const MatchingProblem& matching,
                                     const std::vector<allocation::Match>& matches);

// INVALID_ARGUMENT naming each language that is no ISO 639 code, or named twice.
absl::Status CheckPreference(const v1::MentoringPreference& preference);

// FAILED_PRECONDITION (MATCHING_RUN_SOLVED).
absl::Status CheckSolvable(const v1::MatchingRun& run);

}  // namespace teraju::training::domain
