// Writes one JSON object per line. Passed by reference; there is no global logger.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "absl/status/status.h"

namespace teraju::logging {

// A named value of a line. Never a NIP, a person's name, an answer, a token or a request body.
class Field {
 public:
  Field(std::string_view key, std::string_view value) : key_(key), value_(value) {}
  Field(std::string_view key, const char* value) : key_(key), value_(std::string_view(value)) {}
  Field(std::string_view key, const std::string& value)
      : key_(key), value_(std::string_view(value)) {}
  Field(std::string_view key, bool value) : key_(key), value_(value) {}
  Field(std::string_view key, int value) : key_(key), value_(std::int64_t{value}) {}
  Field(std::string_view key, std::int64_t value) : key_(key), value_(value) {}
  Field(std::string_view key, double value) : key_(key), value_(value) {}

 private:
  friend class Logger;
  std::string_view key_;
  std::variant<std::string_view, std::int64_t, double, bool> value_;
};

using Fields = std::vector<Field>;

// Thread-safe. A line is `{"time":…,"level":…,"service":…,"event":…, fields…}`; whatever a value
// holds, it stays one line of valid JSON (control characters escaped, broken UTF-8 replaced by
// U+FFFD).
class Logger {
 public:
  // Writes to standard output, a line at a time.
  explicit Logger(std::string service);
  // Gives each line, without its end, to `write`.
  Logger(std::string service, std::function<void(std::string_view)> write);
  ~Logger();

  // Info: what is as it should be, refused requests of clients included. Warning: it helped itself,
  // somebody should know. Error: a fault of ours.
  void Info(std::string_view event, const Fields& fields = {});
  void Warning(std::string_view event, const Fields& fields = {});
  void Error(std::string_view event, const Fields& fields = {});

  // Nothing but the fields: for calls that nobody may link to a person by their time.
  void Bare(const Fields& fields);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// `text` as a JSON string with its quotes.
std::string JsonQuote(std::string_view text);

// What a line says about a failed step: code and message.
std::string Describe(const absl::Status& status);

}  // namespace teraju::logging
