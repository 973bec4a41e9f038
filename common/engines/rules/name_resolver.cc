#include "common/engines/rules/name_resolver.h"

#include <fmt/format.h>

#include <algorithm>

namespace teraju::rules {

int PackContext::CodeOf(std::string_view code) {
  const auto [entry, added] =
      pack.code_numbers.emplace(std::string(code), static_cast<int>(pack.codes.size()));
  if (added) pack.codes.emplace_back(code);
  return entry->second;
}

bool NameResolver::Knows(std::string_view name) const {
  if (context_.parameters.count(name) > 0) return true;
  for (const NameScope* scope = &scope_; scope != nullptr; scope = scope->outer) {
    const auto named = [&](const auto& item) { return item.name == name; };
    if (std::any_of(scope->inputs->begin(), scope->inputs->end(), named) ||
        std::any_of(scope->steps->begin(), scope->steps->end(), named)) {
      return true;
    }
  }
  return false;
}

const InputField* NameResolver::FieldOf(const Operand& operand) const {
  if (operand.kind != Operand::Kind::kInput) return nullptr;
  const NameScope* scope = &scope_;
  for (int i = 0; i < operand.depth; ++i) scope = scope->outer;
  return &(*scope->inputs)[static_cast<std::size_t>(operand.index)];
}

std::optional<Resolved> NameResolver::FindName(const std::string& name) {
  int depth = 0;
  for (const NameScope* scope = &scope_; scope != nullptr; scope = scope->outer, ++depth) {
    for (std::size_t i = 0; i < scope->steps->size(); ++i) {
      const Step& step = (*scope->steps)[i];
      if (step.name != name) continue;
      scope->used.insert(name);
      return Resolved{{Operand::Kind::kStep, step.type, name, {}, 0, depth, static_cast<int>(i)},
                      step.codes};
    }
    for (std::size_t i = 0; i < scope->inputs->size(); ++i) {
      const InputField& input = (*scope->inputs)[i];
      if (input.name != name) continue;
      scope->used.insert(name);
      const bool code =
          input.kind == InputField::Kind::kChoice || input.kind == InputField::Kind::kFlag;
      return Resolved{{Operand::Kind::kInput,
                       code ? ValueType::kCode : ValueType::kNumber,
                       name,
                       {},
                       0,
                       depth,
                       static_cast<int>(i)},
                      input.choices};
    }
  }
  const auto parameter = context_.parameters.find(name);
  if (parameter == context_.parameters.end()) return std::nullopt;
  context_.used.insert(name);
  return Resolved{{Operand::Kind::kNumber, ValueType::kNumber, name, parameter->second, 0, 0, 0},
                  {}};
}

Resolved NameResolver::Resolve(const Json& json, const std::string& path, bool is_list) {
  if (const auto number = NumberIn(json)) {
    const Operand operand{Operand::Kind::kNumber,
                          ValueType::kNumber,
                          number->ToString(),
                          ToRational(*number),
                          0,
                          0,
                          0};
    return {operand, {}};
  }
  if (json.Is(Json::Kind::kString) && IsCode(json.text)) {
    const int code = context_.CodeOf(json.text);
    return {{Operand::Kind::kCode, ValueType::kCode, json.text, {}, code, 0, 0}, {code}};
  }
  if (json.Is(Json::Kind::kString)) {
    if (std::optional<Resolved> found = FindName(json.text)) {
      const InputField* field = FieldOf(found->operand);
      const bool list = field != nullptr && field->kind == InputField::Kind::kList;
      if (list != is_list) RefuseType(json, path, ValueType::kNumber);
      return *std::move(found);
    }
  }
  AddProblem(context_.problems,
             json,
             path,
             "UNKNOWN_NAME",
             {"Tulis bilangan, parameter, masukan, atau langkah yang sudah disebut sebelumnya.",
              "Write a number, a parameter, an input, or a step that stands before."});
  return {};
}

Operand NameResolver::NumberAt(const Json& json, const std::string& path) {
  Resolved value = Resolve(json, path, false);
  if (value.operand.type != ValueType::kNumber) RefuseType(json, path, ValueType::kNumber);
  return std::move(value.operand);
}

void NameResolver::RefuseType(const Json& json, const std::string& path, ValueType wanted) {
  const bool number = wanted == ValueType::kNumber;
  AddProblem(context_.problems,
             json,
             path,
             "WRONG_TYPE",
             {fmt::format("Di sini diperlukan {}.", number ? "bilangan" : "kode"),
              fmt::format("A {} is needed here.", number ? "number" : "code")});
}

void ReportUnused(const Json& at,
                  const std::string& path,
                  PackContext& context,
                  const NameScope& scope) {
  const auto report = [&](const std::string& name) {
    if (scope.used.count(name) > 0) return;
    AddProblem(context.problems,
               at,
               path,
               "UNUSED",
               {fmt::format("{} tidak dipakai. Pakai atau hapus.", name),
                fmt::format("{} is not used. Use it or remove it.", name)});
  };
  if (scope.inputs != nullptr) {
    for (const InputField& input : *scope.inputs) report(input.name);
  }
  for (const Step& step : *scope.steps) report(step.name);
}

}  // namespace teraju::rules
