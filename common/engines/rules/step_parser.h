// Reads the inputs and steps of a policy pack's methods.
#pragma once

#include <map>
#include <set>
#include <string>
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

  int CodeOf(std::string_view code);
};

// The names that a step may use: the inputs and earlier steps of its scope, then outward.
struct NameScope {
  const NameScope* outer = nullptr;
  const std::vector<InputField>* inputs = nullptr;
  const std::vector<Step>* steps = nullptr;
  mutable std::set<std::string, std::less<>> used;
};

std::vector<InputField> ParseInputFields(const Json& list, const std::string& path, PackContext&);

// Reads the steps into `steps`, where `scope.steps` points to.
void ParseSteps(const Json& list,
                const std::string& path,
                PackContext& context,
                const NameScope& scope,
                std::vector<Step>& steps);

// Reports steps and inputs of `scope` that nothing uses.
void ReportUnused(const Json& at,
                  const std::string& path,
                  PackContext& context,
                  const NameScope& scope);

}  // namespace teraju::rules
