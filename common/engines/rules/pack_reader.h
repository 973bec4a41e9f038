// Reads objects of a policy pack and notes what is wrong with them, each with line, field, reason.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "common/engines/rules/policy_pack.h"

namespace teraju::rules {

using Problems = std::vector<PackProblem>;

// `field.name`, or `name` at the top.
std::string Join(std::string_view field, std::string_view name);
std::string Join(std::string_view field, std::size_t index);

void AddProblem(
    Problems& problems, const Json& at, std::string_view field, std::string_view reason, Text text);

// A number, or a text that holds one.
std::optional<Decimal> NumberIn(const Json& json);

// `^[a-z][a-z0-9_]*$`: inputs, steps, parameters, tables, methods.
bool IsName(std::string_view text);
// `^[A-Z][A-Z0-9_]*$`: what a choice, a table, a band gives.
bool IsCode(std::string_view text);

// One object. Members that nobody asked for are reported when it goes out of scope.
class ObjectReader {
 public:
  ObjectReader(const Json& json, std::string path, Problems& problems);
  ~ObjectReader();
  ObjectReader(const ObjectReader&) = delete;
  ObjectReader& operator=(const ObjectReader&) = delete;

  const Json& json() const { return json_; }
  const std::string& path() const { return path_; }
  std::string PathOf(std::string_view name) const { return Join(path_, name); }

  // nullptr when absent.
  const Json* Find(std::string_view name);
  // Absent or of another kind is a problem, and nullptr.
  const Json* Need(std::string_view name, Json::Kind kind);
  // Of another kind is a problem, and nullptr.
  const Json* Allow(std::string_view name, Json::Kind kind);

  std::string NeedText(std::string_view name);
  std::string AllowText(std::string_view name);
  // In both languages.
  Text NeedTexts(std::string_view name);
  // A name or code that `is_formed` accepts.
  std::string NeedName(std::string_view name, bool (*is_formed)(std::string_view));
  bool AllowFlag(std::string_view name);
  int NeedWhole(std::string_view name, int least, int most);
  int AllowWhole(std::string_view name, int least, int most, int otherwise);
  std::optional<Decimal> AllowNumber(std::string_view name);

  void Refuse(const Json& at, std::string_view field, std::string_view reason, Text text) {
    AddProblem(problems_, at, field, reason, std::move(text));
  }
  Problems& problems() { return problems_; }

 private:
  bool HasKind(const Json& value, std::string_view name, Json::Kind kind);
  Text ReadTexts(const Json& json, const std::string& path);

  const Json& json_;
  const std::string path_;
  Problems& problems_;
  std::set<std::string, std::less<>> known_;
};

}  // namespace teraju::rules
