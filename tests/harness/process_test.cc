#include "tests/harness/process.h"

#include <unistd.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <thread>

#include "common/testing/eventually.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::harness {
namespace {

Process::Options Sleeper() {
  return {"/bin/sleep", {"600"}, {}, std::filesystem::temp_directory_path() / "teraju-sleeper.log"};
}

// The words of a running process; empty for one that is gone, or is a zombie.
std::string CommandOf(pid_t pid) {
  std::ifstream in("/proc/" + std::to_string(pid) + "/cmdline");
  return {std::istreambuf_iterator<char>(in), {}};
}

// A check restarts services from its worker threads, and the services must outlive these.
TEST(Process, OutlivesTheThreadThatStartedIt) {
  Process process(Sleeper());
  std::thread([&] {
    EXPECT_TRUE(process.Start().ok());
    EXPECT_TRUE(testing::Eventually(
        [&] { return CommandOf(process.pid()).starts_with("/bin/sleep"); }, absl::Seconds(10)));
  }).join();
  EXPECT_FALSE(testing::Eventually([&] { return !process.running(); }, absl::Milliseconds(300)));
}

// The program crashes, so that no destructor ends its child: the kernel does.
TEST(ProcessDeathTest, EndsWithTheProgramThatStartedIt) {
  ::testing::FLAGS_gtest_death_test_style = "threadsafe";
  pid_t child = 0;
  EXPECT_EXIT(
      {
        Process process(Sleeper());
        std::fprintf(stderr, "%d\n", process.Start().ok() ? process.pid() : 0);
        ::_exit(0);
      },
      ::testing::ExitedWithCode(0),
      ::testing::Truly([&](const std::string& text) {
        child = std::atoi(text.c_str());
        return child > 0;
      }));
  EXPECT_TRUE(testing::Eventually([&] { return CommandOf(child).empty(); }, absl::Seconds(10)));
}

}  // namespace
}  // namespace teraju::harness
