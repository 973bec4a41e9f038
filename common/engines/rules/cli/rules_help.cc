#include "common/engines/rules/cli/rules_help.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/engines/rules/shipped_packs.h"

namespace teraju::rules {
namespace {

constexpr std::string_view kUsageText =
    R"(teraju-rules: evaluates the rules of appraisal on a JSON file and shows how the result arose.

Usage:
  teraju-rules evaluate PACK [FILE]     by a policy pack: a file, or one that comes with the program
  teraju-rules ikm [FILE]               index of citizens' satisfaction (SKM)
  teraju-rules sample-size [FILE]       respondents to ask
  teraju-rules angka-kredit [FILE]      credits of functional officials
  teraju-rules ip-asn [FILE]            professionalism index
  teraju-rules jpm [FILE]               job-person match
  teraju-rules nine-box [FILE]          talent map
  teraju-rules distribution [FILE]      whether the predicates of a unit fit its own predicate
  teraju-rules validate PACK            reads a pack, runs its vectors; one line for each problem
  teraju-rules check PACK [FILE]        computes an account (from --json) again and compares
  teraju-rules digest PACK              SHA-256 of the pack's canonical form
  teraju-rules packs                    the packs that come with the program, and their methods
  teraju-rules COMMAND --help           every input of a calculator, with an example that can be run as it is
  teraju-rules help PACK                the same for every method of a pack

FILE is a JSON object with the inputs; without it, or as -, the standard input is read. Numbers are exact decimals,
written as numbers or in quotes. What is missing is never taken as zero.

Options:
  --method NAME   of the pack; without it the first one
  --pack PACK     of distribution; without it permenpanrb-6-2022
  --json          prints the result as JSON (canonical with --canonical)
  --canonical     prints the canonical form, over which digests are made
  --what-if       also the smallest changes of single inputs that reach a better predicate
  --lang id|en    language of texts and messages; Indonesian without it

Exit status: 0 done; 1 the pack or the inputs are refused; 2 wrong usage; 3 a file cannot be read;
4 the distribution does not conform, or the account differs. Messages go to the standard error, one line each:
field: REASON: what is wrong and what to do.
)";

std::string KindOf(const PolicyPack& pack, const InputField& input) {
  switch (input.kind) {
    case InputField::Kind::kNumber: {
      std::string text = "number";
      if (input.min) text += " from " + input.min->ToString();
      if (input.max) text += " to " + input.max->ToString();
      return text;
    }
    case InputField::Kind::kFlag:
      return "true or false";
    case InputField::Kind::kList:
      return fmt::format("list of {} or more objects, each may have a key (text) and has",
                         input.at_least);
    case InputField::Kind::kChoice:
      break;
  }
  std::string choices;
  for (const int code : input.choices) {
    choices += (choices.empty() ? "" : " | ") + pack.codes[static_cast<std::size_t>(code)];
  }
  return choices;
}

void AppendInputs(const PolicyPack& pack,
                  const std::vector<InputField>& inputs,
                  int indent,
                  std::string& out) {
  for (const InputField& input : inputs) {
    out += fmt::format("{:{}}{:<20} {}{}\n{:{}}{:<20}   {} / {}\n",
                       "",
                       indent,
                       input.name,
                       KindOf(pack, input),
                       input.optional ? "; may be missing" : "",
                       "",
                       indent,
                       "",
                       input.label.id,
                       input.label.en);
    AppendInputs(pack, input.fields, indent + 4, out);
  }
}

}  // namespace

std::string GeneralHelp() { return std::string(kUsageText); }

std::string MethodHelp(const PolicyPack& pack, const Method& method) {
  std::string out = fmt::format("{} --method {}: {} / {}\n\nInputs:\n",
                                pack.name,
                                method.name,
                                method.title.id,
                                method.title.en);
  AppendInputs(pack, method.inputs, 2, out);
  const auto example =
      std::find_if(pack.vectors.begin(), pack.vectors.end(), [&](const Vector& vector) {
        return vector.method == method.name && vector.error.empty();
      });
  if (example != pack.vectors.end()) {
    out += fmt::format("\nExample ({}):\n{}\n", example->name, PrettyJson(example->inputs));
  }
  return out;
}

std::string PackHelp(const PolicyPack& pack) {
  std::string out = fmt::format("{} revision {}: {} / {}\nvalid from {}{}{}\nsource: {}\n",
                                pack.name,
                                pack.revision,
                                pack.title.id,
                                pack.title.en,
                                pack.valid_from,
                                pack.valid_until.empty() ? "" : " until ",
                                pack.valid_until,
                                pack.source);
  for (const Method& method : pack.methods) out += "\n" + MethodHelp(pack, method);
  return out;
}

std::string DistributionHelp() {
  return R"(distribution: whether the predicates of a unit's people fit the pattern of the unit's own predicate (SE MenPANRB 3/2023).
It reports each constraint, by how many it is missed, and whether the unit is too small for the pattern; nobody is moved.

Inputs:
  unit      UNIT_EXCEPTIONAL | UNIT_GOOD | UNIT_NEEDS_IMPROVEMENT | UNIT_POOR | UNIT_VERY_POOR
  counts    people by predicate: VERY_GOOD, GOOD, NEEDS_IMPROVEMENT, POOR, VERY_POOR (all are required)

Example (40 people in a good unit):
{
  "unit": "UNIT_GOOD",
  "counts": {"VERY_GOOD": 8, "GOOD": 26, "NEEDS_IMPROVEMENT": 5, "POOR": 1, "VERY_POOR": 0}
}
)";
}

}  // namespace teraju::rules
