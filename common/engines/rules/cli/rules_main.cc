// teraju-rules: any policy pack and calculator on a JSON file, without network or database.
#include <fstream>
#include <iostream>
#include <iterator>

#include "absl/status/status.h"
#include "common/engines/rules/cli/rules_commands.h"

namespace {

absl::StatusOr<std::string> ReadAll(const std::string& path) {
  if (path == "-") return std::string(std::istreambuf_iterator<char>(std::cin), {});
  std::ifstream file(path, std::ios::binary);
  std::string text(std::istreambuf_iterator<char>(file), {});
  if (!file.is_open() || file.bad()) return absl::NotFoundError("cannot be read");
  return text;
}

}  // namespace

int main(int argc, char** argv) {
  const teraju::rules::CommandResult result =
      teraju::rules::RunCommand({argv + 1, argv + argc}, ReadAll);
  std::cout << result.out << std::flush;
  std::cerr << result.error;
  if (!std::cout) return teraju::rules::kUnreadable;
  return result.status;
}
