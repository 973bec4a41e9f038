// teraju-rules: any policy pack and calculator on a JSON file, without network or database.
#include "common/engines/rules/cli/rules_commands.h"

int main(int argc, char** argv) {
  namespace cli = teraju::cli;
  const cli::CommandLine line = cli::ParseCommandLine(
      {.flags = {"--canonical", "--what-if"}, .options = {"--method", "--pack"}, .most_words = 3},
      argc,
      argv);
  const teraju::rules::CommandResult result = teraju::rules::RunCommand(line);
  return cli::Finish(result.status, result.out, result.error);
}
