#include "services/evaluation/domain/distribution_simulation.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/predicate.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/unit_result.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

v1::Predicate CountsAs(const CountedPerson& person) {
  if (person.rated == v1::PREDICATE_UNSPECIFIED) return v1::PREDICATE_UNSPECIFIED;
  return person.decided != v1::PREDICATE_UNSPECIFIED ? person.decided : person.rated;
}

bool HasRating(const v1::ProposedChange& change) {
  return change.result_rating() != v1::RATING_UNSPECIFIED ||
         change.behavior_rating() != v1::RATING_UNSPECIFIED;
}

// Notes what is wrong with one change.
class ChangeCheck {
 public:
  ChangeCheck(int index, errors::FieldViolations& violations)
      : path_(absl::StrCat("changes[", index, "].")), violations_(violations) {}

  void NotCounted() {
    violations_.Add(path_ + "result",
                    "NOT_IN_DISTRIBUTION",
                    "Hasil ini tidak dihitung dalam distribusi unit: tidak ada, milik orang di "
                    "luar unit, milik kepala unit, atau bukan penugasan terakhir.",
                    "This result does not count in the unit's distribution: there is none, or it "
                    "is of somebody elsewhere, of the unit's head, or of a segment before the "
                    "last.");
  }
  void Twice() {
    violations_.Add(path_ + "result",
                    "DUPLICATE",
                    "Orang ini disebut dua kali. Sebut satu perubahan saja untuk tiap orang.",
                    "This person is named twice. Give one change for each person.");
  }
  void NothingProposed() {
    violations_.Add(path_ + "predicate",
                    "REQUIRED",
                    "Isi predikat atau rating yang ingin dicoba.",
                    "Give the predicate or the ratings to try.");
  }
  void Both() {
    violations_.Add(path_ + "predicate",
                    "CONFLICT",
                    "Isi predikat atau rating, bukan keduanya.",
                    "Give the predicate or ratings, not both.");
  }
  void RatingOfYear() {
    violations_.Add(path_ + "result",
                    "NOT_RATED",
                    "Hasil tahunan tidak punya rating. Isi predikat, atau sebut evaluasinya.",
                    "An annual result has no ratings. Give a predicate, or name the evaluation.");
  }
  void RatingMissing(const char* field) {
    violations_.Add(path_ + field,
                    "REQUIRED",
                    "Orang ini belum dinilai, maka kedua rating harus diisi.",
                    "This person is not rated yet, so both ratings are needed.");
  }
  void Unknown(const char* field) {
    violations_.Add(path_ + field,
                    "UNKNOWN",
                    "Nilai ini tidak dikenal. Pakai nilai yang disebut dalam dokumentasi.",
                    "This value is not known. Use one that the documentation names.");
  }

 private:
  const std::string path_;
  errors::FieldViolations& violations_;
};

// How the evaluation would be rated; unspecified with a violation where nothing can be said.
v1::Predicate RatedAs(const v1::ProposedChange& change,
                      const CountedPerson& person,
                      ChangeCheck& check) {
  if (change.predicate() != v1::PREDICATE_UNSPECIFIED) {
    if (!rules::PredicateOf(change.predicate()).ok()) check.Unknown("predicate");
    return change.predicate();
  }
  const auto rating = [&](v1::Rating proposed, v1::Rating now, const char* field) {
    const v1::Rating wanted = proposed != v1::RATING_UNSPECIFIED ? proposed : now;
    auto known = rules::RatingOf(wanted);
    if (wanted == v1::RATING_UNSPECIFIED) {
      check.RatingMissing(field);
    } else if (!known.ok()) {
      check.Unknown(field);
    }
    return known;
  };
  const auto results = rating(change.result_rating(), person.results, "resultRating");
  const auto behavior = rating(change.behavior_rating(), person.behavior, "behaviorRating");
  if (!results.ok() || !behavior.ok()) return v1::PREDICATE_UNSPECIFIED;
  return static_cast<v1::Predicate>(rules::Combine(*results, *behavior));
}

// The person with the change.
CountedPerson WithChange(const v1::ProposedChange& change,
                         CountedPerson person,
                         ChangeCheck& check) {
  const bool year = change.result() == person.annual_result;
  if (change.predicate() != v1::PREDICATE_UNSPECIFIED && HasRating(change)) {
    check.Both();
  } else if (change.predicate() == v1::PREDICATE_UNSPECIFIED && !HasRating(change)) {
    check.NothingProposed();
  } else if (year && HasRating(change)) {
    check.RatingOfYear();
  } else {
    (year ? person.decided : person.rated) = RatedAs(change, person, check);
  }
  return person;
}

// Adds `people` of a predicate; those without one are only part of the population.
void CountPeople(v1::DistributionCheck& counts, v1::Predicate predicate, int people) {
  switch (predicate) {
    case v1::VERY_GOOD:
      counts.set_very_good(counts.very_good() + people);
      break;
    case v1::GOOD:
      counts.set_good(counts.good() + people);
      break;
    case v1::NEEDS_IMPROVEMENT:
      counts.set_needs_improvement(counts.needs_improvement() + people);
      break;
    case v1::POOR:
      counts.set_poor(counts.poor() + people);
      break;
    case v1::VERY_POOR:
      counts.set_very_poor(counts.very_poor() + people);
      break;
    default:
      return;
  }
  counts.set_rated(counts.rated() + people);
}

}  // namespace

absl::StatusOr<v1::UnitResultSimulation> SimulateDistribution(
    const v1::UnitResult& result,
    const CountedPeople& people,
    const v1::SimulateUnitResultRequest& request) {
  if (result.state() != v1::UnitResult::DRAFT) {
    return errors::FailedPrecondition(v1::UNIT_RESULT_CONFIRMED, "The unit's result is confirmed.");
  }
  v1::UnitResult before = result, after = result;
  v1::UnitResultSimulation simulation;
  errors::FieldViolations violations;
  std::set<std::string> named;
  for (int i = 0; i < request.changes_size(); ++i) {
    const v1::ProposedChange& change = request.changes(i);
    ChangeCheck check(i, violations);
    const auto person = people.find(change.result());
    if (person == people.end()) {
      check.NotCounted();
      continue;
    }
    if (!named.insert(person->second.employee).second) check.Twice();
    v1::SimulatedChange& simulated = *simulation.add_changes();
    simulated.set_result(change.result());
    simulated.set_from(CountsAs(person->second));
    simulated.set_to(CountsAs(WithChange(change, person->second, check)));
    CountPeople(*after.mutable_distribution(), simulated.from(), -1);
    CountPeople(*after.mutable_distribution(), simulated.to(), 1);
  }
  if (request.predicate() != v1::UNIT_PREDICATE_UNSPECIFIED) {
    after.set_predicate(request.predicate());
    if (!rules::UnitPredicateOf(request.predicate()).ok()) {
      violations.Add("predicate",
                     "UNKNOWN",
                     "Predikat unit ini tidak dikenal.",
                     "This predicate of a unit is not known.");
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  CheckDistribution(before);
  CheckDistribution(after);
  *simulation.mutable_before() = before.distribution();
  *simulation.mutable_after() = after.distribution();
  return simulation;
}

}  // namespace teraju::evaluation::domain
