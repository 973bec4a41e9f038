#include "common/engines/allocation/training_text.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/decimal/rounding.h"

namespace teraju::allocation {
namespace {

constexpr std::int64_t kMillion = 1'000'000;

Text MoneyReason(const TrainingProblem& problem,
                 const TrainingDecision& decision,
                 const std::string& offering,
                 const TrainingNames& names) {
  const Text missing = AmountText(decision.missing);
  if (decision.budget < 0) {
    return {absl::StrCat("Tidak ada anggaran yang boleh membayar ", offering, "."),
            absl::StrCat("No budget may pay for ", offering, ".")};
  }
  const std::string& budget = names.budgets[decision.budget];
  const Text all = AmountText(problem.budgets[decision.budget]);
  return {absl::StrCat("Anggaran ",
                       budget,
                       " (Rp",
                       all.id,
                       ") tidak cukup untuk ",
                       offering,
                       ": kurang Rp",
                       missing.id,
                       "; kebutuhan lain menutup lebih banyak per rupiah."),
          absl::StrCat("Budget ",
                       budget,
                       " (Rp",
                       all.en,
                       ") does not suffice for ",
                       offering,
                       ": Rp",
                       missing.en,
                       " short; other needs close more per rupiah.")};
}

Text SeatsReason(const TrainingNeed& need,
                 const TrainingDecision& decision,
                 const std::string& offering) {
  if (decision.lowest_served.sign() == 0) {
    return {absl::StrCat(offering, " tidak mempunyai tempat lagi."),
            absl::StrCat(offering, " has no seats left.")};
  }
  const Text own = NumberText(need.weight);
  const Text lowest = NumberText(decision.lowest_served);
  return {absl::StrCat("Tempat pada ",
                       offering,
                       " habis; bobot kebutuhan ini ",
                       own.id,
                       ", bobot terendah yang mendapat tempat ",
                       lowest.id,
                       "."),
          absl::StrCat("All seats in ",
                       offering,
                       " are taken; this need weighs ",
                       own.en,
                       ", the lightest that has a seat ",
                       lowest.en,
                       ".")};
}

Text MinimumReason(const Offering& offering, const std::string& name) {
  return {absl::StrCat(name,
                       " tidak diadakan: peserta yang dapat ikut kurang dari ",
                       offering.minimum_participants,
                       "."),
          absl::StrCat(name,
                       " does not take place: fewer than ",
                       offering.minimum_participants,
                       " people could attend.")};
}

Text MetReason(const TrainingDecision& decision,
               const Offering& offering,
               const std::string& name) {
  const Text price = AmountText(offering.cost_per_seat);
  if (decision.closed == Decimal(1)) {
    return {absl::StrCat("Mendapat tempat pada ", name, ", Rp", price.id, " per peserta."),
            absl::StrCat("Has a seat in ", name, ", Rp", price.en, " per participant.")};
  }
  const Text share = NumberText(decision.closed * Decimal(100));
  return {absl::StrCat("Mendapat tempat pada ",
                       name,
                       ", Rp",
                       price.id,
                       " per peserta; diperkirakan menutup ",
                       share.id,
                       "% kesenjangan."),
          absl::StrCat("Has a seat in ",
                       name,
                       ", Rp",
                       price.en,
                       " per participant; expected to close ",
                       share.en,
                       "% of the gap.")};
}

}  // namespace

Text ReasonOf(const TrainingProblem& problem,
              const TrainingPlan& plan,
              int need,
              const TrainingNames& names) {
  const TrainingDecision& decision = plan.decisions[need];
  if (decision.offering < 0) {
    const std::string& topic = problem.needs[need].topic;
    return {absl::StrCat("Tidak ada penawaran pelatihan untuk ", topic, "."),
            absl::StrCat("No offering teaches ", topic, ".")};
  }
  const Offering& offering = problem.offerings[decision.offering];
  const std::string& name = names.offerings[decision.offering];
  switch (decision.refusal) {
    case Refusal::kNone:
      return MetReason(decision, offering, name);
    case Refusal::kLowerPriority:
      return {
          absl::StrCat("Prioritas lebih rendah: ",
                       name,
                       " mungkin, tetapi yang lain menutup lebih banyak dengan dana yang sama."),
          absl::StrCat("Lower priority: ",
                       name,
                       " is possible, but others close more with the same means.")};
    case Refusal::kBudget:
      return MoneyReason(problem, decision, name, names);
    case Refusal::kSeats:
      return SeatsReason(problem.needs[need], decision, name);
    case Refusal::kClash:
      return {
          absl::StrCat(
              "Bentrok: pegawai berhalangan atau mengikuti pelatihan lain pada hari ", name, "."),
          absl::StrCat(
              "Clash: the person is away or in another course on the days of ", name, ".")};
    case Refusal::kHoursLimit:
      return {absl::StrCat("Dengan ", name, " pegawai melebihi batas jam pelajaran."),
              absl::StrCat("With ", name, " the person would exceed the limit of hours.")};
    case Refusal::kPrerequisite:
      return {absl::StrCat("Pegawai belum mengikuti prasyarat ", name, "."),
              absl::StrCat("The person lacks a prerequisite of ", name, ".")};
    case Refusal::kMinimumNotReached:
      return MinimumReason(offering, name);
    case Refusal::kNotOpen:
      return {absl::StrCat(name, " tidak terbuka bagi pegawai ini atau sudah diikuti."),
              absl::StrCat(name, " is not open to this person or was attended already.")};
    case Refusal::kNoOffering:
      break;
  }
  return {};
}

Text MarginalValueOf(const TrainingPlan& plan, int budget, const TrainingNames& names) {
  const Decimal value =
      Round(plan.marginal_values[budget] * Decimal(kMillion), 3, Rounding::kHalfUp);
  const Text number = NumberText(value);
  const std::string& name = names.budgets[budget];
  return {absl::StrCat("Satu juta rupiah lagi dalam ",
                       name,
                       " akan menutup kebutuhan seberat sekitar ",
                       number.id,
                       "."),
          absl::StrCat("One more million rupiah in ",
                       name,
                       " would meet needs weighing about ",
                       number.en,
                       ".")};
}

Text GroupCourseOf(const TrainingProblem& problem,
                   const TrainingPlan& plan,
                   int offering,
                   const TrainingNames& names) {
  const Offering& course = problem.offerings[offering];
  std::set<int> lacking;
  for (const TrainingNeed& need : problem.needs) {
    for (const std::string& topic : course.topics) {
      if (topic == need.topic) lacking.insert(need.person);
    }
  }
  const auto people = static_cast<std::int64_t>(plan.participants[offering].size());
  const std::int64_t cost =
      plan.classes[offering] * course.fixed_cost + people * course.cost_per_seat;
  const std::string& name = names.offerings[offering];
  if (people == 0) {
    return {absl::StrCat("Kursus kelompok ",
                         name,
                         ": ",
                         lacking.size(),
                         " pegawai membutuhkannya; tidak dibuka dalam rencana ini."),
            absl::StrCat("Group course ",
                         name,
                         ": ",
                         lacking.size(),
                         " people lack it; not opened in this plan.")};
  }
  const Text money = AmountText(cost);
  return {absl::StrCat("Kursus kelompok ",
                       name,
                       ": ",
                       lacking.size(),
                       " pegawai membutuhkannya, ",
                       people,
                       " mendapat tempat dalam ",
                       plan.classes[offering],
                       " kelas, biaya Rp",
                       money.id,
                       "."),
          absl::StrCat("Group course ",
                       name,
                       ": ",
                       lacking.size(),
                       " people lack it, ",
                       people,
                       " have a seat in ",
                       plan.classes[offering],
                       plan.classes[offering] == 1 ? " class" : " classes",
                       ", cost Rp",
                       money.en,
                       ".")};
}

}  // namespace teraju::allocation
