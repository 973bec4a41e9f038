#include "services/evaluation/domain/rating_practice.h"

#include <algorithm>
#include <cstdlib>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/decimal/proto_decimal.h"
#include "common/decimal/rounding.h"

namespace teraju::evaluation::domain {
namespace {

using Finding = v1::PracticeFinding;

void Count(v1::Rating rating, v1::RatingCounts& counts) {
  switch (rating) {
    case v1::ABOVE_EXPECTATION:
      return counts.set_above_expectation(counts.above_expectation() + 1);
    case v1::AS_EXPECTED:
      return counts.set_as_expected(counts.as_expected() + 1);
    case v1::BELOW_EXPECTATION:
      return counts.set_below_expectation(counts.below_expectation() + 1);
    default:
      return;
  }
}

// Steps between two ratings; the numbers of the enum fall as the rating rises.
int StepsAbove(v1::Rating rating, v1::Rating figures) { return figures - rating; }

void Compare(const RatedPerson& person, v1::EvidenceDistance& distance, int& steps) {
  if (person.suggested == v1::RATING_UNSPECIFIED) return;
  const int above = StepsAbove(person.results, person.suggested);
  steps += above;
  distance.set_compared(distance.compared() + 1);
  if (above == 0) distance.set_equal(distance.equal() + 1);
  if (above > 0) distance.set_higher(distance.higher() + 1);
  if (above < 0) distance.set_lower(distance.lower() + 1);
}

void Find(Finding::Kind kind,
          const std::string& text_id,
          const std::string& text_en,
          v1::RatingPractice& practice) {
  Finding& finding = *practice.add_findings();
  finding.set_kind(kind);
  finding.set_text_id(text_id);
  finding.set_text_en(text_en);
}

void FindSpread(v1::RatingPractice& practice) {
  const v1::RatingCounts& results = practice.results();
  const int most =
      std::max({results.above_expectation(), results.as_expected(), results.below_expectation()});
  if (practice.rated() < kFewestPeople || most < practice.rated()) return;
  Find(Finding::ALL_THE_SAME,
       absl::StrCat("Semua ",
                    most,
                    " orang mendapat rating hasil kerja yang sama. Periksa apakah perbedaan "
                    "pekerjaan mereka terlihat."),
       absl::StrCat("All ",
                    most,
                    " people have the same rating of results. See whether the differences in their "
                    "work show."),
       practice);
}

void FindDistance(int steps, v1::RatingPractice& practice) {
  const v1::EvidenceDistance& distance = practice.distance();
  if (distance.compared() < kFewestPeople || 2 * std::abs(steps) < distance.compared()) return;
  const bool above = steps > 0;
  Find(above ? Finding::ABOVE_THE_FIGURES : Finding::BELOW_THE_FIGURES,
       absl::StrCat(above ? distance.higher() : distance.lower(),
                    " dari ",
                    distance.compared(),
                    above ? " rating lebih tinggi" : " rating lebih rendah",
                    " daripada yang ditunjukkan angka. Pastikan alasannya tertulis."),
       absl::StrCat(above ? distance.higher() : distance.lower(),
                    " of ",
                    distance.compared(),
                    above ? " ratings are above" : " ratings are below",
                    " what the figures suggest. See that the reasons are written down."),
       practice);
}

std::string PeopleAre(int n) { return n == 1 ? "1 person is" : absl::StrCat(n, " people are"); }

void FindMissing(v1::RatingPractice& practice) {
  if (const int n = practice.without_figures(); n > 0) {
    Find(Finding::FIGURES_MISSING,
         absl::StrCat(n, " orang dinilai tanpa satu pun realisasi. Minta realisasi dicatat."),
         absl::StrCat(PeopleAre(n), " rated without any realisation. Ask for it to be entered."),
         practice);
  }
  if (const int n = practice.without_reason(); n > 0) {
    Find(Finding::REASONS_MISSING,
         absl::StrCat(n,
                      " orang dinilai tanpa alasan tertulis. Tulis satu kalimat untuk tiap orang."),
         absl::StrCat(PeopleAre(n), " rated without a written reason. Write a sentence for each."),
         practice);
  }
  if (const int n = practice.without_dialogue(); n > 0) {
    Find(Finding::DIALOGUES_MISSING,
         absl::StrCat(n, " orang dinilai tanpa dialog dalam periode ini. Jadwalkan dialog."),
         absl::StrCat(PeopleAre(n), " rated without a dialogue in this period. Plan one."),
         practice);
  }
  if (const int n = practice.changed_by_objection(); n > 0) {
    Find(Finding::CHANGED_BY_OBJECTION,
         absl::StrCat(n, " hasil berubah karena keberatan. Bacalah alasan keputusannya."),
         absl::StrCat(n == 1 ? "1 result was" : absl::StrCat(n, " results were"),
                      " changed by an objection. Read the reasons given."),
         practice);
  }
}

}  // namespace

v1::RatingPractice MakeRatingPractice(std::span<const RatedPerson> people) {
  v1::RatingPractice practice;
  practice.set_people(static_cast<int>(people.size()));
  v1::EvidenceDistance& distance = *practice.mutable_distance();
  int steps = 0;
  for (const RatedPerson& person : people) {
    if (person.results == v1::RATING_UNSPECIFIED) continue;
    practice.set_rated(practice.rated() + 1);
    Count(person.results, *practice.mutable_results());
    Count(person.behavior, *practice.mutable_behavior());
    Compare(person, distance, steps);
    if (person.suggested == v1::RATING_UNSPECIFIED)
      practice.set_without_figures(practice.without_figures() + 1);
    if (!person.reasoned) practice.set_without_reason(practice.without_reason() + 1);
    if (!person.talked) practice.set_without_dialogue(practice.without_dialogue() + 1);
    if (person.changed) practice.set_changed_by_objection(practice.changed_by_objection() + 1);
  }
  if (distance.compared() > 0) {
    *distance.mutable_mean_steps() =
        ToProto(Round(Rational(steps, distance.compared()), 2, Rounding::kHalfUp));
  }
  FindSpread(practice);
  FindDistance(steps, practice);
  FindMissing(practice);
  return practice;
}

}  // namespace teraju::evaluation::domain
