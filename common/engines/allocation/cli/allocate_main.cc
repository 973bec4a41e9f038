// teraju-allocate: the training plan of the suite on data of one's own.
#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "common/decimal/decimal.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/cli/allocate_help.h"
#include "common/engines/allocation/cli/plan_output.h"
#include "common/engines/allocation/cli/problem_file.h"
#include "common/engines/allocation/training.h"
#include "common/engines/cli/command_line.h"

namespace {

using teraju::Decimal;
using teraju::Language;
using teraju::Text;
using teraju::allocation::Fault;
using teraju::allocation::kAllocateExample;
using teraju::allocation::kAllocateHelp;
using teraju::allocation::ProblemFile;
using teraju::allocation::TrainingPlan;
namespace cli = teraju::cli;

struct Arguments {
  Language language = Language::kIndonesian;
  bool json = false;
  bool example = false;
  double seconds = 60;
  Decimal gap = Decimal(teraju::Integer(1), 1);  // percent
  std::vector<std::pair<std::string, std::int64_t>> budgets;
  std::vector<std::string> cancelled;

  bool WhatIf() const { return !budgets.empty() || !cancelled.empty(); }
};

int WrongUsage(const Text& problem, Language language) {
  return cli::Finish(cli::kUsage, "", cli::UsageText(problem, kAllocateHelp, language));
}

// `apbd:9000000`.
bool ParseBudget(const std::string& text, Arguments& arguments) {
  const std::size_t colon = std::min(text.rfind(':'), text.size());
  auto& [id, amount] = arguments.budgets.emplace_back(text.substr(0, colon), 0);
  return colon < text.size() && absl::SimpleAtoi(text.substr(colon + 1), &amount) && amount >= 0;
}

// What is wrong with an option, and the remedy.
std::optional<Text> SetOption(const cli::Option& option, Arguments& arguments) {
  const auto& [name, value] = option;
  const std::string given = absl::StrCat(name, "=", value);
  if (name == "--example") arguments.example = true;
  if (name == "--cancel") arguments.cancelled.push_back(value);
  if (name == "--seconds") {
    int seconds = 0;
    if (!absl::SimpleAtoi(value, &seconds) || seconds < 0) {
      return Text{given + " bukan waktu; tulis bilangan bulat detik dari 0.",
                  given + " is no time; write whole seconds from 0."};
    }
    arguments.seconds = seconds;
  }
  if (name == "--gap") {
    const auto gap = Decimal::Parse(value);
    if (!gap.ok() || gap->sign() < 0) {
      return Text{given + " bukan selisih; tulis persentase dari 0, misalnya 0.5.",
                  given + " is no gap; write a percentage from 0, such as 0.5."};
    }
    arguments.gap = *gap;
  }
  if (name == "--budget" && !ParseBudget(value, arguments)) {
    return Text{given + " bukan anggaran; tulis ID:JUMLAH dalam rupiah penuh dari 0.",
                given + " is no budget; write ID:AMOUNT in whole rupiah from 0."};
  }
  return std::nullopt;
}

std::string Lines(const std::vector<Fault>& faults, const std::string& file, Language language) {
  std::string lines;
  for (const Fault& fault : faults) {
    absl::StrAppend(&lines, file, ":");
    if (fault.line > 0) absl::StrAppend(&lines, fault.line, ":");
    absl::StrAppend(
        &lines, " ", fault.field, fault.field.empty() ? "" : ": ", fault.text.In(language), "\n");
  }
  return lines;
}

// What is wrong with the names of --budget and --cancel, and the remedy.
std::optional<Text> Change(const Arguments& arguments, ProblemFile& file) {
  const auto find = [](const std::vector<std::string>& ids, const std::string& id) {
    const auto found = std::find(ids.begin(), ids.end(), id);
    return found == ids.end() ? -1 : static_cast<int>(found - ids.begin());
  };
  for (const auto& [id, amount] : arguments.budgets) {
    const int budget = find(file.budgets, id);
    if (budget < 0) {
      const std::string known = absl::StrJoin(file.budgets, ", ");
      return Text{absl::StrCat("Anggaran ", id, " tidak ada dalam berkas; ada: ", known, "."),
                  absl::StrCat("The file has no budget ", id, "; it has: ", known, ".")};
    }
    file.problem.budgets[budget] = amount;
  }
  for (const std::string& id : arguments.cancelled) {
    const int offering = find(file.offerings, id);
    if (offering < 0) {
      return Text{absl::StrCat("Penawaran ", id, " tidak ada dalam berkas; periksa offerings.id."),
                  absl::StrCat("The file has no offering ", id, "; see its offerings.id.")};
    }
    file.problem.offerings[offering].seats = 0;
  }
  return std::nullopt;
}

absl::StatusOr<TrainingPlan> Plan(const ProblemFile& file, const Arguments& arguments) {
  const auto gap = static_cast<double>(teraju::ToRational(arguments.gap)) / 100;
  return teraju::allocation::PlanTraining(file.problem,
                                          {.seconds = arguments.seconds, .relative_gap = gap});
}

std::string JsonText(const ProblemFile& file,
                     const TrainingPlan& plan,
                     const ProblemFile& changed,
                     const TrainingPlan* other) {
  teraju::rules::Json json = PlanJson(file, plan);
  if (other != nullptr) {
    json.Set("what_if", PlanJson(changed, *other));
    json.Set("difference", DifferenceJson(changed, plan, *other));
  }
  return PrettyJson(json) + "\n";
}

int Run(const ProblemFile& file, const Arguments& arguments) {
  ProblemFile changed = file;
  const std::optional<Text> problem = Change(arguments, changed);
  if (problem) return WrongUsage(*problem, arguments.language);
  const auto plan = Plan(file, arguments);
  auto other = plan;
  if (plan.ok() && arguments.WhatIf()) {
    if (!arguments.cancelled.empty()) changed.problem.kept = SeatsOf(*plan);
    other = Plan(changed, arguments);
  }
  for (const absl::Status& status : {plan.status(), other.status()}) {
    if (status.ok()) continue;
    return cli::Finish(cli::kFailed, "", absl::StrCat("teraju-allocate: ", status.message(), "\n"));
  }
  const int status = plan->gap_percent <= arguments.gap ? cli::kDone : cli::kNegative;
  const TrainingPlan* what_if = arguments.WhatIf() ? &*other : nullptr;
  if (arguments.json) return cli::Finish(status, JsonText(file, *plan, changed, what_if));
  std::string tables = PlanTable(file, *plan, arguments.language);
  if (what_if != nullptr) tables += DifferenceTable(changed, *plan, *what_if, arguments.language);
  return cli::Finish(status, tables);
}

}  // namespace

int main(int argc, char** argv) {
  cli::CommandLine line = cli::ParseCommandLine(
      {.flags = {"--example"}, .options = {"--seconds", "--gap", "--budget", "--cancel"}},
      argc,
      argv);
  Arguments arguments{.language = line.language, .json = line.json};
  for (const cli::Option& option : line.options) {
    if (!line.problem) line.problem = SetOption(option, arguments);
  }
  if (line.problem) return WrongUsage(*line.problem, line.language);
  if (line.help) return cli::Finish(cli::kDone, kAllocateHelp.In(line.language));
  if (arguments.example) return cli::Finish(cli::kDone, kAllocateExample);
  const std::string file = line.words.empty() ? "-" : line.words[0];
  const auto text = cli::ReadInput(file, line.language);
  if (!text.ok()) {
    return cli::Finish(
        cli::kUsage, "", absl::StrCat("teraju-allocate: ", text.status().message(), "\n"));
  }
  const auto reading = teraju::allocation::ReadProblem(*text);
  if (!reading.faults.empty()) {
    return cli::Finish(cli::kRefused, "", Lines(reading.faults, file, line.language));
  }
  return Run(reading.file, arguments);
}
