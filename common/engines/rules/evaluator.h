// Runs the steps of a method over bound inputs, and writes the account where one is wanted.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "common/engines/rules/account.h"
#include "common/engines/rules/bound_inputs.h"

namespace teraju::rules {

// Steps are computed when they are asked for, once in each scope: what a lookup does not choose is
// neither computed nor in the account.
class Evaluator {
 public:
  // `path` comes before the names of the inputs.
  Evaluator(const PolicyPack& pack,
            const Method& method,
            const BoundRecord& inputs,
            const std::string& path,
            bool explain);

  // The value of a step of the method; `nodes`, where an account is wanted, gets its node. Missing
  // after a failure: see status().
  Value Get(int step, std::vector<AccountNode>* nodes);
  // The same for a step that only explains: without a value it is shown as such.
  void Show(int step, std::vector<AccountNode>* nodes);
  const absl::Status& status() const { return status_; }

  // Computed so far, else nullptr.
  const Value* Known(int step) const;

 private:
  struct Frame {
    const Frame* outer = nullptr;
    const std::vector<InputField>* fields;
    const std::vector<Step>* steps;
    const BoundRecord* record;
    const Operand* list = nullptr;  // of an entry: where it stands in `outer`
    std::size_t entry = 0;
    mutable std::vector<Value> values = {};
    mutable std::vector<bool> known = {};
  };
  struct Part {  // of a sum and its like
    Value value;
    Rational weight;
  };
  using Nodes = std::vector<AccountNode>*;

  Value StepValue(const Frame& frame, int index, Nodes nodes);
  Value OperandValue(const Frame& frame, const Operand& operand, Nodes nodes);
  Value InputValue(const Frame& frame, const Operand& operand, Nodes nodes);
  // The exact value; `node` gets formula and inputs.
  Value Compute(const Frame& frame, const Step& step, AccountNode* node);
  void Limit(const Frame& frame, const Step& step, Value& value, AccountNode* node);

  Value Achieve(const Frame& frame, const Step& step, AccountNode* node);
  Value Multiply(const Frame& frame, const Step& step, AccountNode* node);
  Value Divide(const Frame& frame, const Step& step, AccountNode* node);
  Value Classify(const Frame& frame, const Step& step, AccountNode* node);
  Value Convert(const Frame& frame, const Step& step, AccountNode* node);
  Value LookUp(const Frame& frame, const Step& step, AccountNode* node);
  Value Aggregate(const Frame& frame, const Step& step, AccountNode* node);

  std::vector<Part> PartsOf(const Frame& frame, const Step& step, AccountNode* node);
  Part PartOf(const Frame& frame, const Step& step, const Term& term, Nodes nodes);
  // `results[1].indicators`, `results[1].realised`: made only where somebody reads it.
  std::string ListName(const Frame& frame, const Operand& list) const;
  std::string NameIn(const Frame& frame, const std::string& name) const;
  std::vector<Part> EntriesOf(const Frame& frame, const Step& step, AccountNode* node);
  // Applies the step's policy to missing parts; false where the step has no value: then they are
  // left as they are.
  bool Complete(const Step& step, std::vector<Part>& parts, Rational& factor, AccountNode* node);
  Value Combine(const Frame& frame,
                const Step& step,
                const std::vector<Part>& parts,
                const Rational& factor);

  const std::string& CodeName(int code) const;
  std::string TextOf(const Value& value) const;
  // A missing value that remembers the input to blame.
  Value MissingBecauseOf(std::string input);
  const std::string& CauseOf(const Value& missing) const;
  void Fail(const std::string& field, std::string_view reason, const Text& text);
  // Refuses a number of too many digits: a pack may be written to exhaust whoever runs it.
  void CheckSize(const Frame& frame, const Step& step, const Rational& number);
  void FailMissing(const Value& value, const std::string& step);

  const PolicyPack& pack_;
  const std::string path_;
  const bool explain_;
  Frame top_;
  std::vector<std::string> causes_ = {""};  // inputs that are missing
  int work_ = 0;                            // steps computed
  absl::Status status_;
};

}  // namespace teraju::rules
