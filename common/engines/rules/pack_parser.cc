#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "absl/time/civil_time.h"
#include "common/engines/rules/distribution_parser.h"
#include "common/engines/rules/policy_pack.h"
#include "common/engines/rules/step_parser.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"

namespace teraju::rules {
namespace {

constexpr char kFormat[] = "teraju-policy-pack/1";
constexpr std::size_t kMostProblems = 100;

// `plaju-2025`: a name that may stand in a file name or an address.
bool IsSlug(std::string_view text) {
  return !text.empty() && text.size() <= 63 && text[0] >= 'a' && text[0] <= 'z' &&
         std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
         });
}

bool IsDate(std::string_view text) {
  absl::CivilDay day;
  return text.size() == 10 && absl::ParseCivilTime({text.data(), text.size()}, &day) &&
         absl::FormatCivilTime(day) == text;
}

// Reads the pack's parts in the order in which they refer to each other.
class PackParser {
 public:
  PackParser(const Json& json, Problems& problems)
      : json_(json), reader_(json, "", problems), context_{pack_, problems, {}, {}, {}, 0} {}

  PolicyPack Parse() {
    ParseHead();
    ParsePredicates();
    ParseLabels();
    ParseParameters();
    ParseTables();
    ParseMethods();
    if (const Json* distribution = reader_.Allow("distribution", Json::Kind::kObject)) {
      pack_.distribution = ParseDistribution(*distribution, "distribution", context_);
    }
    ParseVectors();
    ReportUnusedNames();
    pack_.digest = DigestOf(json_);
    return std::move(pack_);
  }

 private:
  void Refuse(std::string_view name, std::string_view reason, Text text) {
    const Json* at = reader_.Find(name);
    reader_.Refuse(at != nullptr ? *at : json_, name, reason, std::move(text));
  }

  void ParseHead() {
    if (const std::string format = reader_.NeedText("format"); format != kFormat) {
      Refuse("format",
             "UNKNOWN_WORD",
             {fmt::format("Tulis {}.", kFormat), fmt::format("Write {}.", kFormat)});
    }
    pack_.name = reader_.NeedName("name", &IsSlug);
    pack_.revision = reader_.NeedWhole("revision", 1, 1'000'000);
    pack_.title = reader_.NeedTexts("title");
    pack_.source = reader_.NeedText("source");
    pack_.valid_from = reader_.NeedText("valid_from");
    pack_.valid_until = reader_.AllowText("valid_until");
    const Text date{"Tulis tanggal sebagai YYYY-MM-DD.", "Write a date as YYYY-MM-DD."};
    if (!IsDate(pack_.valid_from)) Refuse("valid_from", "BAD_DATE", date);
    if (pack_.valid_until.empty()) return;
    if (!IsDate(pack_.valid_until)) Refuse("valid_until", "BAD_DATE", date);
    if (pack_.valid_until < pack_.valid_from) {
      Refuse("valid_until",
             "ORDER",
             {"Akhir masa berlaku mendahului awalnya.", "The pack ends before it begins."});
    }
  }

