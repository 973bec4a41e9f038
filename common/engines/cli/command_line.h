// The command line of the programs beside the engines: options, files, wrong usage and exit
// statuses, one way for all.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/text.h"

namespace teraju::cli {

// Exit statuses.
inline constexpr int kDone = 0;
inline constexpr int kRefused = 1;   // the input has faults
inline constexpr int kUsage = 2;     // the command line is wrong, or a file cannot be read
inline constexpr int kNegative = 3;  // there is an answer, but not the one that was hoped for
inline constexpr int kFailed = 4;    // nothing is wrong with what was given

// What a program understands beside `--json`, `--help` and `--lang id|en`.
struct Syntax {
  std::vector<std::string_view> flags;
  std::vector<std::string_view> options;  // take a value
  std::size_t most_words = 1;
};

struct Option {
  std::string name;  // `--scale`
  std::string value;
};

struct CommandLine {
  Language language = Language::kIndonesian;
  bool json = false;
  bool help = false;
  std::vector<Option> options;     // of Syntax, flags too, in the order given
  std::vector<std::string> words;  // that belong to no option; `-` is one
  std::optional<Text> problem;     // the first thing that is wrong, and the remedy
};

// Understands `--name=value` and `--name value`.
CommandLine ParseCommandLine(const Syntax& syntax, int argc, const char* const* argv);

// The file, or the standard input for `-`. The message of an error names file, reason and remedy
// in `language`.
absl::StatusOr<std::string> ReadInput(const std::string& path, Language language);

// What wrong usage prints: the problem, and the call as the second paragraph of `help` shows it.
// `help` opens with the program's name and a colon.
std::string UsageText(const Text& problem, const Text& help, Language language);

// Prints both and gives `status`; kFailed where the output cannot be written.
int Finish(int status, const std::string& output, const std::string& messages = "");

}  // namespace teraju::cli
