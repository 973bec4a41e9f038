#include <fmt/format.h>

#include <algorithm>

#include "common/engines/rules/achievement.h"
#include "common/engines/rules/evaluator.h"

namespace teraju::rules {
namespace {

std::vector<AccountNode>* InputsOf(AccountNode* node) {
  return node != nullptr ? &node->inputs : nullptr;
}

constexpr Formula kFormulas[] = {Formula::kHigherIsBetter,
                                 Formula::kLowerIsBetter,
                                 Formula::kRange,
                                 Formula::kMilestone,
                                 Formula::kBinary};

std::optional<Formula> FormulaOf(std::string_view name) {
  for (const Formula formula : kFormulas) {
    if (FormulaName(formula) == name) return formula;
  }
  return std::nullopt;
}

std::string AchievementFormula(Formula formula,
                               const Rational& realised,
                               const Rational& low,
                               const std::optional<Rational>& high) {
  const std::string r = ExactText(realised), t = ExactText(low);
  const bool ranged = high && HasRange(formula);
  if (ranged && realised >= low && realised <= *high) {
    return fmt::format("{} ≤ {} ≤ {}: 100", t, r, ExactText(*high));
  }
  const bool above = ranged && realised > *high;
  const std::string end = above ? ExactText(*high) : t;
  switch (formula) {
    case Formula::kHigherIsBetter:
      return fmt::format("{} ÷ {} × 100", r, end);
    case Formula::kRange:
      if (!above) return fmt::format("{} ÷ {} × 100", r, end);
      [[fallthrough]];
    case Formula::kLowerIsBetter:
      if (low.sign() == 0) return fmt::format("{} {} 0", r, realised.sign() <= 0 ? "≤" : ">");
      return fmt::format("(2 − {} ÷ {}) × 100", r, end);
    case Formula::kMilestone:
      return fmt::format("⌊{}⌋ ÷ {} × 100", r, end);
    case Formula::kBinary:
      return fmt::format("{} {} {}", r, realised >= low ? "≥" : "<", t);
  }
  return "";
}

}  // namespace

Value Evaluator::Achieve(const Frame& frame, const Step& step, AccountNode* node) {
  const auto inputs = InputsOf(node);
  const Value formula = OperandValue(frame, step.of[0], inputs);
  const Value realised = OperandValue(frame, step.of[1], inputs);
  const Value target = OperandValue(frame, step.of[2], inputs);
  for (const Value* value : {&formula, &realised, &target}) {
    if (value->missing()) return *value;
  }
  std::optional<Rational> high;
  if (step.of.size() > 3) {
    const Value end = OperandValue(frame, step.of[3], inputs);
    if (!end.missing()) high = end.number;  // no range
  }
  const std::optional<Formula> known = FormulaOf(CodeName(formula.code));
  const auto percent = AchievementBy(*known, target.number, high, realised.number);
  if (!percent.ok()) {
    Fail(NameIn(frame, step.name),
         "OUT_OF_RANGE",
         {"Target harus lebih dari nol (boleh nol bila lebih kecil lebih baik atau ya/tidak), dan "
          "akhir rentang tidak boleh mendahului awalnya.",
          "A target is greater than zero (or zero where lower is better or for yes or no), and a "
          "range does not end before it begins."});
    return {};
  }
  if (node != nullptr) {
    node->formula = AchievementFormula(*known, realised.number, target.number, high);
  }
  return Value::Of(*percent);
}

Value Evaluator::Multiply(const Frame& frame, const Step& step, AccountNode* node) {
  Value product = Value::Of(1);
  for (const Operand& operand : step.of) {
    const Value factor = OperandValue(frame, operand, InputsOf(node));
    if (product.missing()) continue;
    if (factor.missing()) {
      product = factor;
      continue;
    }
    product.number *= factor.number;
    CheckSize(frame, step, product.number);
    if (!status_.ok()) return {};
    if (node != nullptr) node->formula += (node->formula.empty() ? "" : " × ") + TextOf(factor);
  }
  return product;
}

Value Evaluator::Divide(const Frame& frame, const Step& step, AccountNode* node) {
  const Value of = OperandValue(frame, step.of[0], InputsOf(node));
  const Value by = OperandValue(frame, step.of[1], InputsOf(node));
  if (of.missing() || by.missing()) return of.missing() ? of : by;
  if (by.number.sign() == 0) {
    Fail(NameIn(frame, step.name),
         "DIVISION_BY_ZERO",
         {"Pembaginya nol. Perbaiki masukannya.", "The divisor is zero. Correct the inputs."});
    return {};
  }
  if (node != nullptr) node->formula = TextOf(of) + " ÷ " + TextOf(by);
  return Value::Of(of.number / by.number);
}

Value Evaluator::Classify(const Frame& frame, const Step& step, AccountNode* node) {
  Value value = OperandValue(frame, step.of[0], InputsOf(node));
  if (value.missing()) return value;
  for (const Band& band : step.bands) {
    if (band.at_least) {
      Value least = OperandValue(frame, *band.at_least, nullptr);
      if (least.missing()) return least;
      if (value.number < least.number) continue;
      if (node != nullptr) node->formula = TextOf(value) + " ≥ " + TextOf(least);
    } else if (node != nullptr) {
      node->formula = TextOf(value);
    }
    if (band.needs) {
      Value flag = OperandValue(frame, *band.needs, InputsOf(node));
      if (flag.missing()) return flag;
      if (CodeName(flag.code) != "YES") continue;
    }
    if (node != nullptr) {
      const Text label = pack_.LabelOf(band.code);
      node->note = {"(" + label.id + ")", "(" + label.en + ")"};
    }
    return Value::OfCode(band.code);
  }
  Fail(NameIn(frame, step.name),
       "IN_NO_BAND",
       {"Nilai ini tidak termasuk kelas mana pun.", "The value lies in no band."});
  return {};
}

Value Evaluator::Convert(const Frame& frame, const Step& step, AccountNode* node) {
  Value value = OperandValue(frame, step.of[0], InputsOf(node));
  if (value.missing()) return value;
  const Rational& x = value.number;
  const Piece* piece = nullptr;
  for (const Piece& candidate : step.pieces) {
    if (x >= candidate.from) piece = &candidate;
  }
  if (piece == nullptr || (piece->to && x > *piece->to)) {
    Fail(NameIn(frame, step.name),
         "IN_NO_BAND",
         {"Nilai ini tidak termasuk ruas mana pun; bulatkan lebih dahulu.",
          "The value lies in no piece; round it first."});
    return {};
  }
  if (!piece->to_value) {
    if (node != nullptr)
      node->formula = fmt::format("{}: {}", TextOf(value), ExactText(piece->from_value));
    return Value::Of(piece->from_value);
  }
  if (node != nullptr) {
    node->formula = fmt::format("{} + ({} − {}) ÷ ({} − {}) × ({} − {})",
                                ExactText(piece->from_value),
                                ExactText(*piece->to_value),
                                ExactText(piece->from_value),
                                ExactText(*piece->to),
                                ExactText(piece->from),
                                TextOf(value),
                                ExactText(piece->from));
  }
  const Rational slope = (*piece->to_value - piece->from_value) / (*piece->to - piece->from);
  return Value::Of(piece->from_value + slope * (x - piece->from));
}

Value Evaluator::LookUp(const Frame& frame, const Step& step, AccountNode* node) {
  const LookupTable* table = &step.table;
  std::string keys;
  for (const Operand& operand : step.of) {
    Value key = OperandValue(frame, operand, InputsOf(node));
    if (key.missing()) return key;
    const auto found = std::find_if(table->cases.begin(),
                                    table->cases.end(),
                                    [&](const auto& entry) { return entry.code == key.code; });
    table = &found->table;  // the parser refuses an incomplete table
    if (node != nullptr) keys += (keys.empty() ? "" : ", ") + CodeName(key.code);
  }
  Value value = OperandValue(frame, *table->leaf, InputsOf(node));
  if (node != nullptr) {
    node->formula = "[" + keys + "]";
    if (value.state == Value::State::kCode) {
      const Text label = pack_.LabelOf(value.code);
      node->note = {"(" + label.id + ")", "(" + label.en + ")"};
    }
  }
  return value;
}

}  // namespace teraju::rules