  void ParsePredicates() {
    const Json* list = reader_.Allow("predicates", Json::Kind::kArray);
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      ObjectReader reader(list->items[i], Join("predicates", i), context_.problems);
      PredicateEntry entry;
      entry.code = context_.CodeOf(reader.NeedName("code", &IsCode));
      entry.number = reader.NeedWhole("number", 1, 9);
      entry.label = {reader.NeedText("id"), reader.NeedText("en")};
      for (const PredicateEntry& other : pack_.predicates) {
        if (other.code != entry.code && other.number != entry.number) continue;
        reader.Refuse(reader.json(),
                      reader.path(),
                      "DUPLICATE",
                      {"Kode dan nomor predikat masing-masing hanya satu kali.",
                       "Each code and number of a predicate stands once."});
      }
      pack_.labels[entry.code] = entry.label;
      pack_.predicates.push_back(std::move(entry));
    }
  }

  void ParseLabels() {
    const Json* labels = reader_.Allow("labels", Json::Kind::kObject);
    if (labels == nullptr) return;
    ObjectReader reader(*labels, "labels", context_.problems);
    for (const JsonMember& member : labels->members) {
      pack_.labels[context_.CodeOf(member.name)] = reader.NeedTexts(member.name);
    }
  }

  void ParseParameters() {
    const Json* parameters = reader_.Allow("parameters", Json::Kind::kObject);
    if (parameters == nullptr) return;
    ObjectReader all(*parameters, "parameters", context_.problems);
    for (const JsonMember& member : parameters->members) {
      all.Find(member.name);
      ObjectReader reader(member.value, Join("parameters", member.name), context_.problems);
      reader.NeedTexts("note");
      const std::optional<Decimal> value = reader.AllowNumber("value");
      if (!value || !IsName(member.name)) {
        reader.Refuse(member.value,
                      reader.path(),
                      "INCOMPLETE",
                      {"Parameter memerlukan nama berhuruf kecil dan value.",
                       "A parameter needs a name in small letters and a value."});
      }
      context_.parameters.emplace(member.name, ToRational(value.value_or(0)));
    }
  }

  void ParseTables() {
    const Json* tables = reader_.Allow("tables", Json::Kind::kObject);
    if (tables == nullptr) return;
    for (const JsonMember& member : tables->members) {
      context_.tables.emplace(member.name, &member.value);
    }
  }

  void ParseMethods() {
    const Json* methods = reader_.Need("methods", Json::Kind::kObject);
    if (methods == nullptr) return;
    pack_.methods.reserve(methods->members.size());
    for (const JsonMember& member : methods->members) ParseMethod(member);
    if (pack_.methods.empty()) {
      Refuse("methods", "EMPTY", {"Tulis paling sedikit satu cara.", "Write at least one method."});
    }
  }

  void ParseMethod(const JsonMember& member) {
    const std::string path = Join("methods", member.name);
    ObjectReader reader(member.value, path, context_.problems);
    Method& method = pack_.methods.emplace_back();
    method.name = member.name;
    if (!IsName(member.name)) {
      reader.Refuse(member.value,
                    path,
                    "BAD_NAME",
                    {"Nama cara memakai huruf kecil.", "A method's name is in small letters."});
    }
    method.title = reader.NeedTexts("title");
    if (const Json* inputs = reader.Need("inputs", Json::Kind::kArray)) {
      method.inputs = ParseInputFields(*inputs, Join(path, "inputs"), context_);
    }
    const NameScope scope{nullptr, &method.inputs, &method.steps, {}};
    context_.steps = 0;
    if (const Json* steps = reader.Need("steps", Json::Kind::kArray)) {
      ParseSteps(*steps, Join(path, "steps"), context_, scope, method.steps);
    }
    method.score = ResultOf(reader, method, "score", ValueType::kNumber, scope);
    method.predicate = ResultOf(reader, method, "predicate", ValueType::kCode, scope);
    if (!method.score && !method.predicate) {
      reader.Refuse(member.value,
                    path,
                    "MISSING",
                    {"Sebut langkah hasilnya: score, predicate, atau keduanya.",
                     "Name the step of the result: score, predicate, or both."});
    }
    CheckPredicate(reader, method);
    ParseAlso(reader, method, scope);
    method.combines = reader.AllowText("combines");
    if (!method.combines.empty()) CheckCombines(reader, method);
    ReportUnused(member.value, path, context_, scope);
  }

  std::optional<int> ResultOf(ObjectReader& reader,
                              const Method& method,
                              std::string_view name,
                              ValueType type,
                              const NameScope& scope) {
    const Json* named = reader.Allow(name, Json::Kind::kString);
    if (named == nullptr) return std::nullopt;
    for (std::size_t i = 0; i < method.steps.size(); ++i) {
      const Step& step = method.steps[i];
      if (step.name != named->text || step.type != type) continue;
      scope.used.insert(step.name);
      // What is printed must be a decimal.
      if (type == ValueType::kNumber && !step.round) {
        reader.Refuse(
            *named,
            reader.PathOf(name),
            "NOT_ROUNDED",
            {"Langkah hasil harus dibulatkan (round), agar dapat dicetak.",
             "The step of the score must be rounded (round), so that it can be printed."});
      }
      return static_cast<int>(i);
    }
    reader.Refuse(*named,
                  reader.PathOf(name),
                  "UNKNOWN_NAME",
                  {"Sebut sebuah langkah: bilangan untuk score, kode untuk predicate.",
                   "Name a step: a number for score, a code for predicate."});
    return std::nullopt;
  }

  void ParseAlso(ObjectReader& reader, Method& method, const NameScope& scope) {
    const Json* also = reader.Allow("also", Json::Kind::kArray);
    for (std::size_t i = 0; also != nullptr && i < also->items.size(); ++i) {
      const std::string& name = also->items[i].text;
      const auto step = std::find_if(method.steps.begin(),
                                     method.steps.end(),
                                     [&](const Step& other) { return other.name == name; });
      if (step == method.steps.end()) {
        reader.Refuse(also->items[i],
                      Join(reader.PathOf("also"), i),
                      "UNKNOWN_NAME",
                      {"Sebut sebuah langkah dari cara ini.", "Name a step of this method."});
        continue;
      }
      scope.used.insert(name);
      method.also.push_back(static_cast<int>(step - method.steps.begin()));
    }
  }

  void CheckPredicate(ObjectReader& reader, const Method& method) {
    if (!method.predicate) return;
    for (const int code : method.steps[static_cast<std::size_t>(*method.predicate)].codes) {
      if (pack_.FindPredicate(code) != nullptr) continue;
      reader.Refuse(*reader.Find("predicate"),
                    reader.PathOf("predicate"),
                    "UNKNOWN_NAME",
                    {fmt::format("{} tidak ada di predicates.", pack_.codes[code]),
                     fmt::format("{} is not in predicates.", pack_.codes[code])});
    }
  }

  // The list `segments` has the fields that are filled from the other method.
  void CheckCombines(ObjectReader& reader, const Method& method) {
    const Method* part = pack_.FindMethod(method.combines);
    const auto list =
        std::find_if(method.inputs.begin(), method.inputs.end(), [](const InputField& input) {
          return input.name == "segments" && input.kind == InputField::Kind::kList;
        });
    bool fits = part != nullptr && part != &pack_.methods.back() && list != method.inputs.end();
    for (std::size_t i = 0; fits && i < list->fields.size(); ++i) {
      const std::string& name = list->fields[i].name;
      fits = name == "days" || (name == "score" && part->score) ||
             (name == "predicate" && part->predicate);
    }
    if (fits) return;
    reader.Refuse(*reader.Find("combines"),
                  reader.PathOf("combines"),
                  "UNKNOWN_NAME",
                  {"Sebut cara yang ditulis sebelumnya; masukan segments (list) berisi days dan, "
                   "bila cara itu menghasilkannya, score dan predicate.",
                   "Name a method that stands before; the input segments (a list) has days and, "
                   "where that method gives them, score and predicate."});
  }

  void ParseVectors() {
    const Json* list = reader_.Need("vectors", Json::Kind::kArray);
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      ObjectReader reader(list->items[i], Join("vectors", i), context_.problems);
      Vector& vector = pack_.vectors.emplace_back();
      vector.line = list->items[i].line;
      vector.name = reader.NeedText("name");
      vector.method = reader.NeedText("method");
      if (const Json* inputs = reader.Need("inputs", Json::Kind::kObject)) vector.inputs = *inputs;
      if (const Json* expect = reader.Allow("expect", Json::Kind::kObject)) {
        vector.expect = *expect;
      }
      vector.error = reader.AllowText("error");
      if (pack_.FindMethod(vector.method) == nullptr ||
          vector.expect.members.empty() == vector.error.empty()) {
        reader.Refuse(
            list->items[i],
            reader.path(),
            "INCOMPLETE",
            {"Contoh uji memerlukan method yang ada dan salah satu dari expect dan error.",
             "A vector needs a method that exists and one of expect and error."});
      }
    }
    for (const Method& method : pack_.methods) {
      const bool tested =
          std::any_of(pack_.vectors.begin(), pack_.vectors.end(), [&](const Vector& vector) {
            return vector.method == method.name && vector.error.empty();
          });
      if (tested) continue;
      Refuse("vectors",
             "INCOMPLETE",
             {fmt::format("Tidak ada contoh uji untuk cara {}.", method.name),
              fmt::format("There is no vector for method {}.", method.name)});
    }
  }

  void ReportUnusedNames() {
    for (const std::string_view group : {"parameters", "tables"}) {
      const Json* all = reader_.Find(group);
      if (all == nullptr) continue;
      for (const JsonMember& member : all->members) {
        if (context_.used.count(member.name) > 0) continue;
        AddProblem(context_.problems,
                   member.value,
                   Join(group, member.name),
                   "UNUSED",
                   {"Nama ini tidak dipakai. Pakai atau hapus.",
                    "This name is not used. Use it or remove it."});
      }
    }
  }

  const Json& json_;
  PolicyPack pack_;
  ObjectReader reader_;
  PackContext context_;
};

