#include "services/training/domain/mentoring.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {
namespace {

// The best of those whom a mentee may have: more would not change the matching, only its cost.
constexpr int kCandidatesPerMentee = 40;
// What a mentor's further mentee must be worth more than another's first, in points of the fit.
constexpr int kLoadCost = 5;
// A ruang is given every four years at the soonest (PP 99/2000 art. 7).
constexpr int kYearsPerRuang = 4;
// Of what a rating asks for, where no need says more: that of a superior's wish.
constexpr int kRatedNeed = 5;

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

namespace {

std::set<std::string> LanguagesOf(const MatchingBasis& basis, const std::string& employee) {
  const auto found = basis.languages.find(employee);
  return found == basis.languages.end() ? std::set<std::string>() : found->second;
}

allocation::Mentor MentorOf(const Appraisal& appraisal, int seniority, const MatchingBasis& basis) {
  allocation::Mentor mentor{.id = appraisal.employee,
                            .strengths = {kResultTopic},
                            .experience = seniority * kYearsPerRuang,
                            .level = static_cast<int>(appraisal.unit_path.size()),
                            .unit_path = appraisal.unit_path};
  mentor.languages = LanguagesOf(basis, appraisal.employee);
  if (appraisal.behavior_above) mentor.strengths.insert(kBehaviorTopic);
  const auto learnt = basis.learnt.find(appraisal.employee);
  if (learnt != basis.learnt.end())
    mentor.strengths.insert(learnt->second.begin(), learnt->second.end());
  return mentor;
}

allocation::Mentee MenteeOf(const Appraisal& appraisal, int seniority, const MatchingBasis& basis) {
  allocation::Mentee mentee{.id = appraisal.employee,
                            .experience = seniority * kYearsPerRuang,
                            .level = static_cast<int>(appraisal.unit_path.size()),
                            .unit_path = appraisal.unit_path,
                            .superior = appraisal.appraiser};
  mentee.languages = LanguagesOf(basis, appraisal.employee);
  const auto needs = basis.needs.find(appraisal.employee);
  if (needs != basis.needs.end()) mentee.needs = needs->second;
  const auto add = [&](bool rated, const char* topic) {
    const bool known = std::any_of(mentee.needs.begin(), mentee.needs.end(), [&](const auto& need) {
      return need.first == topic;
    });
    if (rated && !known) mentee.needs.emplace_back(topic, kRatedNeed);
  };
  add(appraisal.result_below, kResultTopic);
  add(appraisal.behavior_below, kBehaviorTopic);
  return mentee;
}

// For each mentee the best who have something to give, first those who may.
void AddCandidates(const MatchingBasis& basis, MatchingProblem& matching) {
  for (std::size_t e = 0; e < matching.mentees.size(); ++e) {
    std::vector<allocation::Candidate> candidates;
    for (std::size_t r = 0; r < matching.mentors.size(); ++r) {
      const allocation::MentorFit fit =
          allocation::FitOf(matching.mentors[r], matching.mentees[e], basis.vetoes);
      if (fit.need.sign() == 0 || fit.experience.sign() == 0) continue;
      candidates.push_back({.mentor = static_cast<int>(r),
                            .mentee = static_cast<int>(e),
                            .score = fit.Score(),
                            .exclusion = fit.exclusion});
    }
    const auto kept =
        candidates.begin() + std::min<std::size_t>(candidates.size(), kCandidatesPerMentee);
    std::partial_sort(candidates.begin(), kept, candidates.end(), [](const auto& a, const auto& b) {
      const bool a_excluded = a.exclusion != allocation::Exclusion::kNone;
      const bool b_excluded = b.exclusion != allocation::Exclusion::kNone;
      if (a_excluded != b_excluded) return b_excluded;
      return a.score == b.score ? a.mentor < b.mentor : b.score < a.score;
    });
    matching.problem.candidates.insert(matching.problem.candidates.end(), candidates.begin(), kept);
  }
}

// The most urgent of the mentee's needs that the mentor is strong in.
std::string TopicOf(const allocation::Mentor& mentor, const allocation::Mentee& mentee) {
  for (const auto& [topic, weight] : mentee.needs) {
    if (mentor.strengths.contains(topic)) return topic;
  }
  return kResultTopic;
}

Text UnmatchedText(allocation::Unmatched reason) {
  switch (reason) {
    case allocation::Unmatched::kNone:
      return {};
    case allocation::Unmatched::kMentorsFull:
      return {"Mentor yang cocok sudah penuh; naikkan kapasitas atau tambah mentor.",
              "The mentors who fit are full; raise the capacity or find more mentors."};
    case allocation::Unmatched::kNoLanguage:
      return {"Mentor yang cocok tidak berbagi bahasa; sebutkan bahasa lain yang dikuasai.",
              "The mentors who fit share no language; name further languages."};
    case allocation::Unmatched::kOnlyVetoed:
      return {"Mentor yang cocok sudah ditolak salah satu pihak.",
              "The mentors who fit were vetoed by either side."};
    case allocation::Unmatched::kOnlySuperior:
      return {"Satu-satunya mentor yang cocok adalah atasan langsung.",
              "The only mentor who fits is the direct superior."};
    case allocation::Unmatched::kNoCandidate:
      return {"Tidak ada pegawai yang lebih senior dan menguasai yang dibutuhkan.",
              "Nobody more senior is strong in what is needed."};
  }
  return {};
}

v1::UnmatchedMentee UnmatchedOf(const std::string& mentee, allocation::Unmatched reason) {
  const Text text = UnmatchedText(reason);
  v1::UnmatchedMentee unmatched;
  unmatched.set_mentee(mentee);
  unmatched.set_reason_code(allocation::UnmatchedCode(reason));
  unmatched.set_text_id(text.id);
  unmatched.set_text_en(text.en);
  return unmatched;
}

}  // namespace

MatchingProblem MakeProblem(const MatchingBasis& basis, int capacity) {
  MatchingProblem matching;
  matching.problem.load_cost = kLoadCost;
  const auto seniorities = Seniorities(basis.staff);
  for (const auto& [employee, appraisal] : LastSegments(basis.appraisals)) {
    const bool low = appraisal->result_below || appraisal->behavior_below;
    const int seniority = SeniorityOf(seniorities, employee);
    if (low && !basis.have_mentor.contains(employee))
      matching.mentees.push_back(MenteeOf(*appraisal, seniority, basis));
    if (!appraisal->result_above || low || seniority < kSenior) continue;
    if (basis.without_mentees.contains(employee)) continue;
    const auto open = basis.mentees_of.find(employee);
    const int load = open == basis.mentees_of.end() ? 0 : open->second;
    matching.mentors.push_back(MentorOf(*appraisal, seniority, basis));
    matching.problem.capacities.push_back(std::max(0, capacity - load));
    matching.problem.loads.push_back(load);
  }
  matching.problem.mentees = static_cast<int>(matching.mentees.size());
  AddCandidates(basis, matching);
  return matching;
}

std::vector<v1::Mentorship> Conclude(v1::MatchingRun& run,
                                     const MatchingBasis& basis,
                                     const MatchingProblem& matching,
                                     const std::vector<allocation::Match>& matches) {
  std::vector<v1::Mentorship> pairs;
  for (std::size_t e = 0; e < matches.size(); ++e) {
    if (matches[e].mentor < 0) {
      *run.add_unmatched() = UnmatchedOf(matching.mentees[e].id, matches[e].unmatched);
      continue;
    }
    const allocation::Mentor& mentor = matching.mentors[matches[e].mentor];
    const allocation::Mentee& mentee = matching.mentees[e];
    // What the mentee was rated is not the mentor's to read; the fit does not say it.
    const Text fit =
        allocation::FitText(mentor, mentee, allocation::FitOf(mentor, mentee, basis.vetoes));
    const auto choice = absl::StrCat(matches[e].rank);
    const auto choices = absl::StrCat(matches[e].allowed);
    v1::Mentorship& pair = pairs.emplace_back();
    pair.set_mentor(mentor.id);
    pair.set_mentee(mentee.id);
    pair.set_topic(TopicOf(mentor, mentee));
    pair.set_state(v1::Mentorship::PROPOSED);
    pair.set_reason_id(absl::StrCat(fit.id, " Pilihan ke-", choice, " dari ", choices, "."));
    pair.set_reason_en(absl::StrCat(fit.en, " Choice ", choice, " of ", choices, "."));
  }
  run.set_state(v1::MatchingRun::SOLVED);
  run.set_mentors(static_cast<int>(matching.mentors.size()));
  run.set_mentees(static_cast<int>(matching.mentees.size()));
  run.set_pairs(static_cast<int>(pairs.size()));
  return pairs;
}

absl::Status CheckPreference(const v1::MentoringPreference& preference) {
  errors::FieldViolations violations;
  std::set<std::string> named;
  for (int i = 0; i < preference.languages_size(); ++i) {
    const std::string& language = preference.languages(i);
    const std::string field = absl::StrCat("mentoringPreference.languages[", i, "]");
    const bool letters =
        std::all_of(language.begin(), language.end(), [](char c) { return c >= 'a' && c <= 'z'; });
    if (!letters || language.size() < 2 || language.size() > 3) {
      violations.Add(
          field,
          "NOT_A_LANGUAGE",
          "Tulis kode bahasa ISO 639 dari dua atau tiga huruf kecil, misalnya id atau jv.",
          "Write an ISO 639 code of two or three small letters, such as id or jv.");
    } else if (!named.insert(language).second) {
      violations.Add(
          field, "REPEATED", "Sebutkan setiap bahasa satu kali.", "Name each language once.");
    }
  }
  return violations.ToStatus();
}

absl::Status CheckSolvable(const v1::MatchingRun& run) {
  if (run.state() == v1::MatchingRun::DRAFT) return absl::OkStatus();
  return errors::FailedPrecondition(v1::MATCHING_RUN_SOLVED, "Make a new run.");
}

}  // namespace teraju::training::domain
