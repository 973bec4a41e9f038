// A policy pack: a dated method of appraisal as data. Its language is described in README.md.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/decimal/rounding.h"
#include "common/engines/rules/achievement.h"
#include "common/engines/rules/distribution.h"
#include "common/engines/rules/json.h"
#include "common/engines/text.h"

namespace teraju::rules {

enum class ValueType { kNumber, kCode };

// What stands where a step wants a value: a constant, an input, an earlier step.
struct Operand {
  enum class Kind { kNumber, kCode, kInput, kStep };
  Kind kind = Kind::kNumber;
  ValueType type = ValueType::kNumber;
  std::string text;  // as written: the name, the parameter's name, the number
  Rational number;
  int code = 0;
  int depth = 0;  // scopes outward: 0 is the step's own
  int index = 0;  // among the inputs or steps of that scope
};

struct InputField {
  enum class Kind { kNumber, kChoice, kFlag, kList };
  std::string name;
  Text label;
  Kind kind = Kind::kNumber;
  bool optional = false;
  // May a person still change it? Only such inputs are tried by NearestChanges.
  bool what_if = false;
  std::optional<Decimal> min, max;  // of a number
  int digits = 2;                   // of a number: the steps that are tried
  std::vector<int> choices;         // codes, best first where there is an order; a flag has YES, NO
  std::vector<InputField> fields;   // of a list's entries
  int at_least = 0, at_most = 10000;  // entries
};

enum class Operation {
  kValue,
  kAchievement,
  kSum,
  kMean,
  kLeast,
  kGreatest,
  kLast,
  kProduct,
  kQuotient,
  kBands,
  kPiecewise,
  kLookup,
};
std::string_view OperationName(Operation operation);

enum class IfMissing { kError, kRenormalise, kNeutral };

struct Term {
  Operand of;
  std::optional<Operand> weight;
};

struct Band {
  std::optional<Operand> at_least;  // absent in the last one: whatever remains
  int code = 0;
  std::optional<Operand> needs;  // a flag: without it the next band counts
};

// From `from` on: the line through both points up to `to`, or the constant `from_value`.
struct Piece {
  Rational from, from_value;
  std::optional<Rational> to, to_value;
};

// A leaf, or a case per code.
struct LookupCase;
struct LookupTable {
  std::vector<LookupCase> cases;
  std::optional<Operand> leaf;
};
struct LookupCase {
  int code = 0;
  LookupTable table;
};

struct RoundingStep {
  int digits = 0;
  Rounding mode = Rounding::kHalfUp;
};

struct Step {
  std::string name;
  Text label;
  Operation operation = Operation::kValue;
  ValueType type = ValueType::kNumber;
  std::vector<int> codes;  // that a step of codes can give
  // What it is made from: `of`; `of` and `by` of a quotient; factors of a product; keys of a
  // lookup; formula (a code), realised, target and, where there is one, target_high of an
  // achievement.
  std::vector<Operand> of;
  // Of sum, mean, least, greatest, last: either these, or one term for each entry of a list.
  std::vector<Term> terms;
  std::optional<Operand> over;
  std::vector<Step> steps;  // of each entry
  IfMissing if_missing = IfMissing::kError;
  Rational neutral;
  std::optional<Rational> if_empty;
  std::vector<Band> bands;
  std::vector<Piece> pieces;
  LookupTable table;
  // Applied in this order.
  std::optional<Operand> floor, cap;
  std::optional<RoundingStep> round;
};

// One kind of evaluation: the annual one, the periodic one, …
struct Method {
  std::string name;
  Text title;
  std::vector<InputField> inputs;
  std::vector<Step> steps;
  std::optional<int> score;      // a step, a number
  std::optional<int> predicate;  // a step, a code
  std::vector<int> also;         // further steps that the account shows
  std::string combines;          // the method whose results fill the list `segments`
};

struct PredicateEntry {
  int code = 0;
  int number = 0;  // SIASN's, where it has one
  Text label;
};

struct Vector {
  std::string name;
  std::string method;
  Json inputs;
  // Expected values of steps by name, `score` and `predicate` among them.
  Json expect;
  std::string error;  // the expected field of the refusal instead
  int line = 0;
};

struct PolicyPack {
  std::string name;
  int revision = 0;
  Text title;
  std::string source;
  std::string valid_from, valid_until;  // YYYY-MM-DD; the latter may be empty
  std::vector<std::string> codes;       // by number
  std::map<std::string, int, std::less<>> code_numbers;
  std::map<int, Text> labels;
  std::vector<PredicateEntry> predicates;  // best first
  std::vector<Method> methods;
  std::optional<DistributionRules> distribution;
  std::vector<Vector> vectors;
  std::string digest;  // SHA-256 of the canonical form

  const Method* FindMethod(std::string_view method) const;
  const PredicateEntry* FindPredicate(int code) const;
  // The code itself where there is no label.
  Text LabelOf(int code) const;
};

// What is wrong with a pack.
struct PackProblem {
  int line = 0;
  std::string field;   // `methods.annual.steps[2].round.mode`
  std::string reason;  // UPPER_CASE
  Text text;           // what is wrong and what to do
};

// `line 12, field …: …` in English.
std::string ToString(const PackProblem& problem);

// Reads and checks a pack, all but its vectors (RunVectors). INVALID_ARGUMENT (FIELD_INVALID) with
// one violation for each problem; `problems`, where given, gets them too.
absl::StatusOr<PolicyPack> ParsePack(std::string_view text,
                                     std::vector<PackProblem>* problems = nullptr);

}  // namespace teraju::rules
