#include "common/engines/rules/step_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace teraju::rules {
namespace {

// Steps refer to each other: so many may stand inside one another in an account.
constexpr std::size_t kMostSteps = 100;

constexpr std::array kOperations = {
    Operation::kValue,
    Operation::kAchievement,
    Operation::kSum,
    Operation::kMean,
    Operation::kLeast,
    Operation::kGreatest,
    Operation::kLast,
    Operation::kProduct,
    Operation::kQuotient,
    Operation::kBands,
    Operation::kPiecewise,
    Operation::kLookup,
};

constexpr std::array kFormulas = {Formula::kHigherIsBetter,
                                  Formula::kLowerIsBetter,
                                  Formula::kRange,
                                  Formula::kMilestone,
                                  Formula::kBinary};

void Unite(std::vector<int>& codes, const std::vector<int>& more) {
  for (const int code : more) {
    if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
  }
}

// Reads one step.
class StepParser {
 public:
  StepParser(const Json& json, std::string path, PackContext& context, const NameScope& scope)
      : reader_(json, std::move(path), context.problems),
        context_(context),
        scope_(scope),
        names_(context, scope) {}

  Step Parse() {
    step_.name = reader_.NeedName("name", &IsName);
    step_.label = reader_.NeedTexts("label");
    if (names_.Knows(step_.name)) {
      Refuse("name", "DUPLICATE", {"Nama ini sudah dipakai.", "This name is taken."});
    }
    const std::string operation = reader_.NeedText("op");
    const auto known =
        std::find_if(kOperations.begin(), kOperations.end(), [&](Operation candidate) {
          return OperationName(candidate) == operation;
        });
    if (known == kOperations.end()) {
      Refuse("op",
             "UNKNOWN_WORD",
             {"Operasi ini tidak ada. Lihat daftar operasi di README.",
              "There is no such operation. See the list of operations in the README."});
      return std::move(step_);
    }
    step_.operation = *known;
    ParseOperation();
    if (step_.type == ValueType::kNumber) ParseLimits();
    return std::move(step_);
  }

 private:
  void ParseOperation() {
    switch (step_.operation) {
      case Operation::kValue:
        return TakeTypeOf(Need("of"));
      case Operation::kAchievement:
        return ParseAchievement();
      case Operation::kSum:
      case Operation::kMean:
      case Operation::kLeast:
      case Operation::kGreatest:
      case Operation::kLast:
        return ParseTerms();
      case Operation::kProduct:
        return ParseFactors();
      case Operation::kQuotient:
        step_.of = {NeedNumber("of"), NeedNumber("by")};
        return;
      case Operation::kBands:
        return ParseBands();
      case Operation::kPiecewise:
        return ParsePieces();
      case Operation::kLookup:
        return ParseLookup();
    }
  }

  void TakeTypeOf(Resolved from) {
    step_.type = from.operand.type;
    step_.codes = std::move(from.codes);
    step_.of = {std::move(from.operand)};
  }

  void ParseAchievement() {
    Resolved formula = Need("formula");
    for (const int code : formula.codes) {
      const std::string& name = context_.pack.codes[static_cast<std::size_t>(code)];
      const bool known = std::any_of(kFormulas.begin(), kFormulas.end(), [&](Formula candidate) {
        return FormulaName(candidate) == name;
      });
      if (!known) {
        Refuse("formula",
               "UNKNOWN_WORD",
               {"Pilih HIGHER_IS_BETTER, LOWER_IS_BETTER, RANGE, MILESTONE, atau BINARY.",
                "Choose HIGHER_IS_BETTER, LOWER_IS_BETTER, RANGE, MILESTONE, or BINARY."});
      }
    }
    if (formula.codes.empty()) RefuseType("formula", ValueType::kCode);
    step_.of = {std::move(formula.operand), NeedNumber("realised"), NeedNumber("target")};
    if (reader_.Find("target_high") != nullptr) step_.of.push_back(NeedNumber("target_high"));
  }

  void ParseFactors() {
    const Json* list = reader_.Need("of", Json::Kind::kArray);
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      step_.of.push_back(names_.NumberAt(list->items[i], Join(reader_.PathOf("of"), i)));
    }
    if (step_.of.empty()) {
      Refuse("of", "EMPTY", {"Tulis paling sedikit satu faktor.", "Write at least one factor."});
    }
  }

  void ParseTerms() {
    const bool weighted = step_.operation == Operation::kSum || step_.operation == Operation::kMean;
    if (reader_.Find("over") != nullptr) {
      ParseOver(weighted);
    } else {
      ParseFixedTerms(weighted);
    }
    if (const Json* policy = reader_.Find("if_missing")) ParseMissing(*policy);
    if (const Json* empty = reader_.Find("if_empty")) {
      if (const auto number = NumberIn(*empty)) {
        step_.if_empty = ToRational(*number);
      } else {
        Refuse("if_empty", "WRONG_KIND", {"Tulis sebuah bilangan.", "Write a number."});
      }
    }
  }

