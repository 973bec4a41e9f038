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

class Command {
 public:
  explicit Command(const cli::CommandLine& line) : line_(line) {}

  CommandResult Run() {
    if (line_.problem) {
      Usage(*line_.problem);
      return std::move(result_);
    }
    for (const cli::Option& option : line_.options) {
      if (option.name == "--method") method_ = option.value;
      if (option.name == "--pack") pack_ = option.value;
      canonical_ |= option.name == "--canonical";
      what_if_ |= option.name == "--what-if";
    }
    const std::string name = line_.words.empty() ? "" : line_.words[0];
    const std::string second = line_.words.size() > 1 ? line_.words[1] : "";
    if (name.empty() && !line_.help) {
      Usage({"Perintah belum disebut.", "The command is missing."});
    } else if (name.empty() || (name == "help" && second.empty())) {
      result_.out = In(GeneralHelp());
    } else if (name == "help" || line_.help) {
      name == "help" ? Help(second, true) : Help(name == "evaluate" ? second : name, false);
    } else if (name == "packs") {
      Packs();
    } else if (const Calculator* calculator = FindCalculator(name)) {
      if (method_.empty()) method_ = calculator->method;
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
      return Usage(known ? Text{name + " memerlukan nama paket atau berkasnya.",
                                name + " needs the name of a pack, or its file."}
                         : Text{"Perintah " + name + " tidak dikenal.",
                                "There is no command " + name + "."});
    }
    if (name == "validate") return Validate(pack);
    if (name == "digest") return Digest(pack);
    const std::string file = line_.words.size() > 2 ? line_.words[2] : "-";
    if (name == "check") return Check(pack, file);
    Evaluate(pack, file);
  }

  void Usage(const Text& problem) {
    result_ = {cli::kUsage, "", cli::UsageText(problem, GeneralHelp(), line_.language)};
  }

  const std::string& In(const Text& text) const { return text.In(line_.language); }

  void Refuse(int status, const std::string& line) {
    result_.status = status;
    result_.error += line + "\n";
  }

  // One line for each violation.
  void Refuse(const absl::Status& status) {
    const auto detail = errors::GetDetail<google::rpc::BadRequest>(status);
    if (!detail) return Refuse(cli::kRefused, std::string(status.message()));
    for (const auto& violation : detail->field_violations()) {
      Refuse(cli::kRefused,
             fmt::format("{}: {}: {}",
                         violation.field(),
                         violation.reason(),
                         line_.language == Language::kEnglish
                             ? violation.description()
                             : violation.localized_message().message()));
    }
  }

  std::optional<std::string> Read(const std::string& path) {
    absl::StatusOr<std::string> text = cli::ReadInput(path.empty() ? "-" : path, line_.language);
    if (text.ok()) return *std::move(text);
    Refuse(cli::kUsage, "teraju-rules: " + std::string(text.status().message()));
    return std::nullopt;
  }

  std::optional<Json> ReadJson(const std::string& path) {
    const std::optional<std::string> text = Read(path);
    if (!text) return std::nullopt;
    absl::StatusOr<Json> json = ParseJson(*text);
    if (json.ok()) return *std::move(json);
    Refuse(cli::kRefused,
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
      Refuse(cli::kRefused,
             fmt::format("{}:{}: {}: {}: {}",
                         name,
                         problem.line,
                         problem.field,
                         problem.reason,
                         In(problem.text)));
    }
  }

  void Print(const Json& json) {
    result_.out += (canonical_ ? CanonicalJson(json) : PrettyJson(json)) + "\n";
  }

  // `ikm` names a command and a pack.
  void Help(const std::string& what, bool prefer_pack) {
    if (what == "distribution") {
      result_.out = In(DistributionHelp());
    } else if (prefer_pack && FindShippedPack(what) != nullptr) {
      result_.out = PackHelp(*FindShippedPack(what), line_.language);
    } else if (const Calculator* calculator = FindCalculator(what)) {
      const PolicyPack& pack = *FindShippedPack(calculator->pack);
      result_.out = MethodHelp(pack, *pack.FindMethod(calculator->method), line_.language);
    } else if (const PolicyPack* shipped = FindShippedPack(what)) {
      result_.out = PackHelp(*shipped, line_.language);
    } else if (what.find('/') != std::string::npos || what.find('.') != std::string::npos) {
      if (const auto pack = ReadPack(what)) result_.out = PackHelp(*pack, line_.language);
    } else {
      result_.out = In(GeneralHelp());
    }
  }

  static Json Titled(const std::string& name, const Text& title) {
    return Json::Object()
        .Set("name", name)
        .Set("title", Json::Object().Set("id", title.id).Set("en", title.en));
  }

  void Packs() {
    Json list = Json::Array();
    for (const ShippedPack& shipped : ShippedPacks()) {
      const PolicyPack& pack = *FindShippedPack(shipped.name);
      Json methods = Json::Array();
      result_.out += fmt::format("{:<20} {}\n", pack.name, In(pack.title));
      for (const Method& method : pack.methods) {
        methods.items.push_back(Titled(method.name, method.title));
        result_.out += fmt::format("  {:<20} {}\n", method.name, In(method.title));
      }
      list.items.push_back(Titled(pack.name, pack.title).Set("methods", std::move(methods)));
    }
    if (!prints_json()) return;
    result_.out.clear();
    Print(list);
  }

