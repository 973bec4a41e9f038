// The commands of teraju-rules: what they print, and their exit status.
#pragma once

#include <string>

#include "common/engines/cli/command_line.h"

namespace teraju::rules {

struct CommandResult {
  int status = cli::kDone;  // kNegative: `distribution` does not conform, `check` differs
  std::string out;
  std::string error;
};

CommandResult RunCommand(const cli::CommandLine& line);

}  // namespace teraju::rules
