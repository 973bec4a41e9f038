#include "common/engines/rules/cli/rules_commands.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "common/engines/rules/cli/rules_help.h"
#include "common/engines/rules/distribution_parser.h"
#include "common/engines/rules/evaluation.h"
#include "common/engines/rules/nearest_change.h"
#include "common/engines/rules/pack_vectors.h"
#include "common/engines/rules/shipped_packs.h"
#include "common/errors/error.h"
#include "google/rpc/error_details.pb.h"

namespace teraju::rules {
namespace {

struct Calculator {
  std::string_view command, pack, method;
};
constexpr std::array<Calculator, 6> kCalculators = {{
    {"ikm", "ikm", "index"},
    {"sample-size", "ikm", "sample_size"},
    {"angka-kredit", "angka-kredit", "credits"},
    {"ip-asn", "ip-asn", "index"},
    {"jpm", "jpm", "match"},
    {"nine-box", "nine-box", "levels"},
}};

const Calculator* FindCalculator(std::string_view command) {
  const auto found =
      std::find_if(kCalculators.begin(), kCalculators.end(), [&](const Calculator& entry) {
        return entry.command == command;
      });
  return found == kCalculators.end() ? nullptr : &*found;
}

struct Arguments {
  std::vector<std::string> words;
  std::string method, pack;
  bool json = false, canonical = false, what_if = false, help = false;
  Language language = Language::kIndonesian;
};

class Command {
 public:
  explicit Command(const ReadFile& read) : read_(read) {}

  CommandResult Run(const std::vector<std::string>& given) {
    if (!Parse(given)) return std::move(result_);
    const std::string name = arguments_.words.empty() ? "" : arguments_.words[0];
    const std::string second = arguments_.words.size() > 1 ? arguments_.words[1] : "";
    if (name.empty() || (name == "help" && second.empty())) {
      result_.out = GeneralHelp();
      if (name.empty() && !arguments_.help) result_ = {kUsage, "", GeneralHelp()};
    } else if (name == "help" || arguments_.help) {
      name == "help" ? Help(second, true) : Help(name == "evaluate" ? second : name, false);
    } else if (name == "packs") {
      Packs();
    } else if (const Calculator* calculator = FindCalculator(name)) {
      if (arguments_.method.empty()) arguments_.method = calculator->method;
      Evaluate(std::string(calculator->pack), second);
    } else if (name == "distribution") {
      Distribution(second);
    } else {
      RunOnPack(name, second);
    }
    return std::move(result_);
  }

 private:
  void RunOnPack(const std::string& name, const std::string& pack) {
    const bool known =
        name == "evaluate" || name == "validate" || name == "check" || name == "digest";
    if (!known || pack.empty()) {
      return Usage(known ? name + " needs a PACK" : "there is no command " + name);
    }
    if (name == "validate") return Validate(pack);
    if (name == "digest") return Digest(pack);
    const std::string file = arguments_.words.size() > 2 ? arguments_.words[2] : "-";
    if (name == "check") return Check(pack, file);
    Evaluate(pack, file);
  }

  bool Parse(const std::vector<std::string>& given) {
    for (std::size_t i = 0; i < given.size(); ++i) {
      const std::string& word = given[i];
      const auto value = [&]() -> std::string { return i + 1 < given.size() ? given[++i] : ""; };
      if (word == "--json") {
        arguments_.json = true;
      } else if (word == "--canonical") {
        arguments_.canonical = arguments_.json = true;
      } else if (word == "--what-if") {
        arguments_.what_if = true;
      } else if (word == "--help" || word == "-h") {
        arguments_.help = true;
      } else if (word == "--method") {
        arguments_.method = value();
      } else if (word == "--pack") {
        arguments_.pack = value();
      } else if (word == "--lang") {
        const std::string language = value();
        if (language != "id" && language != "en") return Usage("--lang is id or en"), false;
        if (language == "en") arguments_.language = Language::kEnglish;
      } else if (word.size() > 1 && word[0] == '-') {
        return Usage("there is no option " + word), false;
      } else {
        arguments_.words.push_back(word);
      }
    }
    if (arguments_.words.size() > 3) return Usage("too many arguments"), false;
    return true;
  }

  void Usage(const std::string& why) {
    result_ = {kUsage, "", fmt::format("teraju-rules: {}; see teraju-rules --help\n", why)};
  }

  const std::string& In(const Text& text) const {
    return arguments_.language == Language::kEnglish ? text.en : text.id;
  }

  void Refuse(int status, const std::string& line) {
    result_.status = status;
    result_.error += line + "\n";
  }

  // One line for each violation.
  void Refuse(const absl::Status& status) {
    const auto detail = errors::GetDetail<google::rpc::BadRequest>(status);
    if (!detail) return Refuse(kRefused, std::string(status.message()));
    for (const auto& violation : detail->field_violations()) {
      Refuse(kRefused,
             fmt::format("{}: {}: {}",
                         violation.field(),
                         violation.reason(),
                         arguments_.language == Language::kEnglish
                             ? violation.description()
                             : violation.localized_message().message()));
    }
  }