absl::Status ToStatus(const Problems& problems) {
  errors::FieldViolations violations;
  for (const PackProblem& problem : problems) {
    violations.Add(problem.field,
                   problem.reason,
                   fmt::format("Baris {}: {}", problem.line, problem.text.id),
                   fmt::format("Line {}: {}", problem.line, problem.text.en));
  }
  return violations.ToStatus();
}

}  // namespace

absl::StatusOr<PolicyPack> ParsePack(std::string_view text, std::vector<PackProblem>* problems) {
  const absl::StatusOr<Json> json = ParseJson(text);
  Problems found;
  PolicyPack pack;
  if (json.ok()) {
    pack = PackParser(*json, found).Parse();
  } else {
    const std::string message(json.status().message());
    int line = 1;
    std::from_chars(message.data() + 5, message.data() + message.size(), line);
    const std::string why(message.substr(message.find(": ") + 2));
    found.push_back({line, "", "NOT_JSON", {why, why}});
  }
  std::stable_sort(found.begin(), found.end(), [](const PackProblem& a, const PackProblem& b) {
    return a.line < b.line;
  });
  if (found.size() > kMostProblems) found.resize(kMostProblems);
  if (problems != nullptr) *problems = found;
  if (!found.empty()) return ToStatus(found);
  return pack;
}

}  // namespace teraju::rules
