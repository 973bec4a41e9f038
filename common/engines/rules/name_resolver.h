// Finds what the words of a policy pack's steps mean: numbers, codes, parameters, inputs, earlier
// steps.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/engines/rules/pack_reader.h"

namespace teraju::rules {

// What is shared by all methods of the pack being read.
struct PackContext {
  PolicyPack& pack;
  Problems& problems;
  std::map<std::string, Rational, std::less<>> parameters;
  std::map<std::string, const Json*, std::less<>> tables;
  std::set<std::string, std::less<>> used;  // parameters and tables
  std::size_t steps = 0;                    // of the method being read

  int CodeOf(std::string_view code);
};

// The names that a step may use: the inputs and earlier steps of its scope, then outward.
struct NameScope {
  const NameScope* outer = nullptr;
  const std::vector<InputField>* inputs = nullptr;
  const std::vector<Step>* steps = nullptr;
  mutable std::set<std::string, std::less<>> used;
};

// An operand and, if it is a code, which codes it can be.
struct Resolved {
  Operand operand;
  std::vector<int> codes;
};

class NameResolver {
 public:
  NameResolver(PackContext& context, const NameScope& scope) : context_(context), scope_(scope) {}

  // Whether a parameter, input or step of this name can be seen.
  bool Knows(std::string_view name) const;
  // The input that is meant; nullptr for anything else.
  const InputField* FieldOf(const Operand& operand) const;
  // A number or code as it is, or what a name stands for; an input of kind list only where
  // `is_list`. What cannot be found is a problem at `path`.
  Resolved Resolve(const Json& json, const std::string& path, bool is_list = false);
  // A code instead of a number is a problem.
  Operand NumberAt(const Json& json, const std::string& path);
  void RefuseType(const Json& json, const std::string& path, ValueType wanted);

 private:
  std::optional<Resolved> FindName(const std::string& name);

  PackContext& context_;
  const NameScope& scope_;
};

// Reports steps and inputs of `scope` that nothing uses.
void ReportUnused(const Json& at,
                  const std::string& path,
                  PackContext& context,
                  const NameScope& scope);

}  // namespace teraju::rules
