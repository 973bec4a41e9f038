// An account compared with its own recomputation, operation by operation.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/rules/evaluation.h"

namespace teraju::rules {

struct OperationCheck {
  std::string name;       // `annual/results[0]/mean`; `score`, `predicate` for the result itself
  std::string operation;  // of the step; `result`
  // What the account says and what comes out; empty where there is nothing.
  std::string stored;
  std::string computed;
  // Whether the whole line is the same to the last byte: formula, rounding, value, words.
  bool matches = false;
};

// Evaluates `account.inputs` by `pack` and compares the result, every line of the account, and what
// stands beside them. INVALID_ARGUMENT where `account` is none, and what Evaluate refuses.
absl::StatusOr<std::vector<OperationCheck>> CheckOperations(const PolicyPack& pack,
                                                            const Json& account);

}  // namespace teraju::rules
