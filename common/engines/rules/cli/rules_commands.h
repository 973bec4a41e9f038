// The commands of teraju-rules, apart from reading files: text in, text and exit status out.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace teraju::rules {

// Exit statuses.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;     // the pack or the inputs are wrong
inline constexpr int kUsage = 2;       // the command line is wrong
inline constexpr int kUnreadable = 3;  // a file cannot be read
inline constexpr int kNegative = 4;    // `distribution` does not conform, `check` differs

struct CommandResult {
  int status = kDone;
  std::string out;
  std::string error;
};

// Reads a file; `-` is the standard input.
using ReadFile = std::function<absl::StatusOr<std::string>(const std::string& path)>;

CommandResult RunCommand(const std::vector<std::string>& arguments, const ReadFile& read);

}  // namespace teraju::rules
