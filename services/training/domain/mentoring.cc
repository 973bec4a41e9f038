#include "services/training/domain/mentoring.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

// The best of those whom a mentee may have: more would not change the matching, only its cost.
constexpr int kCandidatesPerMentee = 40;
constexpr int kLongestClimb = 8;

// Steps from one unit to the other over the unit that both stand under.
int Distance(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t up = 0; up < a.size(); ++up) {
    const auto shared = std::find(b.begin(), b.end(), a[up]);
    if (shared != b.end()) return static_cast<int>(up + (shared - b.begin()));
  }
  return static_cast<int>(a.size() + b.size());
}

int Fit(int distance, int seniority_difference) {
  return 100 - 10 * std::min(distance, kLongestClimb) + std::min(seniority_difference, 8);
}

std::map<std::string, int> Seniorities(const std::vector<StaffMember>& staff) {
  std::map<std::string, int> seniorities;
  for (const StaffMember& member : staff) {
    seniorities[member.employee] = Seniority(member.grade);
  }
  return seniorities;
}

int SeniorityOf(const std::map<std::string, int>& seniorities, const std::string& employee) {
  const auto found = seniorities.find(employee);
  return found == seniorities.end() ? 0 : found->second;
}

}  // namespace

int Seniority(const std::string& grade) {
  if (grade.size() == 2 && grade[0] >= '1' && grade[0] <= '4' && grade[1] >= '1' &&
      grade[1] <= '5') {
    return (grade[0] - '1') * 4 + (grade[1] - '0') + 3;
  }
  static constexpr std::array kRoman = {"I",
                                        "II",
                                        "III",
                                        "IV",
                                        "V",
                                        "VI",
                                        "VII",
                                        "VIII",
                                        "IX",
                                        "X",
                                        "XI",
                                        "XII",
                                        "XIII",
                                        "XIV",
                                        "XV",
                                        "XVI",
                                        "XVII"};
  const auto* at = std::find(kRoman.begin(), kRoman.end(), grade);
  // PPPK IX is the entry of graduates, as III/a is.
  return at == kRoman.end() ? 0 : static_cast<int>(at - kRoman.begin()) + 4;
}

MatchingProblem MakeProblem(const MatchingBasis& basis, int capacity) {
  MatchingProblem matching;
  const auto seniorities = Seniorities(basis.staff);
  for (const auto& [employee, appraisal] : LastSegments(basis.appraisals)) {
    const bool low = appraisal->result_below || appraisal->behavior_below;
    if (low && !basis.have_mentor.contains(employee)) matching.mentees.push_back(appraisal);
    if (!appraisal->result_above || low || SeniorityOf(seniorities, employee) < kSenior) continue;
    const auto open = basis.mentees_of.find(employee);
    matching.mentors.push_back(appraisal);
    matching.problem.capacities.push_back(
        std::max(0, capacity - (open == basis.mentees_of.end() ? 0 : open->second)));
  }
  matching.problem.mentees = static_cast<int>(matching.mentees.size());
  for (std::size_t e = 0; e < matching.mentees.size(); ++e) {
    const Appraisal& mentee = *matching.mentees[e];
    std::vector<std::pair<int, int>> fits;  // -fit, mentor
    for (std::size_t r = 0; r < matching.mentors.size(); ++r) {
      const Appraisal& mentor = *matching.mentors[r];
      const int difference =
          SeniorityOf(seniorities, mentor.employee) - SeniorityOf(seniorities, mentee.employee);
      if (difference <= 0) continue;
      fits.emplace_back(-Fit(Distance(mentee.unit_path, mentor.unit_path), difference),
                        static_cast<int>(r));
    }
    const auto kept = fits.begin() + std::min<std::size_t>(fits.size(), kCandidatesPerMentee);
    std::partial_sort(fits.begin(), kept, fits.end());
    for (auto fit = fits.begin(); fit != kept; ++fit) {
      const std::string& mentor = matching.mentors[fit->second]->employee;
      allocation::Exclusion exclusion = allocation::Exclusion::kNone;
      if (basis.vetoes.contains({mentor, mentee.employee})) {
        exclusion = allocation::Exclusion::kVetoed;
      }
      if (mentor == mentee.appraiser) exclusion = allocation::Exclusion::kDirectSuperior;
      matching.problem.candidates.push_back({.mentor = fit->second,
                                             .mentee = static_cast<int>(e),
                                             .score = Decimal(-fit->first),
                                             .exclusion = exclusion});
    }
  }
  return matching;
}

namespace {

struct Place {
  const char* id;
  const char* en;
};

Place PlaceOf(int distance) {
  if (distance == 0) return {"di unit yang sama", "in the same unit"};
  if (distance <= 2) return {"di unit yang berdekatan", "in a unit nearby"};
  return {"di unit lain", "in another unit"};
}

}  // namespace

std::vector<v1::Mentorship> Conclude(v1::MatchingRun& run,
                                     const MatchingBasis& basis,
                                     const MatchingProblem& matching,
                                     const std::vector<allocation::Match>& matches) {
  std::vector<v1::Mentorship> pairs;
  for (std::size_t e = 0; e < matches.size(); ++e) {
    if (matches[e].mentor < 0) continue;
    const Appraisal& mentor = *matching.mentors[matches[e].mentor];
    const Appraisal& mentee = *matching.mentees[e];
    const auto topic = basis.topics.find(mentee.employee);
    const Place place = PlaceOf(Distance(mentee.unit_path, mentor.unit_path));
    v1::Mentorship& pair = pairs.emplace_back();
    pair.set_mentor(mentor.employee);
    pair.set_mentee(mentee.employee);
    pair.set_topic(topic == basis.topics.end() ? kResultTopic : topic->second);
    pair.set_state(v1::Mentorship::PROPOSED);
    // What the mentee was rated is not the mentor's to read.
    pair.set_reason_id(absl::StrCat("Mentor berpengalaman dengan hasil di atas ekspektasi, ",
                                    place.id,
                                    "; pilihan ke-",
                                    matches[e].rank,
                                    " dari ",
                                    matches[e].allowed,
                                    ". Topik: ",
                                    pair.topic(),
                                    "."));
    pair.set_reason_en(absl::StrCat("An experienced mentor with results above expectation, ",
                                    place.en,
                                    "; choice ",
                                    matches[e].rank,
                                    " of ",
                                    matches[e].allowed,
                                    ". Topic: ",
                                    pair.topic(),
                                    "."));
  }
  run.set_state(v1::MatchingRun::SOLVED);
  run.set_mentors(static_cast<int>(matching.mentors.size()));
  run.set_mentees(static_cast<int>(matching.mentees.size()));
  run.set_pairs(static_cast<int>(pairs.size()));
  return pairs;
}

absl::Status CheckSolvable(const v1::MatchingRun& run) {
  if (run.state() == v1::MatchingRun::DRAFT) return absl::OkStatus();
  return errors::FailedPrecondition(v1::MATCHING_RUN_SOLVED, "Make a new run.");
}

}  // namespace teraju::training::domain