  void Evaluate(const std::string& pack_name, const std::string& file) {
    const std::optional<PolicyPack> pack = ReadPack(pack_name);
    if (!pack) return;
    const Method* method = method_.empty() ? &pack->methods.front() : pack->FindMethod(method_);
    if (method == nullptr) {
      return Usage({"Paket itu tidak mempunyai metode " + method_ + ".",
                    "The pack has no method " + method_ + "."});
    }
    const std::optional<Json> inputs = ReadJson(file);
    if (!inputs) return;
    const auto evaluation = rules::Evaluate(*pack, method->name, *inputs);
    if (!evaluation.ok()) return Refuse(evaluation.status());
    Json json = ToJson(*evaluation);
    std::string text = Render(evaluation->account, line_.language);
    if (what_if_ && method->predicate) AddChanges(*pack, *method, *inputs, json, text);
    if (prints_json()) return Print(json);
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
    text += line_.language == Language::kEnglish ? "\nWhat would have changed it:\n"
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
    const std::size_t methods = pack->methods.size(), vectors = pack->vectors.size();
    if (prints_json()) {
      return Print(Json::Object()
                       .Set("name", pack->name)
                       .Set("revision", pack->revision)
                       .Set("methods", static_cast<int>(methods))
                       .Set("vectors", static_cast<int>(vectors))
                       .Set("digest", pack->digest));
    }
    const std::string lines = "\n" + pack->digest + "\n";
    const auto say = [&](const char* revision, const char* counted, const char* pass) {
      return fmt::format("{} {} {}: {} {}, {} {}{}",
                         pack->name,
                         revision,
                         pack->revision,
                         methods,
                         counted,
                         vectors,
                         pass,
                         lines);
    };
    result_.out =
        In({say("revisi", "metode", "vektor benar"), say("revision", "methods", "vectors pass")});
  }

  void Digest(const std::string& name) {
    const auto pack = ReadPack(name);
    if (!pack) return;
    if (prints_json()) return Print(Json::Object().Set("digest", pack->digest));
    result_.out = pack->digest + "\n";
  }

  void Check(const std::string& name, const std::string& file) {
    const std::optional<PolicyPack> pack = ReadPack(name);
    if (!pack) return;
    const std::optional<Json> account = ReadJson(file);
    if (!account) return;
    const absl::Status status = CheckAccount(*pack, *account);
    if (status.ok() && prints_json()) {
      Print(Json::Object().Set("same", true));
    } else if (status.ok()) {
      result_.out =
          In({"Rincian itu sama dengan hasil paket.\n", "The account is what the pack gives.\n"});
    } else {
      Refuse(status);
      if (status.code() == absl::StatusCode::kFailedPrecondition) result_.status = cli::kNegative;
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
      Refuse(cli::kRefused,
             "unit: UNKNOWN_WORD: " + In({"tulis ", "write "}) +
                 "UNIT_EXCEPTIONAL | UNIT_GOOD | UNIT_NEEDS_IMPROVEMENT | UNIT_POOR | "
                 "UNIT_VERY_POOR");
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
        Refuse(cli::kRefused,
               fmt::format("counts.{}: OUT_OF_RANGE: {}",
                           code,
                           In({"tulis banyaknya orang, nol bila tidak ada",
                               "write how many people, zero if none"})));
      }
    }
    for (const Json* object : {&inputs, all}) RefuseUnknown(pack, object, object == all);
    return result_.status == cli::kDone;
  }

  void RefuseUnknown(const PolicyPack& pack, const Json* object, bool is_counts) {
    if (object == nullptr) return;
    for (const JsonMember& member : object->members) {
      const auto code = pack.code_numbers.find(member.name);
      const bool predicate =
          code != pack.code_numbers.end() && pack.FindPredicate(code->second) != nullptr;
      if (is_counts ? predicate : member.name == "unit" || member.name == "counts") continue;
      Refuse(cli::kRefused,
             fmt::format("{}: UNKNOWN_FIELD: {}",
                         member.name,
                         In({"tidak dikenal; periksa ejaannya, atau hapus",
                             "not known; check its spelling, or leave it out"})));
    }
  }

  void Distribution(const std::string& file) {
    const std::optional<PolicyPack> pack = ReadPack(pack_.empty() ? "permenpanrb-6-2022" : pack_);
    if (!pack) return;
    if (!pack->distribution) {
      return Usage({"Paket itu tidak memuat pola sebaran.", "The pack has no distribution."});
    }
    const std::optional<Json> inputs = ReadJson(file);
    if (!inputs) return;
    UnitPredicate unit = UnitPredicate::kGood;
    Counts counts;
    if (!ReadCounts(*pack, *inputs, unit, counts)) return;
    const rules::Distribution distribution = CheckDistribution(unit, counts, *pack->distribution);
    if (!distribution.conforms) result_.status = cli::kNegative;
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
    if (!prints_json()) {
      result_.out = text;
      return;
    }
    Print(Json::Object()
              .Set("conforms", distribution.conforms)
              .Set("too_small", distribution.too_small)
              .Set("population", distribution.population)
              .Set("constraints", std::move(lines)));
  }

  bool prints_json() const { return line_.json || canonical_; }

  const cli::CommandLine& line_;
  std::string method_, pack_;
  bool canonical_ = false, what_if_ = false;
  CommandResult result_;
};

}  // namespace

CommandResult RunCommand(const cli::CommandLine& line) { return Command(line).Run(); }

}  // namespace teraju::rules
