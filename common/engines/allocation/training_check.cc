#include "common/engines/allocation/training_check.h"

#include <algorithm>
#include <set>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/errors/field_violations.h"

namespace teraju::allocation {
namespace {

constexpr int kWeightDigits = 6;
constexpr std::int64_t kLargestWeight = 1'000'000;
constexpr int kEffectDigits = 3;
// So that sums of all amounts stay within 64 bits.
constexpr std::int64_t kLargestAmount = 1'000'000'000'000'000;
constexpr int kMostSeats = 1'000'000;

class Checker {
 public:
  explicit Checker(const TrainingProblem& problem) : problem_(problem) {}

  absl::Status Check() {
    Each("budgets", problem_.budgets, [&](const std::string& at, std::int64_t amount) {
      Amount(at, amount);
    });
    Each("persons", problem_.persons, [&](const std::string& at, const TrainingPerson& person) {
      CheckPerson(at, person);
    });
    Each("needs", problem_.needs, [&](const std::string& at, const TrainingNeed& need) {
      Exists(absl::StrCat(at, ".person"), need.person, problem_.persons.size());
      Weight(absl::StrCat(at, ".weight"), need.weight, /*zero_allowed=*/false);
    });
    Each("courses", problem_.courses, [&](const std::string& at, const TrainingCourse& course) {
      AllExist(absl::StrCat(at, ".prerequisites"), course.prerequisites, problem_.courses.size());
    });
    Each("offerings", problem_.offerings, [&](const std::string& at, const Offering& offering) {
      CheckOffering(at, offering);
    });
    Each("coverage", problem_.coverage, [&](const std::string& at, const CoverageTarget& target) {
      Within(absl::StrCat(at, ".persons"), target.persons, 0, kMostSeats);
      Weight(absl::StrCat(at, ".weight"), target.weight, /*zero_allowed=*/true);
    });
    Weight("hour_weight", problem_.hour_weight, /*zero_allowed=*/true);
    Weight("kept_weight", problem_.kept_weight.value_or(0), /*zero_allowed=*/true);
    CheckKept();
    return violations_.ToStatus();
  }

 private:
  template <typename List, typename Function>
  static void Each(const char* name, const List& list, const Function& function) {
    for (std::size_t i = 0; i < list.size(); ++i) {
      function(absl::StrCat(name, "[", i, "]"), list[i]);
    }
  }

  void CheckPerson(const std::string& at, const TrainingPerson& person) {
    AllExist(absl::StrCat(at, ".budgets"), person.budgets, problem_.budgets.size());
    AllExist(absl::StrCat(at, ".completed"), person.completed, problem_.courses.size());
    Within(absl::StrCat(at, ".hours_missing"), person.hours_missing, 0, kMostSeats);
    Within(absl::StrCat(at, ".hours_limit"), person.hours_limit, 0, kUnlimited);
    Each("busy", person.busy, [&](const std::string& busy, const Days& days) {
      InOrder(absl::StrCat(at, ".", busy), days);
    });
  }

  void CheckOffering(const std::string& at, const Offering& offering) {
    AllExist(absl::StrCat(at, ".budgets"), offering.budgets, problem_.budgets.size());
    AllExist(absl::StrCat(at, ".seat_budgets"), offering.seat_budgets, problem_.budgets.size());
    if (offering.course != -1) {
      Exists(absl::StrCat(at, ".course"), offering.course, problem_.courses.size());
    }
    Within(absl::StrCat(at, ".seats"), offering.seats, 0, kMostSeats);
    Within(absl::StrCat(at, ".minimum_participants"), offering.minimum_participants, 0, kMostSeats);
    Within(absl::StrCat(at, ".classes"), offering.classes, 1, kMostSeats);
    Within(absl::StrCat(at, ".hours"), offering.hours, 0, kMostSeats);
    Amount(absl::StrCat(at, ".cost_per_seat"), offering.cost_per_seat);
    Amount(absl::StrCat(at, ".fixed_cost"), offering.fixed_cost);
    InOrder(absl::StrCat(at, ".days"), offering.days);
    const bool good = offering.effect.sign() > 0 && offering.effect <= Decimal(1) &&
                      offering.effect.Normalized().scale() <= kEffectDigits;
    if (!good) {
      violations_.Add(absl::StrCat(at, ".effect"),
                      "OUT_OF_RANGE",
                      "Isi bagian kesenjangan di atas 0 sampai 1, paling banyak tiga desimal.",
                      "Give a share of the gap above 0 and up to 1, with at most three decimals.");
    }
  }

  void CheckKept() {
    std::set<Seat> seen;
    Each("kept", problem_.kept, [&](const std::string& at, const Seat& seat) {
      Exists(absl::StrCat(at, ".person"), seat.person, problem_.persons.size());
      Exists(absl::StrCat(at, ".offering"), seat.offering, problem_.offerings.size());
      if (!seen.insert(seat).second) {
        violations_.Add(
            at, "DUPLICATE", "Sebut setiap tempat satu kali.", "Name each seat only once.");
      }
    });
  }

  void Exists(const std::string& field, int position, std::size_t size) {
    if (position >= 0 && position < static_cast<int>(size)) return;
    violations_.Add(field,
                    "NOT_FOUND",
                    "Rujukan tidak ada; sebut yang ada dalam masalah ini.",
                    "The reference does not exist; name one that is part of the problem.");
  }
  void AllExist(const std::string& field, const std::vector<int>& positions, std::size_t size) {
    for (std::size_t i = 0; i < positions.size(); ++i) {
      Exists(absl::StrCat(field, "[", i, "]"), positions[i], size);
    }
  }
  void Within(const std::string& field, std::int64_t value, std::int64_t least, std::int64_t most) {
    if (value >= least && value <= most) return;
    violations_.Add(field,
                    "OUT_OF_RANGE",
                    absl::StrCat("Isi bilangan bulat dari ", least, " sampai ", most, "."),
                    absl::StrCat("Give a whole number from ", least, " to ", most, "."));
  }
  void Amount(const std::string& field, std::int64_t value) {
    Within(field, value, 0, kLargestAmount);
  }
  void Weight(const std::string& field, const Decimal& value, bool zero_allowed) {
    const bool good = (zero_allowed ? value.sign() >= 0 : value.sign() > 0) &&
                      value <= Decimal(kLargestWeight) &&
                      value.Normalized().scale() <= kWeightDigits;
    if (good) return;
    violations_.Add(
        field,
        "OUT_OF_RANGE",
        zero_allowed ? "Isi bobot dari 0 sampai 1000000, paling banyak enam desimal."
                     : "Isi bobot di atas 0 sampai 1000000, paling banyak enam desimal.",
        zero_allowed ? "Give a weight from 0 to 1000000 with at most six decimals."
                     : "Give a weight above 0 and up to 1000000, with at most six decimals.");
  }
  void InOrder(const std::string& field, const Days& days) {
    if (days.first <= days.last) return;
    violations_.Add(field,
                    "OUT_OF_ORDER",
                    "Hari terakhir tidak boleh sebelum hari pertama.",
                    "The last day must not be before the first.");
  }

  const TrainingProblem& problem_;
  errors::FieldViolations violations_;
};

}  // namespace

absl::Status CheckTraining(const TrainingProblem& problem) { return Checker(problem).Check(); }

}  // namespace teraju::allocation
