// Who may be whose mentor, and how well they fit.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "common/engines/allocation/mentoring.h"
#include "services/training/domain/derivation.h"
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
  std::map<std::string, std::string> topics;             // employee to the most urgent topic
  std::set<std::pair<std::string, std::string>> vetoes;  // mentor, mentee
  std::map<std::string, int> mentees_of;                 // mentor to open mentorships
  std::set<std::string> have_mentor;                     // with an open mentorship
};

// A mentee is someone with a rating below expectation; a mentor someone above expectation in
// results, not below in conduct, senior by grade and by more than the mentee. Fit falls with the
// distance in the unit tree and grows with the difference in grade, up to two golongan.
struct MatchingProblem {
  std::vector<const Appraisal*> mentors;
  std::vector<const Appraisal*> mentees;
  allocation::MentoringProblem problem;
};
MatchingProblem MakeProblem(const MatchingBasis& basis, int capacity);

// The pairs with their reasons; sets the counts and the state of `run`.
std::vector<v1::Mentorship> Conclude(v1::MatchingRun& run,
                                     const MatchingBasis& basis,
                                     const MatchingProblem& matching,
                                     const std::vector<allocation::Match>& matches);

// FAILED_PRECONDITION (MATCHING_RUN_SOLVED).
absl::Status CheckSolvable(const v1::MatchingRun& run);

}  // namespace teraju::training::domain
