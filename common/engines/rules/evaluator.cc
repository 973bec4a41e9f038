#include "common/engines/rules/evaluator.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/errors/field_violations.h"

namespace teraju::rules {
namespace {

constexpr int kMostWork = 2'000'000;
constexpr unsigned kMostBits = 1 << 16;

std::vector<AccountNode>* InputsOf(AccountNode* node) {
  return node != nullptr ? &node->inputs : nullptr;
}

const std::vector<InputField>* FieldsOf(const std::vector<InputField>& fields, int index) {
  return &fields[static_cast<std::size_t>(index)].fields;
}

}  // namespace

Evaluator::Evaluator(const PolicyPack& pack,
                     const Method& method,
                     const BoundRecord& inputs,
                     const std::string& path,
                     bool explain)
    : pack_(pack),
      path_(path),
      explain_(explain),
      top_{nullptr, &method.inputs, &method.steps, &inputs} {}

Value Evaluator::Get(int step, std::vector<AccountNode>* nodes) {
  Value value = StepValue(top_, step, explain_ ? nodes : nullptr);
  if (value.missing() && status_.ok()) {
    FailMissing(value, (*top_.steps)[static_cast<std::size_t>(step)].name);
  }
  return value;
}

void Evaluator::Show(int step, std::vector<AccountNode>* nodes) {
  const absl::Status before = status_;
  StepValue(top_, step, explain_ ? nodes : nullptr);
  status_ = before;
}

const Value* Evaluator::Known(int step) const {
  const std::size_t index = static_cast<std::size_t>(step);
  return index < top_.known.size() && top_.known[index] ? &top_.values[index] : nullptr;
}

const std::string& Evaluator::CodeName(int code) const {
  return pack_.codes[static_cast<std::size_t>(code)];
}

std::string Evaluator::TextOf(const Value& value) const {
  switch (value.state) {
    case Value::State::kMissing:
      return "–";
    case Value::State::kNumber:
      return ExactText(value.number);
    case Value::State::kCode:
      return CodeName(value.code);
  }
  return "";
}

// The first failure is kept: later ones follow from it.
void Evaluator::Fail(const std::string& field, std::string_view reason, const Text& text) {
  if (!status_.ok()) return;
  errors::FieldViolations violations;
  violations.Add(field, reason, text.id, text.en);
  status_ = violations.ToStatus();
}

void Evaluator::CheckSize(const Frame& frame, const Step& step, const Rational& number) {
  const auto bits = [](const Integer& part) { return part == 0 ? 0 : msb(abs(part)); };
  if (bits(Integer(numerator(number))) + bits(Integer(denominator(number))) <= kMostBits) return;
  Fail(NameIn(frame, step.name),
       "TOO_LARGE",
       {"Bilangan pada langkah ini mempunyai terlalu banyak angka.",
        "The number of this step has too many digits."});
}

void Evaluator::FailMissing(const Value& value, const std::string& step) {
  Fail(CauseOf(value),
       "MISSING",
       {fmt::format("Tanpa masukan ini {} tidak dapat dihitung; yang kosong tidak dianggap nol.",
                    step),
        fmt::format("Without this input {} cannot be computed; what is missing does not count as "
                    "zero.",
                    step)});
}

Value Evaluator::MissingBecauseOf(std::string input) {
  causes_.push_back(std::move(input));
  return {Value::State::kMissing, static_cast<int>(causes_.size()) - 1, {}};
}

const std::string& Evaluator::CauseOf(const Value& missing) const {
  return causes_[static_cast<std::size_t>(missing.code)];
}

Value Evaluator::StepValue(const Frame& frame, int index, Nodes nodes) {
  const std::size_t i = static_cast<std::size_t>(index);
  const Step& step = (*frame.steps)[i];
  if (frame.known.empty()) {
    frame.known.resize(frame.steps->size());
    frame.values.resize(frame.steps->size());
  }
  if (frame.known[i]) {
    if (nodes != nullptr) {
      AccountNode& node = nodes->emplace_back();
      node.name = step.name;
      node.label = step.label;
      node.operation = "reference";
      node.value = TextOf(frame.values[i]);
      node.text = Sentence(node);
    }
    return frame.values[i];
  }
  if (++work_ > kMostWork) {
    Fail(NameIn(frame, step.name),
         "TOO_LARGE",
         {"Perhitungannya terlalu besar. Kurangi isi daftar.",
          "The computation is too large. Shorten the lists."});
  }
  if (!status_.ok()) return {};
  AccountNode own;
  AccountNode* const node = nodes != nullptr ? &own : nullptr;
  Value value = Compute(frame, step, node);
  if (value.state == Value::State::kNumber) CheckSize(frame, step, value.number);
  if (!status_.ok()) value = {};
  if (node != nullptr) node->exact = TextOf(value);
  if (value.state == Value::State::kNumber) Limit(frame, step, value, node);
  if (node != nullptr) {
    node->name = step.name;
    node->label = step.label;
    node->operation = OperationName(step.operation);
    node->value = TextOf(value);
    node->text = Sentence(*node);
    nodes->push_back(std::move(own));
  }
  frame.known[i] = true;
  frame.values[i] = value;
  return value;
}

void Evaluator::Limit(const Frame& frame, const Step& step, Value& value, AccountNode* node) {
  if (step.floor) {
    const Value floor = OperandValue(frame, *step.floor, InputsOf(node));
    if (floor.missing()) value = floor;
    if (!value.missing() && value.number < floor.number) {
      value = floor;
      if (node != nullptr) node->floor = TextOf(floor);
    }
  }
  if (step.cap && !value.missing()) {
    const Value cap = OperandValue(frame, *step.cap, InputsOf(node));
    if (cap.missing()) value = cap;
    if (!value.missing() && value.number > cap.number) {
      value = cap;
      if (node != nullptr) node->cap = TextOf(cap);
    }
  }
  if (step.round && !value.missing()) {
    value.number = ToRational(Round(value.number, step.round->digits, step.round->mode));
    if (node != nullptr) node->round = step.round;
  }
}

Value Evaluator::InputValue(const Frame& frame, const Operand& operand, Nodes nodes) {
  const std::size_t i = static_cast<std::size_t>(operand.index);
  const InputField& field = (*frame.fields)[i];
  const Value& value = frame.record->values[i];
  if (!value.missing() && nodes == nullptr) return value;
  const std::string name = NameIn(frame, field.name);
  if (nodes != nullptr) {
    AccountNode& node = nodes->emplace_back();
    node.name = name;
    node.label = field.label;
    node.operation = "input";
    node.exact = node.value = TextOf(value);
    if (value.state == Value::State::kCode) {
      const Text label = pack_.LabelOf(value.code);
      node.note = {"(" + label.id + ")", "(" + label.en + ")"};
    }
    node.text = Sentence(node);
  }
  return value.missing() ? MissingBecauseOf(name) : value;
}

Value Evaluator::OperandValue(const Frame& frame, const Operand& operand, Nodes nodes) {
  if (operand.kind == Operand::Kind::kNumber) return Value::Of(operand.number);
  if (operand.kind == Operand::Kind::kCode) return Value::OfCode(operand.code);
  const Frame* scope = &frame;
  for (int i = 0; i < operand.depth; ++i) scope = scope->outer;
  if (operand.kind == Operand::Kind::kInput) return InputValue(*scope, operand, nodes);
  return StepValue(*scope, operand.index, nodes);
}

Value Evaluator::Compute(const Frame& frame, const Step& step, AccountNode* node) {
  switch (step.operation) {
    case Operation::kValue: {
      Value value = OperandValue(frame, step.of[0], InputsOf(node));
      if (node != nullptr && step.of[0].kind == Operand::Kind::kNumber) {
        node->formula = step.of[0].text;
      }
      return value;
    }
    case Operation::kAchievement:
      return Achieve(frame, step, node);
    case Operation::kSum:
    case Operation::kMean:
    case Operation::kLeast:
    case Operation::kGreatest:
    case Operation::kLast:
      return Aggregate(frame, step, node);
    case Operation::kProduct:
      return Multiply(frame, step, node);
    case Operation::kQuotient:
      return Divide(frame, step, node);
    case Operation::kBands:
      return Classify(frame, step, node);
    case Operation::kPiecewise:
      return Convert(frame, step, node);
    case Operation::kLookup:
      return LookUp(frame, step, node);
  }
  return {};
}

// Parts of a sum and its like.

Evaluator::Part Evaluator::PartOf(const Frame& frame,
                                  const Step& step,
                                  const Term& term,
                                  Nodes nodes) {
  Part part{OperandValue(frame, term.of, nodes), 1};
  if (!term.weight) return part;
  const Value weight = OperandValue(frame, *term.weight, nodes);
  if (weight.missing()) {
    FailMissing(weight, step.name);
  } else if (weight.number.sign() < 0 && step.operation == Operation::kMean) {
    Fail(step.name,
         "OUT_OF_RANGE",
         {"Bobot sebuah rata-rata tidak boleh negatif.",
          "The weight of a mean must not be negative."});
  }
  part.weight = weight.number;
  return part;
}

std::string Evaluator::ListName(const Frame& frame, const Operand& list) const {
  const Frame* scope = &frame;
  for (int i = 0; i < list.depth; ++i) scope = scope->outer;
  return NameIn(*scope, list.text);
}

std::string Evaluator::NameIn(const Frame& frame, const std::string& name) const {
  if (frame.outer == nullptr) return path_.empty() ? name : path_ + "." + name;
  const std::string entry = fmt::format("{}[{}]", ListName(*frame.outer, *frame.list), frame.entry);
  return name.empty() ? entry : entry + "." + name;
}

std::vector<Evaluator::Part> Evaluator::EntriesOf(const Frame& frame,
                                                  const Step& step,
                                                  AccountNode* node) {
  const Frame* scope = &frame;
  for (int i = 0; i < step.over->depth; ++i) scope = scope->outer;
  const std::vector<BoundRecord>& entries =
      scope->record->lists[static_cast<std::size_t>(step.over->index)];
  std::vector<Part> parts;
  parts.reserve(entries.size());
  for (std::size_t i = 0; i < entries.size() && status_.ok(); ++i) {
    const Frame entry{&frame,
                      FieldsOf(*scope->fields, step.over->index),
                      &step.steps,
                      &entries[i],
                      &*step.over,
                      i};
    AccountNode own;
    parts.push_back(PartOf(entry, step, step.terms[0], node != nullptr ? &own.inputs : nullptr));
    if (node == nullptr) continue;
    own.name = NameIn(entry, "");
    own.operation = "entry";
    const std::string name = entries[i].key.empty() ? own.name : entries[i].key;
    own.label = {name, name};
    own.value = TextOf(parts.back().value);
    own.text = Sentence(own);
    node->inputs.push_back(std::move(own));
  }
  return parts;
}

std::vector<Evaluator::Part> Evaluator::PartsOf(const Frame& frame,
                                                const Step& step,
                                                AccountNode* node) {
  if (step.over) return EntriesOf(frame, step, node);
  std::vector<Part> parts;
  parts.reserve(step.terms.size());
  for (const Term& term : step.terms) parts.push_back(PartOf(frame, step, term, InputsOf(node)));
  return parts;
}

bool Evaluator::Complete(const Step& step,
                         std::vector<Part>& parts,
                         Rational& factor,
                         AccountNode* node) {
  const auto gaps =
      std::count_if(parts.begin(), parts.end(), [](const Part& p) { return p.value.missing(); });
  if (gaps == 0) return true;
  switch (step.if_missing) {
    case IfMissing::kError:
      FailMissing(
          std::find_if(
              parts.begin(), parts.end(), [](const Part& part) { return part.value.missing(); })
              ->value,
          step.name);
      return false;
    case IfMissing::kNeutral:
      for (Part& part : parts) {
        if (part.value.missing()) part.value = Value::Of(step.neutral);
      }
      if (node != nullptr) {
        const std::string neutral = ExactText(step.neutral);
        node->note = {
            fmt::format("{} bagian tanpa nilai dihitung dengan nilai netral {}.", gaps, neutral),
            fmt::format(
                "{} parts without a value count with the neutral value {}.", gaps, neutral)};
      }
      return true;
    case IfMissing::kRenormalise:
      break;
  }
  Rational all = 0, present = 0;
  for (const Part& part : parts) {
    all += part.weight;
    if (!part.value.missing()) present += part.weight;
  }
  if (gaps == static_cast<std::ptrdiff_t>(parts.size()) || present.sign() == 0) return false;
  std::erase_if(parts, [](const Part& part) { return part.value.missing(); });
  factor = all / present;
  if (node != nullptr) {
    node->note = {
        fmt::format("{} bagian tanpa nilai; bobot yang lain dinormalkan kembali.", gaps),
        fmt::format("{} parts without a value; the other weights are renormalised.", gaps)};
  }
  return true;
}

Value Evaluator::Aggregate(const Frame& frame, const Step& step, AccountNode* node) {
  std::vector<Part> parts = PartsOf(frame, step, node);
  if (!status_.ok()) return {};
  if (parts.empty()) {
    if (!step.if_empty) return MissingBecauseOf(ListName(frame, *step.over));
    if (node != nullptr) node->note = {"Daftarnya kosong.", "The list is empty."};
    return Value::Of(*step.if_empty);
  }
  Rational factor = 1;
  if (!Complete(step, parts, factor, node)) {
    const auto gap = std::find_if(
        parts.begin(), parts.end(), [](const Part& part) { return part.value.missing(); });
    return gap->value;
  }
  if (node != nullptr) {
    const bool weighted = step.terms[0].weight.has_value();
    std::string& formula = node->formula;
    Rational weights = 0;
    for (const Part& part : parts) {
      const bool sums = step.operation == Operation::kSum || step.operation == Operation::kMean;
      if (!formula.empty()) formula += sums ? " + " : ", ";
      if (weighted) formula += ExactText(part.weight) + " × ";
      formula += TextOf(part.value);
      weights += part.weight;
    }
    if (step.operation == Operation::kMean) {
      formula = fmt::format("({}) ÷ {}", formula, ExactText(weights));
    } else if (step.operation != Operation::kSum) {
      formula = fmt::format("{}({})", OperationName(step.operation), formula);
    } else if (factor != 1) {
      formula = fmt::format("({}) × {}", formula, ExactText(factor));
    }
  }
  return Combine(frame, step, parts, factor);
}

Value Evaluator::Combine(const Frame& frame,
                         const Step& step,
                         const std::vector<Part>& parts,
                         const Rational& factor) {
  const auto less = [](const Part& a, const Part& b) { return a.value.number < b.value.number; };
  switch (step.operation) {
    case Operation::kLeast:
      return std::min_element(parts.begin(), parts.end(), less)->value;
    case Operation::kGreatest:
      return std::max_element(parts.begin(), parts.end(), less)->value;
    case Operation::kLast:
      return parts.back().value;
    default:
      break;
  }
  const bool weighted = step.terms[0].weight.has_value();
  Rational sum = 0, weights = 0;
  for (const Part& part : parts) {
    sum += weighted ? Rational(part.weight * part.value.number) : part.value.number;
    if (weighted) weights += part.weight;
    CheckSize(frame, step, sum);
    if (!status_.ok()) return {};
  }
  if (step.operation == Operation::kSum)
    return Value::Of(factor == 1 ? sum : Rational(sum * factor));
  if (!weighted) weights = static_cast<int>(parts.size());
  if (weights.sign() == 0) {
    Fail(step.name,
         "OUT_OF_RANGE",
         {"Jumlah bobot harus lebih dari nol.", "The weights must add up to more than zero."});
    return {};
  }
  return Value::Of(sum / weights);
}

}  // namespace teraju::rules
