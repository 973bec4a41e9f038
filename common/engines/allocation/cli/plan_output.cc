#include "common/engines/allocation/cli/plan_output.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/training_difference.h"

namespace teraju::allocation {
namespace {

using rules::Json;

constexpr std::int64_t kMillion = 1'000'000;

Json Amount(std::int64_t value) { return Json(Decimal(value)); }

Decimal PerMillion(const Decimal& value) {
  return Round(value * Decimal(kMillion), 6, Rounding::kHalfUp).Normalized();
}

std::int64_t CostOf(const Offering& offering, const TrainingPlan& plan, std::size_t index) {
  return plan.classes[index] * offering.fixed_cost +
         static_cast<std::int64_t>(plan.participants[index].size()) * offering.cost_per_seat;
}

Json BudgetsJson(const ProblemFile& file, const TrainingPlan& plan) {
  Json list = Json::Array();
  for (std::size_t i = 0; i < file.budgets.size(); ++i) {
    const std::int64_t amount = file.problem.budgets[i];
    Json& budget = list.items.emplace_back(Json::Object());
    budget.Set("id", file.budgets[i]);
    budget.Set("amount", Amount(amount));
    budget.Set("spent", Amount(plan.spent[i]));
    budget.Set("left", Amount(amount - plan.spent[i]));
    budget.Set("weight_per_million", PerMillion(plan.marginal_values[i]));
    const Text text = MarginalValueOf(plan, static_cast<int>(i), file.names);
    budget.Set("text_id", text.id);
    budget.Set("text_en", text.en);
  }
  return list;
}

Json OfferingsJson(const ProblemFile& file, const TrainingPlan& plan) {
  Json list = Json::Array();
  for (std::size_t i = 0; i < file.offerings.size(); ++i) {
    const Offering& problem = file.problem.offerings[i];
    Json& offering = list.items.emplace_back(Json::Object());
    offering.Set("id", file.offerings[i]);
    Json participants = Json::Array();
    for (const int person : plan.participants[i])
      participants.items.emplace_back(file.persons[person]);
    offering.Set("participants", std::move(participants));
    offering.Set("classes", plan.classes[i]);
    offering.Set("cost", Amount(CostOf(problem, plan, i)));
    offering.Set("weight_per_seat", plan.seat_values[i].Normalized());
    if (!problem.proposed) continue;
    const Text text = GroupCourseOf(file.problem, plan, static_cast<int>(i), file.names);
    offering.Set("text_id", text.id);
    offering.Set("text_en", text.en);
  }
  return list;
}

Json DecisionsJson(const ProblemFile& file, const TrainingPlan& plan) {
  Json list = Json::Array();
  for (std::size_t i = 0; i < plan.decisions.size(); ++i) {
    const TrainingNeed& need = file.problem.needs[i];
    const TrainingDecision& decision = plan.decisions[i];
    Json& row = list.items.emplace_back(Json::Object());
    row.Set("person", file.persons[need.person]);
    row.Set("topic", need.topic);
    row.Set("weight", need.weight);
    if (!file.need_reasons[i].empty()) row.Set("reason_of_need", file.need_reasons[i]);
    row.Set("met", decision.met());
    if (decision.offering >= 0) row.Set("offering", file.offerings[decision.offering]);
    if (decision.met()) row.Set("closed", decision.closed);
    if (!decision.met()) row.Set("refusal", RefusalCode(decision.refusal));
    if (decision.budget >= 0) {
      row.Set("budget", file.budgets[decision.budget]);
      row.Set("missing", Amount(decision.missing));
    }
    const Text text = ReasonOf(file.problem, plan, static_cast<int>(i), file.names);
    row.Set("reason_id", text.id);
    row.Set("reason_en", text.en);
  }
  return list;
}

Json GainJson(const TrainingGain& gain) {
  Json json = Json::Object();
  json.Set("needs", gain.needs.Normalized());
  json.Set("hours", gain.hours.Normalized());
  json.Set("coverage", gain.coverage.Normalized());
  json.Set("kept", gain.kept.Normalized());
  return json;
}

// Columns as wide as their widest cell; the first two to the left, the others to the right.
class Table {
 public:
  void Add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  std::string Print() const {
    std::vector<std::size_t> widths;
    for (const auto& row : rows_) {
      widths.resize(std::max(widths.size(), row.size()), 0);
      for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
    }
    std::string out;
    for (const auto& row : rows_) {
      for (std::size_t i = 0; i < row.size(); ++i) {
        const std::string space(widths[i] - row[i].size(), ' ');
        const bool last = i + 1 == row.size();
        absl::StrAppend(&out, "  ", row[i], last ? std::string() : space);
      }
      out += '\n';
    }
    return out;
  }

