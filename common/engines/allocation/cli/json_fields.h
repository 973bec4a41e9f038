// Reads fields of JSON objects, and collects what is wrong with them.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/time/civil_time.h"
#include "common/decimal/decimal.h"
#include "common/engines/allocation/cli/problem_file.h"
#include "common/engines/rules/json.h"

namespace teraju::allocation {

class JsonFields {
 public:
  // `at` is the path of the object: `offerings[2]`.
  JsonFields(const rules::Json& object, std::string at, std::vector<Fault>& faults)
      : object_(object), at_(std::move(at)), faults_(faults) {}

  // Says which fields there are: any other is a fault. False where this is no object.
  bool Allow(std::initializer_list<std::string_view> names) const;

  bool Has(std::string_view name) const { return object_.Find(name) != nullptr; }
  std::string Text(std::string_view name) const;  // required, not empty
  std::string Text(std::string_view name, const std::string& fallback) const;  // optional
  bool Flag(std::string_view name) const;                                      // false if absent
  std::int64_t Whole(std::string_view name,
                     std::int64_t least,
                     std::int64_t most,
                     std::optional<std::int64_t> fallback = std::nullopt) const;
  // A number, or a string with one.
  Decimal Number(std::string_view name,
                 const Decimal& most,
                 int digits,
                 bool zero_allowed,
                 const std::optional<Decimal>& fallback = std::nullopt) const;
  absl::CivilDay Day(std::string_view name) const;              // `2026-03-02`
  std::vector<std::string> Texts(std::string_view name) const;  // none if absent
  // Elements of a list, each with its path; none if absent.
  std::vector<JsonFields> List(std::string_view name) const;

  void Fail(std::string_view name, teraju::Text text) const;
  const std::string& at() const { return at_; }
  const rules::Json& object() const { return object_; }

 private:
  const rules::Json* Find(std::string_view name, rules::Json::Kind kind, bool required) const;
  std::string PathOf(std::string_view name) const;

  const rules::Json& object_;
  std::string at_;
  std::vector<Fault>& faults_;
};

// `2026-03-02`; nothing for other text and days that do not exist.
std::optional<absl::CivilDay> ParseDay(std::string_view text);

}  // namespace teraju::allocation
