// How a result arose: a tree of operations that can be recomputed by hand.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/engines/rules/policy_pack.h"
#include "common/engines/text.h"

namespace teraju::rules {

struct AccountNode {
  std::string name;  // of the step or input; `results[1]` for an entry of a list
  Text label;
  // A step's operation; `input`; `entry` (of a list); `reference` (to a node of this name that
  // stands before); `result`; `segment`.
  std::string operation;
  std::string formula;  // `0.7 × 111.6 + 0.3 × 104`; empty for inputs
  std::vector<AccountNode> inputs;
  // Numbers as exact decimals, or fractions in lowest terms (`920/9`); codes as they are.
  std::string exact;                 // what the formula gives
  std::optional<std::string> floor;  // where it was applied: the limit that the value was set to
  std::optional<std::string> cap;
  std::optional<RoundingStep> round;
  std::string value;  // in the end
  Text note;          // what was missing and what was done about it
  Text text;          // the whole step as a sentence
};

// `1.5` or, where the decimals do not end, `920/9`.
std::string ExactText(const Rational& value);
// For people: `1.5`, or six decimals and an ellipsis: `102.222222…`.
std::string ReadableText(const Rational& value);

// Composes `node.text` from the other fields.
Text Sentence(const AccountNode& node);

Json ToJson(const AccountNode& node);

// One line for each node, inputs below their step, indented.
std::string Render(const AccountNode& node, Language language);

}  // namespace teraju::rules
