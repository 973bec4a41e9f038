#include "common/testing/program.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::testing {
namespace {

TEST(RunProgram, GivesStatusAndBothOutputs) {
  const std::string input(300'000, 'x');  // more than a pipe holds
  const Outcome echo =
      RunProgram("/bin/sh", {"-c", "cat; echo \"$1\" >&2; exit 7", "sh", "a 'b"}, input);
  EXPECT_EQ(echo.status, 7);
  EXPECT_EQ(echo.out, input);
  EXPECT_EQ(echo.err, "a 'b\n");
}

TEST(RunProgram, TellsASignalFromAStatus) {
  EXPECT_EQ(RunProgram("/bin/sh", {"-c", "kill -9 $$"}).status, -9);
  EXPECT_EQ(RunProgram("/nowhere", {}).status, 127);
}

TEST(TemporaryFolder, IsGoneWithTheObject) {
  std::string path;
  {
    const TemporaryFolder folder;
    path = folder.Write("file", "text");
    EXPECT_EQ(ReadFile(path), "text");
  }
  EXPECT_EQ(ReadFile(path), "");
  EXPECT_NE(RunProgram("/bin/ls", {path.substr(0, path.rfind('/'))}).status, 0);
}

}  // namespace
}  // namespace teraju::testing
