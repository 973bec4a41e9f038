#include "common/engines/allocation/mentor_fit.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "common/decimal/rounding.h"

namespace teraju::allocation {
namespace {

constexpr int kNeedPoints = 50;
constexpr int kExperiencePoints = 20;
constexpr int kPointsPerYear = 2;
constexpr int kHierarchyPoints = 15;
constexpr int kPointsPerLevel = 5;
constexpr int kUnitPoints = 15;
constexpr int kPointsPerStep = 3;

// Steps from one unit to the other over the unit that both stand under.
int StepsBetween(const std::vector<std::string>& a, const std::vector<std::string>& b) {
  for (std::size_t up = 0; up < a.size(); ++up) {
    const auto shared = std::find(b.begin(), b.end(), a[up]);
    if (shared != b.end()) return static_cast<int>(up + (shared - b.begin()));
  }
  return static_cast<int>(a.size() + b.size());
}

Decimal NeedPoints(const Mentor& mentor, const Mentee& mentee) {
  Decimal all, met;
  for (const auto& [topic, weight] : mentee.needs) {
    all += weight;
    if (mentor.strengths.contains(topic)) met += weight;
  }
  if (all.sign() <= 0) return 0;
  return Round(ToRational(met) / ToRational(all) * kNeedPoints, 2, Rounding::kHalfUp);
}

// How far from one or two levels above.
int LevelsOff(const Mentor& mentor, const Mentee& mentee) {
  const int above = mentee.level - mentor.level;
  return above < 1 ? 1 - above : std::max(above - 2, 0);
}

bool ShareLanguage(const Mentor& mentor, const Mentee& mentee) {
  if (mentor.languages.empty() || mentee.languages.empty()) return true;
  return std::any_of(mentor.languages.begin(), mentor.languages.end(), [&](const auto& language) {
    return mentee.languages.contains(language);
  });
}

Exclusion ExclusionOf(const Mentor& mentor,
                      const Mentee& mentee,
                      const std::set<std::pair<std::string, std::string>>& vetoes) {
  if (mentor.id == mentee.id) return Exclusion::kSamePerson;
  if (mentor.id == mentee.superior) return Exclusion::kDirectSuperior;
  if (vetoes.contains({mentor.id, mentee.id})) return Exclusion::kVetoed;
  return ShareLanguage(mentor, mentee) ? Exclusion::kNone : Exclusion::kNoLanguage;
}

Text ExclusionText(Exclusion exclusion) {
  switch (exclusion) {
    case Exclusion::kNone:
      return {};
    case Exclusion::kSamePerson:
      return {"Tidak mungkin: orang yang sama.", "Not possible: the same person."};
    case Exclusion::kDirectSuperior:
      return {"Tidak mungkin: atasan langsung.", "Not possible: the direct superior."};
    case Exclusion::kVetoed:
      return {"Tidak mungkin: ditolak salah satu pihak.", "Not possible: vetoed by either."};
    case Exclusion::kNoLanguage:
      return {"Tidak mungkin: tidak ada bahasa yang sama.",
              "Not possible: they share no language."};
  }
  return {};
}

}  // namespace

MentorFit FitOf(const Mentor& mentor,
                const Mentee& mentee,
                const std::set<std::pair<std::string, std::string>>& vetoes) {
  const int years = std::max(mentor.experience - mentee.experience, 0);
  const int off = LevelsOff(mentor, mentee);
  const int steps = StepsBetween(mentor.unit_path, mentee.unit_path);
  return {.need = NeedPoints(mentor, mentee),
          .experience = std::min(years * kPointsPerYear, kExperiencePoints),
          .hierarchy = std::max(kHierarchyPoints - off * kPointsPerLevel, 0),
          .unit = std::max(kUnitPoints - steps * kPointsPerStep, 0),
          .exclusion = ExclusionOf(mentor, mentee, vetoes)};
}

Text FitText(const Mentor& mentor, const Mentee& mentee, const MentorFit& fit) {
  if (fit.exclusion != Exclusion::kNone) return ExclusionText(fit.exclusion);
  std::string topics;
  for (const auto& [topic, weight] : mentee.needs) {
    if (!mentor.strengths.contains(topic)) continue;
    absl::StrAppend(&topics, topics.empty() ? "" : ", ", topic);
  }
  const Text score = NumberText(fit.Score()), need = NumberText(fit.need);
  const int years = std::max(mentor.experience - mentee.experience, 0);
  const int levels = mentee.level - mentor.level;
  const int steps = StepsBetween(mentor.unit_path, mentee.unit_path);
  return {absl::StrCat("Nilai ",
                       score.id,
                       ": menguasai ",
                       topics.empty() ? "tidak satu pun kebutuhan" : topics,
                       " (",
                       need.id,
                       "); ",
                       years,
                       " tahun lebih berpengalaman (",
                       fit.experience.ToString(),
                       "); ",
                       levels,
                       " tingkat di atas (",
                       fit.hierarchy.ToString(),
                       "); jarak unit ",
                       steps,
                       " langkah (",
                       fit.unit.ToString(),
                       ")."),
          absl::StrCat("Score ",
                       score.en,
                       ": strong in ",
                       topics.empty() ? "none of the needs" : topics,
                       " (",
                       need.en,
                       "); years of experience more: ",
                       years,
                       " (",
                       fit.experience.ToString(),
                       "); levels above: ",
                       levels,
                       " (",
                       fit.hierarchy.ToString(),
                       "); steps between the units: ",
                       steps,
                       " (",
                       fit.unit.ToString(),
                       ").")};
}

std::vector<Candidate> MentorCandidates(const std::vector<Mentor>& mentors,
                                        const std::vector<Mentee>& mentees,
                                        const std::set<std::pair<std::string, std::string>>& vetoes,
                                        const std::set<std::pair<std::string, std::string>>& kept) {
  std::vector<Candidate> candidates;
  for (std::size_t i = 0; i < mentors.size(); ++i) {
    for (std::size_t j = 0; j < mentees.size(); ++j) {
      const MentorFit fit = FitOf(mentors[i], mentees[j], vetoes);
      const bool gives = fit.need.sign() > 0 && fit.experience.sign() > 0;
      if (!gives) continue;
      candidates.push_back({.mentor = static_cast<int>(i),
                            .mentee = static_cast<int>(j),
                            .score = fit.Score(),
                            .exclusion = fit.exclusion,
                            .kept = kept.contains({mentors[i].id, mentees[j].id})});
    }
  }
  return candidates;
}

}  // namespace teraju::allocation
