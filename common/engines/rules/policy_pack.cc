#include "common/engines/rules/policy_pack.h"

#include <fmt/format.h>

#include <algorithm>

namespace teraju::rules {

std::string_view OperationName(Operation operation) {
  switch (operation) {
    case Operation::kValue:
      return "value";
    case Operation::kAchievement:
      return "achievement";
    case Operation::kSum:
      return "sum";
    case Operation::kMean:
      return "mean";
    case Operation::kLeast:
      return "least";
    case Operation::kGreatest:
      return "greatest";
    case Operation::kLast:
      return "last";
    case Operation::kProduct:
      return "product";
    case Operation::kQuotient:
      return "quotient";
    case Operation::kBands:
      return "bands";
    case Operation::kPiecewise:
      return "piecewise";
    case Operation::kLookup:
      return "lookup";
  }
  return "";
}

const Method* PolicyPack::FindMethod(std::string_view method) const {
  const auto found = std::find_if(
      methods.begin(), methods.end(), [&](const Method& entry) { return entry.name == method; });
  return found == methods.end() ? nullptr : &*found;
}

const PredicateEntry* PolicyPack::FindPredicate(int code) const {
  const auto found = std::find_if(predicates.begin(),
                                  predicates.end(),
                                  [&](const PredicateEntry& entry) { return entry.code == code; });
  return found == predicates.end() ? nullptr : &*found;
}

Text PolicyPack::LabelOf(int code) const {
  const auto label = labels.find(code);
  const std::string& name = codes[static_cast<std::size_t>(code)];
  return label == labels.end() ? Text{name, name} : label->second;
}

std::string ToString(const PackProblem& problem) {
  return fmt::format(
      "line {}, {}: {}: {}", problem.line, problem.field, problem.reason, problem.text.en);
}

}  // namespace teraju::rules