  std::optional<std::string> Read(const std::string& path) {
    absl::StatusOr<std::string> text = read_(path.empty() ? "-" : path);
    if (text.ok()) return *std::move(text);
    Refuse(kUnreadable, fmt::format("{}: cannot be read", path));
    return std::nullopt;
  }

  std::optional<Json> ReadJson(const std::string& path) {
    const std::optional<std::string> text = Read(path);
    if (!text) return std::nullopt;
    absl::StatusOr<Json> json = ParseJson(*text);
    if (json.ok()) return *std::move(json);
    Refuse(kRefused,
           fmt::format("{}: {}", path.empty() ? "-" : path, std::string(json.status().message())));
    return std::nullopt;
  }

  // From a file, or one that comes with the program.
  std::optional<PolicyPack> ReadPack(const std::string& name) {
    if (const PolicyPack* shipped = FindShippedPack(name)) return *shipped;
    const std::optional<std::string> text = Read(name);
    if (!text) return std::nullopt;
    std::vector<PackProblem> problems;
    absl::StatusOr<PolicyPack> pack = ParsePack(*text, &problems);
    Report(name, problems);
    return pack.ok() ? std::optional(*std::move(pack)) : std::nullopt;
  }

  void Report(const std::string& name, const std::vector<PackProblem>& problems) {
    for (const PackProblem& problem : problems) {
      Refuse(kRefused,
             fmt::format("{}:{}: {}: {}: {}",
                         name,
                         problem.line,
                         problem.field,
                         problem.reason,
                         In(problem.text)));
    }
  }

  void Print(const Json& json) {
    result_.out += (arguments_.canonical ? CanonicalJson(json) : PrettyJson(json)) + "\n";
  }

  // `ikm` names a command and a pack.
  void Help(const std::string& what, bool prefer_pack) {
    if (what == "distribution") {
      result_.out = DistributionHelp();
    } else if (prefer_pack && FindShippedPack(what) != nullptr) {
      result_.out = PackHelp(*FindShippedPack(what));
    } else if (const Calculator* calculator = FindCalculator(what)) {
      const PolicyPack& pack = *FindShippedPack(calculator->pack);
      result_.out = MethodHelp(pack, *pack.FindMethod(calculator->method));
    } else if (const PolicyPack* shipped = FindShippedPack(what)) {
      result_.out = PackHelp(*shipped);
    } else if (what.find('/') != std::string::npos || what.find('.') != std::string::npos) {
      if (const auto pack = ReadPack(what)) result_.out = PackHelp(*pack);
    } else {
      result_.out = GeneralHelp();
    }
  }

  void Packs() {
    for (const ShippedPack& shipped : ShippedPacks()) {
      const PolicyPack& pack = *FindShippedPack(shipped.name);
      result_.out += fmt::format("{:<20} {}\n", pack.name, In(pack.title));
      for (const Method& method : pack.methods) {
        result_.out += fmt::format("  {:<20} {}\n", method.name, In(method.title));
      }
    }
  }

  void Evaluate(const std::string& pack_name, const std::string& file) {
    const std::optional<PolicyPack> pack = ReadPack(pack_name);
    if (!pack) return;
    const Method* method =
        arguments_.method.empty() ? &pack->methods.front() : pack->FindMethod(arguments_.method);
    if (method == nullptr) return Usage("the pack has no method " + arguments_.method);
    const std::optional<Json> inputs = ReadJson(file);
    if (!inputs) return;
    const auto evaluation = rules::Evaluate(*pack, method->name, *inputs);
    if (!evaluation.ok()) return Refuse(evaluation.status());
    Json json = ToJson(*evaluation);
    std::string text = Render(evaluation->account, arguments_.language);
    if (arguments_.what_if && method->predicate) AddChanges(*pack, *method, *inputs, json, text);
    if (arguments_.json) return Print(json);
    result_.out = text;
  }

  void AddChanges(const PolicyPack& pack,
                  const Method& method,
                  const Json& inputs,
                  Json& json,
                  std::string& text) {
    const auto changes = NearestChanges(pack, method.name, inputs);
    if (!changes.ok()) return;
    Json list = Json::Array();
    text += arguments_.language == Language::kEnglish ? "\nWhat would have changed it:\n"
                                                      : "\nApa yang akan mengubahnya:\n";
    for (const Change& change : *changes) {
      list.items.push_back(Json::Object()
                               .Set("input", change.input)
                               .Set("from", change.from)
                               .Set("to", change.to)
                               .Set("predicate", change.predicate)
                               .Set("size", ExactText(change.size)));
      text += "  " + In(change.text) + "\n";
    }
    if (changes->empty()) text += "  –\n";
    json.Set("changes", std::move(list));
  }

  void Validate(const std::string& name) {
    const std::optional<PolicyPack> pack = ReadPack(name);
    if (!pack) return;
    const std::vector<PackProblem> problems = RunVectors(*pack);
    Report(name, problems);
    if (!problems.empty()) return;
    result_.out = fmt::format("{} revision {}: {} methods, {} vectors pass\n{}\n",
                              pack->name,
                              pack->revision,
                              pack->methods.size(),
                              pack->vectors.size(),
                              pack->digest);
  }