 private:
  std::vector<std::vector<std::string>> rows_;
};

std::string SeatsText(const ProblemFile& file, const std::vector<Seat>& seats) {
  std::string text;
  for (const Seat& seat : seats) {
    absl::StrAppend(
        &text, "    ", file.persons[seat.person], "  ", file.names.offerings[seat.offering], "\n");
  }
  return text;
}

}  // namespace

Json PlanJson(const ProblemFile& file, const TrainingPlan& plan) {
  Json json = Json::Object();
  json.Set("objective", plan.objective.Normalized());
  json.Set("bound", plan.bound.Normalized());
  json.Set("gap_percent", plan.gap_percent);
  json.Set("gain", GainJson(plan.gain));
  json.Set("budgets", BudgetsJson(file, plan));
  json.Set("offerings", OfferingsJson(file, plan));
  json.Set("decisions", DecisionsJson(file, plan));
  Json hours = Json::Array();
  for (std::size_t i = 0; i < plan.hours_short.size(); ++i) {
    if (plan.hours_short[i] == 0) continue;
    Json& row = hours.items.emplace_back(Json::Object());
    row.Set("person", file.persons[i]);
    row.Set("hours", plan.hours_short[i]);
  }
  json.Set("hours_short", std::move(hours));
  Json coverage = Json::Array();
  for (std::size_t i = 0; i < plan.covered.size(); ++i) {
    Json& row = coverage.items.emplace_back(Json::Object());
    row.Set("unit", file.coverage_units[i]);
    row.Set("wanted", file.problem.coverage[i].persons);
    row.Set("reached", plan.covered[i]);
  }
  json.Set("coverage", std::move(coverage));
  return json;
}

Json DifferenceJson(const ProblemFile& file,
                    const TrainingPlan& before,
                    const TrainingPlan& after) {
  const TrainingDifference difference = DifferenceOf(before, after);
  const auto needs = [&](const std::vector<int>& list) {
    Json rows = Json::Array();
    for (const int need : list) {
      Json& row = rows.items.emplace_back(Json::Object());
      row.Set("person", file.persons[file.problem.needs[need].person]);
      row.Set("topic", file.problem.needs[need].topic);
    }
    return rows;
  };
  const auto seats = [&](const std::vector<Seat>& list) {
    Json rows = Json::Array();
    for (const Seat& seat : list) {
      Json& row = rows.items.emplace_back(Json::Object());
      row.Set("person", file.persons[seat.person]);
      row.Set("offering", file.offerings[seat.offering]);
    }
    return rows;
  };
  Json json = Json::Object();
  json.Set("objective", difference.objective.Normalized());
  Json spent = Json::Object();
  for (std::size_t i = 0; i < difference.spent.size(); ++i) {
    spent.Set(file.budgets[i], Amount(difference.spent[i]));
  }
  json.Set("spent", std::move(spent));
  json.Set("newly_met", needs(difference.newly_met));
  json.Set("no_longer_met", needs(difference.no_longer_met));
  json.Set("seats_given", seats(difference.given));
  json.Set("seats_taken_away", seats(difference.taken_away));
  return json;
}

std::string PlanTable(const ProblemFile& file, const TrainingPlan& plan, Language language) {
  const auto say = [&](const char* id, const char* en) {
    return std::string(language == Language::kEnglish ? en : id);
  };
  const auto money = [&](std::int64_t amount) { return AmountText(amount).In(language); };
  const auto number = [&](const Decimal& value) { return NumberText(value).In(language); };
  const auto met = std::count_if(
      plan.decisions.begin(), plan.decisions.end(), [](const auto& d) { return d.met(); });
  std::string out = absl::StrCat(say("Bobot tertutup ", "Weight closed "),
                                 number(plan.objective),
                                 say(", paling banyak ", ", at most "),
                                 number(plan.bound),
                                 say(" (selisih ", " (gap "),
                                 number(plan.gap_percent),
                                 say("%); kebutuhan terpenuhi ", "%); needs met "),
                                 met,
                                 say(" dari ", " of "),
                                 plan.decisions.size(),
                                 "\n\n");
  Table budgets;
  budgets.Add({say("Anggaran", "Budget"),
               say("Jumlah", "Amount"),
               say("Terpakai", "Spent"),
               say("Bobot per sejuta lagi", "Weight per million more")});
  for (std::size_t i = 0; i < file.budgets.size(); ++i) {
    budgets.Add({file.names.budgets[i],
                 money(file.problem.budgets[i]),
                 money(plan.spent[i]),
                 number(PerMillion(plan.marginal_values[i]))});
  }
  absl::StrAppend(&out, budgets.Print(), "\n");
  Table offerings;
  offerings.Add({say("Penawaran", "Offering"),
                 say("Peserta", "Participants"),
                 say("Kelas", "Classes"),
                 say("Biaya", "Cost"),
                 say("Bobot per tempat lagi", "Weight per seat more")});
  std::string groups;
  for (std::size_t i = 0; i < file.offerings.size(); ++i) {
    const Offering& offering = file.problem.offerings[i];
    offerings.Add({file.names.offerings[i],
                   std::to_string(plan.participants[i].size()),
                   std::to_string(plan.classes[i]),
                   money(CostOf(offering, plan, i)),
                   number(plan.seat_values[i])});
    if (!offering.proposed) continue;
    const Text text = GroupCourseOf(file.problem, plan, static_cast<int>(i), file.names);
    absl::StrAppend(&groups, text.In(language), "\n");
  }
  absl::StrAppend(&out, offerings.Print(), groups, "\n");
  Table needs;
  needs.Add({say("Pegawai", "Person"),
             say("Topik", "Topic"),
             say("Bobot", "Weight"),
             say("Keputusan dan alasan", "Decision and reason")});
  for (std::size_t i = 0; i < plan.decisions.size(); ++i) {
    const TrainingNeed& need = file.problem.needs[i];
    const Text reason = ReasonOf(file.problem, plan, static_cast<int>(i), file.names);
    needs.Add({file.persons[need.person],
               need.topic,
               number(need.weight),
               absl::StrCat(plan.decisions[i].met() ? "+ " : "- ", reason.In(language))});
  }
  return out + needs.Print();
}

std::string DifferenceTable(const ProblemFile& file,
                            const TrainingPlan& before,
                            const TrainingPlan& after,
                            Language language) {
  const TrainingDifference difference = DifferenceOf(before, after);
  const auto say = [&](const char* id, const char* en) {
    return std::string(language == Language::kEnglish ? en : id);
  };
  const bool more = difference.objective.sign() > 0;
  return absl::StrCat(say("\nAndaikan: bobot tertutup ", "\nWhat if: weight closed "),
                      more ? "+" : "",
                      NumberText(difference.objective).In(language),
                      say("; kebutuhan baru terpenuhi ", "; needs newly met "),
                      difference.newly_met.size(),
                      say(", tidak lagi ", ", no longer "),
                      difference.no_longer_met.size(),
                      "\n",
                      say("  Tempat baru\n", "  Seats given\n"),
                      SeatsText(file, difference.given),
                      say("  Tempat hilang\n", "  Seats taken away\n"),
                      SeatsText(file, difference.taken_away));
}

}  // namespace teraju::allocation
