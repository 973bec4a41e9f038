// teraju-allocate: the training plan of the suite on data of one's own.
#include <algorithm>
#include <charconv>
#include <fstream>
#include <iostream>
#include <iterator>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/decimal/decimal.h"
#include "common/decimal/rounding.h"
#include "common/engines/allocation/cli/allocate_help.h"
#include "common/engines/allocation/cli/plan_output.h"
#include "common/engines/allocation/cli/problem_file.h"
#include "common/engines/allocation/training.h"

namespace {

using teraju::Decimal;
using teraju::allocation::Fault;
using teraju::allocation::ProblemFile;
using teraju::allocation::TrainingPlan;

enum Status { kGood = 0, kFaults = 1, kUsage = 2, kWideGap = 3, kFailed = 4 };

struct Arguments {
  bool json = false;
  bool indonesian = false;
  bool help = false;
  bool example = false;
  double seconds = 60;
  Decimal gap = Decimal(teraju::Integer(1), 1);  // percent
  std::vector<std::pair<std::string, std::int64_t>> budgets;
  std::vector<std::string> cancelled;
  std::string file = "-";

  bool WhatIf() const { return !budgets.empty() || !cancelled.empty(); }
};

int Usage(const std::string& problem) {
  std::cerr << "teraju-allocate: " << problem << " See teraju-allocate --help.\n";
  return kUsage;
}

template <typename T>
bool ParseWhole(const std::string& text, T& value) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  return error == std::errc() && end == text.data() + text.size() && value >= 0;
}

// What is wrong with an option; empty if nothing.
std::string SetOption(const std::string& name, const std::string& value, Arguments& arguments) {
  if (name == "--language" && (value == "en" || value == "id")) {
    arguments.indonesian = value == "id";
    return "";
  }
  if (name == "--seconds") {
    int seconds = 0;
    if (!ParseWhole(value, seconds)) return "--seconds must be a whole number.";
    arguments.seconds = seconds;
    return "";
  }
  if (name == "--gap") {
    const auto gap = Decimal::Parse(value);
    if (value.empty() || !gap.ok() || gap->sign() < 0) return "--gap must be a percentage from 0.";
    arguments.gap = *gap;
    return "";
  }
  if (name == "--budget") {
    const std::size_t colon = value.rfind(':');
    std::int64_t amount = 0;
    if (colon == std::string::npos || !ParseWhole(value.substr(colon + 1), amount)) {
      return "--budget must have the form ID:AMOUNT, in whole rupiah from 0.";
    }
    arguments.budgets.emplace_back(value.substr(0, colon), amount);
    return "";
  }
  if (name == "--cancel" && !value.empty()) {
    arguments.cancelled.push_back(value);
    return "";
  }
  return name + "=" + value + " is not an option.";
}

std::string ParseArguments(int argc, char** argv, Arguments& arguments) {
  bool has_file = false;
  for (int i = 1; i < argc; ++i) {
    const std::string argument = argv[i];
    const std::size_t equals = argument.find('=');
    std::string problem;
    if (argument == "--help") {
      arguments.help = true;
    } else if (argument == "--example") {
      arguments.example = true;
    } else if (argument == "--json") {
      arguments.json = true;
    } else if (argument.starts_with("--")) {
      problem = equals == std::string::npos
                    ? argument + " is not an option, or lacks its value."
                    : SetOption(argument.substr(0, equals), argument.substr(equals + 1), arguments);
    } else if (has_file) {
      problem = "More than one file: " + argument + ".";
    } else {
      arguments.file = argument;
      has_file = true;
    }
    if (!problem.empty()) return problem;
  }
  return "";
}

std::optional<std::string> ReadFile(const std::string& name) {
  if (name == "-") {
    return std::string(std::istreambuf_iterator<char>(std::cin), std::istreambuf_iterator<char>());
  }
  std::ifstream in(name, std::ios::binary);
  if (!in) return std::nullopt;
  std::string text{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  if (in.bad()) return std::nullopt;
  return text;
}

void Print(const std::vector<Fault>& faults, const Arguments& arguments) {
  for (const Fault& fault : faults) {
    std::cerr << (arguments.file == "-" ? "stdin" : arguments.file) << ":";
    if (fault.line > 0) std::cerr << fault.line << ":";
    std::cerr << " " << fault.field << (fault.field.empty() ? "" : ": ")
              << (arguments.indonesian ? fault.text.id : fault.text.en) << "\n";
  }
}

// What is wrong with the names of --budget and --cancel; empty if nothing.
std::string Change(const Arguments& arguments, ProblemFile& file) {
  const auto find = [](const std::vector<std::string>& ids, const std::string& id) {
    const auto found = std::find(ids.begin(), ids.end(), id);
    return found == ids.end() ? -1 : static_cast<int>(found - ids.begin());
  };
  for (const auto& [id, amount] : arguments.budgets) {
    const int budget = find(file.budgets, id);
    if (budget < 0) return "--budget=" + id + ":... is not a budget of the file.";
    file.problem.budgets[budget] = amount;
  }
  for (const std::string& id : arguments.cancelled) {
    const int offering = find(file.offerings, id);
    if (offering < 0) return "--cancel=" + id + " is not an offering of the file.";
    file.problem.offerings[offering].seats = 0;
  }
  return "";
}

absl::StatusOr<TrainingPlan> Plan(const ProblemFile& file, const Arguments& arguments) {
  const auto gap = static_cast<double>(teraju::ToRational(arguments.gap)) / 100;
  return teraju::allocation::PlanTraining(file.problem,
                                          {.seconds = arguments.seconds, .relative_gap = gap});
}

int Run(const ProblemFile& file, const Arguments& arguments) {
  ProblemFile changed = file;
  const std::string problem = Change(arguments, changed);
  if (!problem.empty()) return Usage(problem);
  auto plan = Plan(file, arguments);
  auto other = plan;
  if (plan.ok() && arguments.WhatIf()) {
    if (!arguments.cancelled.empty()) changed.problem.kept = SeatsOf(*plan);
    other = Plan(changed, arguments);
  }
  if (!plan.ok() || !other.ok()) {
    std::cerr << "teraju-allocate: "
              << (plan.ok() ? other.status().message() : plan.status().message()) << "\n";
    return kFailed;
  }
  if (arguments.json) {
    teraju::rules::Json json = PlanJson(file, *plan);
    if (arguments.WhatIf()) {
      json.Set("what_if", PlanJson(changed, *other));
      json.Set("difference", DifferenceJson(changed, *plan, *other));
    }
    std::cout << PrettyJson(json) << "\n";
  } else {
    std::cout << PlanTable(file, *plan, arguments.indonesian);
    if (arguments.WhatIf()) {
      std::cout << DifferenceTable(changed, *plan, *other, arguments.indonesian);
    }
  }
  return plan->gap_percent <= arguments.gap ? kGood : kWideGap;
}

}  // namespace

int main(int argc, char** argv) {
  Arguments arguments;
  const std::string problem = ParseArguments(argc, argv, arguments);
  if (!problem.empty()) return Usage(problem);
  if (arguments.help) {
    std::cout << teraju::allocation::kAllocateHelp;
    return kGood;
  }
  if (arguments.example) {
    std::cout << teraju::allocation::kAllocateExample;
    return kGood;
  }
  const std::optional<std::string> text = ReadFile(arguments.file);
  if (!text) return Usage(arguments.file + " cannot be read.");
  const auto reading = teraju::allocation::ReadProblem(*text);
  if (!reading.faults.empty()) {
    Print(reading.faults, arguments);
    return kFaults;
  }
  return Run(reading.file, arguments);
}