  void Digest(const std::string& name) {
    if (const auto pack = ReadPack(name)) result_.out = pack->digest + "\n";
  }

  void Check(const std::string& name, const std::string& file) {
    const std::optional<PolicyPack> pack = ReadPack(name);
    if (!pack) return;
    const std::optional<Json> account = ReadJson(file);
    if (!account) return;
    const absl::Status status = CheckAccount(*pack, *account);
    if (status.ok()) {
      result_.out = "the account is what the pack gives\n";
    } else {
      Refuse(status);
      if (status.code() == absl::StatusCode::kFailedPrecondition) result_.status = kNegative;
    }
  }

  // Reads {"unit", "counts"}; false after a refusal.
  bool ReadCounts(const PolicyPack& pack, const Json& inputs, UnitPredicate& unit, Counts& counts) {
    const Json* named = inputs.Find("unit");
    const auto known =
        std::find_if(kUnitPredicates.begin(), kUnitPredicates.end(), [&](UnitPredicate candidate) {
          return named != nullptr && UnitPredicateName(candidate) == named->text;
        });
    if (known == kUnitPredicates.end()) {
      Refuse(kRefused,
             "unit: UNKNOWN_WORD: UNIT_EXCEPTIONAL | UNIT_GOOD | UNIT_NEEDS_IMPROVEMENT "
             "| UNIT_POOR | UNIT_VERY_POOR");
    } else {
      unit = *known;
    }
    const Json* all = inputs.Find("counts");
    for (const PredicateEntry& entry : pack.predicates) {
      const std::string& code = pack.codes[static_cast<std::size_t>(entry.code)];
      const Json* count = all != nullptr ? all->Find(code) : nullptr;
      const bool whole = count != nullptr && count->Is(Json::Kind::kNumber) &&
                         count->number.scale() == 0 && count->number.sign() >= 0 &&
                         count->number <= Decimal(1'000'000);
      if (whole) {
        counts[static_cast<Predicate>(entry.number)] = static_cast<int>(count->number.unscaled());
      } else {
        Refuse(kRefused,
               fmt::format("counts.{}: OUT_OF_RANGE: {}",
                           code,
                           In({"tulis banyaknya orang, nol bila tidak ada",
                               "write how many people, zero if none"})));
      }
    }
    for (const Json* object : {&inputs, all}) RefuseUnknown(pack, object, object == all);
    return result_.status == kDone;
  }

  void RefuseUnknown(const PolicyPack& pack, const Json* object, bool is_counts) {
    if (object == nullptr) return;
    for (const JsonMember& member : object->members) {
      const auto code = pack.code_numbers.find(member.name);
      const bool predicate =
          code != pack.code_numbers.end() && pack.FindPredicate(code->second) != nullptr;
      if (is_counts ? predicate : member.name == "unit" || member.name == "counts") continue;
      Refuse(kRefused, fmt::format("{}: UNKNOWN_FIELD", member.name));
    }
  }

  void Distribution(const std::string& file) {
    const std::optional<PolicyPack> pack =
        ReadPack(arguments_.pack.empty() ? "permenpanrb-6-2022" : arguments_.pack);
    if (!pack) return;
    if (!pack->distribution) return Usage("the pack has no distribution");
    const std::optional<Json> inputs = ReadJson(file);
    if (!inputs) return;
    UnitPredicate unit = UnitPredicate::kGood;
    Counts counts;
    if (!ReadCounts(*pack, *inputs, unit, counts)) return;
    const rules::Distribution distribution = CheckDistribution(unit, counts, *pack->distribution);
    if (!distribution.conforms) result_.status = kNegative;
    PrintDistribution(distribution);
  }

  void PrintDistribution(const rules::Distribution& distribution) {
    Json lines = Json::Array();
    std::string text =
        In(distribution.conforms ? Text{"Sesuai pola.\n", "It conforms.\n"}
                                 : Text{"Tidak sesuai pola.\n", "It does not conform.\n"});
    for (const ConstraintResult& line : distribution.constraints) {
      text += fmt::format("  {} {}\n", line.holds() ? "✓" : "✗", In(line.text));
      lines.items.push_back(Json::Object()
                                .Set("name", line.code)
                                .Set("have", line.have)
                                .Set("limit", line.limit)
                                .Set("by", line.by)
                                .Set("text", In(line.text)));
    }
    if (distribution.too_small) {
      text += In({"Unit ini terlalu kecil untuk pola tersebut: tidak ada sebaran yang sesuai.\n",
                  "The unit is too small for the pattern: no distribution conforms.\n"});
    }
    if (!arguments_.json) {
      result_.out = text;
      return;
    }
    Print(Json::Object()
              .Set("conforms", distribution.conforms)
              .Set("too_small", distribution.too_small)
              .Set("population", distribution.population)
              .Set("constraints", std::move(lines)));
  }

  const ReadFile& read_;
  Arguments arguments_;
  CommandResult result_;
};

}  // namespace

CommandResult RunCommand(const std::vector<std::string>& arguments, const ReadFile& read) {
  return Command(read).Run(arguments);
}

}  // namespace teraju::rules