  void ParseFixedTerms(bool weighted) {
    const Json* list = reader_.Need("terms", Json::Kind::kArray);
    if (list == nullptr) return;
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const std::string path = Join(reader_.PathOf("terms"), i);
      ObjectReader term(list->items[i], path, context_.problems);
      const Json* of = term.Find("of");
      Term& added = step_.terms.emplace_back();
      added.of = names_.NumberAt(of != nullptr ? *of : list->items[i], Join(path, "of"));
      const Json* weight = weighted ? term.Find("weight") : nullptr;
      if (weight != nullptr) added.weight = names_.NumberAt(*weight, Join(path, "weight"));
    }
    if (step_.terms.empty()) {
      Refuse("terms", "EMPTY", {"Tulis paling sedikit satu suku.", "Write at least one term."});
    }
    RefuseMixedWeights();
  }

  // A sum of which some terms are weighted is written with weight 1 on the others.
  void RefuseMixedWeights() {
    const auto weighted = std::count_if(
        step_.terms.begin(), step_.terms.end(), [](const Term& t) { return t.weight.has_value(); });
    if (weighted == 0 || weighted == static_cast<std::ptrdiff_t>(step_.terms.size())) return;
    Refuse("terms",
           "INCOMPLETE",
           {"Beri bobot pada setiap suku, atau tidak pada satu pun.",
            "Give every term a weight, or none."});
  }

  void ParseOver(bool weighted) {
    const Resolved list = names_.Resolve(*reader_.Find("over"), reader_.PathOf("over"), true);
    const InputField* field = names_.FieldOf(list.operand);
    if (field == nullptr || field->kind != InputField::Kind::kList) {
      Refuse("over",
             "WRONG_TYPE",
             {"over menyebut sebuah masukan berjenis list.", "over names an input of kind list."});
      return;
    }
    step_.over = list.operand;
    NameScope inner{&scope_, &field->fields, &step_.steps, {}};
    if (const Json* steps = reader_.Allow("steps", Json::Kind::kArray)) {
      ParseSteps(*steps, reader_.PathOf("steps"), context_, inner, step_.steps);
    }
    NameResolver element(context_, inner);
    Term& term = step_.terms.emplace_back();
    const Json* of = reader_.Need("of", Json::Kind::kString);
    if (of != nullptr) {
      Resolved value = element.Resolve(*of, reader_.PathOf("of"));
      const bool code = value.operand.type == ValueType::kCode;
      if (code && step_.operation != Operation::kLast) RefuseType("of", ValueType::kNumber);
      step_.type = value.operand.type;
      step_.codes = std::move(value.codes);
      term.of = std::move(value.operand);
    }
    const Json* weight = weighted ? reader_.Find("weight") : nullptr;
    if (weight != nullptr) term.weight = element.NumberAt(*weight, reader_.PathOf("weight"));
    ReportUnusedSteps(inner);
  }

  void ReportUnusedSteps(const NameScope& inner) {
    NameScope steps{nullptr, nullptr, inner.steps, inner.used};
    ReportUnused(reader_.json(), reader_.path(), context_, steps);
  }

  void ParseMissing(const Json& policy) {
    if (const auto neutral = NumberIn(policy)) {
      step_.if_missing = IfMissing::kNeutral;
      step_.neutral = ToRational(*neutral);
    } else if (policy.text == "RENORMALISE") {
      step_.if_missing = IfMissing::kRenormalise;
    } else if (policy.text != "ERROR") {
      Refuse("if_missing",
             "UNKNOWN_WORD",
             {"Pilih ERROR, RENORMALISE, atau tulis nilai netral.",
              "Choose ERROR, RENORMALISE, or write a neutral value."});
    }
  }

  // Inline, or the name of an entry of `tables`.
  const Json* TableOf(std::string_view name, Json::Kind kind) {
    const Json* table = reader_.Find(name);
    if (table != nullptr && table->Is(Json::Kind::kString)) {
      const auto found = context_.tables.find(table->text);
      if (found == context_.tables.end()) {
        Refuse(name,
               "UNKNOWN_NAME",
               {"Tidak ada tabel dengan nama ini.", "There is no table of this name."});
        return nullptr;
      }
      context_.used.insert(table->text);
      table = found->second;
    }
    if (table == nullptr || !table->Is(kind)) {
      Refuse(name,
             "MISSING",
             {"Tulis tabel di sini, atau nama salah satu tabel di tables.",
              "Write the table here, or the name of one in tables."});
      return nullptr;
    }
    return table;
  }

  void ParseBands() {
    step_.type = ValueType::kCode;
    step_.of = {NeedNumber("of")};
    const Json* list = TableOf("bands", Json::Kind::kArray);
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      ParseBand(list->items[i], Join(reader_.PathOf("bands"), i), i + 1 == list->items.size());
    }
    if (list != nullptr && step_.bands.empty()) {
      Refuse("bands", "EMPTY", {"Tulis paling sedikit satu kelas.", "Write at least one band."});
    }
  }

  void ParseBand(const Json& json, const std::string& path, bool is_last) {
    ObjectReader reader(json, path, context_.problems);
    Band band;
    const std::string code = reader.NeedName("code", &IsCode);
    band.code = context_.CodeOf(code);
    Unite(step_.codes, {band.code});
    if (const Json* least = reader.Find("at_least")) {
      band.at_least = names_.NumberAt(*least, Join(path, "at_least"));
    } else if (!is_last) {
      reader.Refuse(
          json,
          Join(path, "at_least"),
          "MISSING",
          {"Hanya kelas terakhir boleh tanpa at_least.", "Only the last band may lack at_least."});
    }
    if (const Json* needs = reader.Find("needs")) {
      const Resolved flag = names_.Resolve(*needs, Join(path, "needs"));
      if (!IsFlag(flag)) names_.RefuseType(*needs, Join(path, "needs"), ValueType::kCode);
      band.needs = flag.operand;
    }
    if (!step_.bands.empty() && band.at_least && !band.needs) RefuseOrder(json, path, band);
    step_.bands.push_back(std::move(band));
  }

  bool IsFlag(const Resolved& value) {
    std::vector<int> codes = value.codes;
    std::vector<int> flag = {context_.CodeOf("YES"), context_.CodeOf("NO")};
    std::sort(codes.begin(), codes.end());
    std::sort(flag.begin(), flag.end());
    return codes == flag;
  }

  void RefuseOrder(const Json& json, const std::string& path, const Band& band) {
    const Band& above = step_.bands.back();
    if (!above.at_least || above.at_least->kind != Operand::Kind::kNumber ||
        band.at_least->kind != Operand::Kind::kNumber) {
      return;
    }
    if (band.at_least->number < above.at_least->number) return;
    AddProblem(context_.problems,
               json,
               Join(path, "at_least"),
               "ORDER",
               {"Urutkan kelas dari batas tertinggi ke terendah.",
                "Order the bands from the highest limit to the lowest."});
  }

  void ParsePieces() {
    step_.of = {NeedNumber("of")};
    const Json* list = TableOf("pieces", Json::Kind::kArray);
    for (std::size_t i = 0; list != nullptr && i < list->items.size(); ++i) {
      ParsePiece(list->items[i], Join(reader_.PathOf("pieces"), i));
    }
    if (list != nullptr && step_.pieces.empty()) {
      Refuse("pieces", "EMPTY", {"Tulis paling sedikit satu ruas.", "Write at least one piece."});
    }
  }

  void ParsePiece(const Json& json, const std::string& path) {
    ObjectReader reader(json, path, context_.problems);
    Piece piece;
    const auto read = [&](std::string_view name) {
      const std::optional<Decimal> number = reader.AllowNumber(name);
      return number ? std::optional(ToRational(*number)) : std::nullopt;
    };
    const auto from = read("from"), value = read("value");
    piece.to = read("to");
    piece.to_value = read("to_value");
    if (!from || !value || (piece.to_value && !piece.to)) {
      reader.Refuse(json,
                    path,
                    "INCOMPLETE",
                    {"Ruas memerlukan from dan value, dan untuk garis miring to dan to_value.",
                     "A piece needs from and value, and for a slope to and to_value."});
    }
    piece.from = from.value_or(0);
    piece.from_value = value.value_or(0);
    const bool overlaps = !step_.pieces.empty() &&
                          piece.from <= step_.pieces.back().to.value_or(step_.pieces.back().from);
    if (overlaps || (piece.to && *piece.to <= piece.from)) {
      reader.Refuse(json,
                    Join(path, "from"),
                    "ORDER",
                    {"Urutkan ruas dari bawah ke atas tanpa tumpang tindih.",
                     "Order the pieces upwards without overlap."});
    }
    step_.pieces.push_back(std::move(piece));
  }

  void ParseLookup() {
    const Json* by = reader_.Need("by", Json::Kind::kArray);
    std::vector<std::vector<int>> keys;
    for (std::size_t i = 0; by != nullptr && i < by->items.size(); ++i) {
      const std::string path = Join(reader_.PathOf("by"), i);
      Resolved key = names_.Resolve(by->items[i], path);
      if (key.codes.empty()) names_.RefuseType(by->items[i], path, ValueType::kCode);
      step_.of.push_back(std::move(key.operand));
      keys.push_back(std::move(key.codes));
    }
    const Json* table = TableOf("table", Json::Kind::kObject);
    if (table == nullptr || keys.empty()) return;
    std::optional<ValueType> type;
    step_.table = ParseTable(*table, reader_.PathOf("table"), keys, 0, type);
    step_.type = type.value_or(ValueType::kNumber);
  }

  LookupTable ParseTable(const Json& json,
                         const std::string& path,
                         const std::vector<std::vector<int>>& keys,
                         std::size_t level,
                         std::optional<ValueType>& type) {
    LookupTable table;
    if (level == keys.size()) {
      Resolved leaf = names_.Resolve(json, path);
      if (type && *type != leaf.operand.type) names_.RefuseType(json, path, *type);
      type = leaf.operand.type;
      Unite(step_.codes, leaf.codes);
      table.leaf = std::move(leaf.operand);
      return table;
    }
    std::set<int> covered;
    {
      ObjectReader reader(json, path, context_.problems);
      for (const int code : keys[level]) {
        const std::string& name = context_.pack.codes[static_cast<std::size_t>(code)];
        const Json* item = reader.Find(name);
        if (item == nullptr) {
          reader.Refuse(json,
                        Join(path, name),
                        "INCOMPLETE",
                        {"Tabel harus menyebut setiap kode yang mungkin.",
                         "The table must name every code that is possible."});
          continue;
        }
        table.cases.push_back({code, ParseTable(*item, Join(path, name), keys, level + 1, type)});
      }
    }
    return table;
  }

  void ParseLimits() {
    if (const Json* floor = reader_.Find("floor")) {
      step_.floor = names_.NumberAt(*floor, reader_.PathOf("floor"));
    }
    if (const Json* cap = reader_.Find("cap"))
      step_.cap = names_.NumberAt(*cap, reader_.PathOf("cap"));
    const Json* round = reader_.Find("round");
    if (round == nullptr) return;
    ObjectReader reader(*round, reader_.PathOf("round"), context_.problems);
    RoundingStep& rounding = step_.round.emplace();
    rounding.digits = reader.NeedWhole("digits", -6, 12);
    const std::string mode = reader.NeedText("mode");
    const auto parsed = ParseRounding(mode);
    if (parsed.ok()) {
      rounding.mode = *parsed;
    } else if (!mode.empty()) {
      reader.Refuse(*reader.Find("mode"),
                    reader.PathOf("mode"),
                    "UNKNOWN_WORD",
                    {"Pilih HALF_UP, HALF_EVEN, DOWN, UP, CEILING, atau FLOOR.",
                     "Choose HALF_UP, HALF_EVEN, DOWN, UP, CEILING, or FLOOR."});
    }
  }

  Resolved Need(std::string_view name) {
    const Json* value = reader_.Find(name);
    if (value != nullptr) return names_.Resolve(*value, reader_.PathOf(name));
    reader_.Need(name, Json::Kind::kString);
    return {};
  }

  Operand NeedNumber(std::string_view name) {
    const Json* value = reader_.Find(name);
    if (value != nullptr) return names_.NumberAt(*value, reader_.PathOf(name));
    reader_.Need(name, Json::Kind::kNumber);
    return {};
  }

  void Refuse(std::string_view name, std::string_view reason, Text text) {
    const Json* at = reader_.Find(name);
    reader_.Refuse(
        at != nullptr ? *at : reader_.json(), reader_.PathOf(name), reason, std::move(text));
  }
  void RefuseType(std::string_view name, ValueType wanted) {
    const Json* at = reader_.Find(name);
    names_.RefuseType(at != nullptr ? *at : reader_.json(), reader_.PathOf(name), wanted);
  }
  ObjectReader reader_;
  PackContext& context_;
  const NameScope& scope_;
  NameResolver names_;
  Step step_;
};

}  // namespace

void ParseSteps(const Json& list,
                const std::string& path,
                PackContext& context,
                const NameScope& scope,
                std::vector<Step>& steps) {
  // The scope sees the vector: a step must not move while the next one is read.
  steps.reserve(list.items.size());
  context.steps += list.items.size();
  if (context.steps > kMostSteps) {
    AddProblem(context.problems,
               list,
               path,
               "TOO_LARGE",
               {"Sebuah cara paling banyak 100 langkah.", "A method has at most 100 steps."});
    return;
  }
  for (std::size_t i = 0; i < list.items.size(); ++i) {
    steps.push_back(StepParser(list.items[i], Join(path, i), context, scope).Parse());
  }
}

}  // namespace teraju::rules
