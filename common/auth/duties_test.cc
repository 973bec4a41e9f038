#include "common/auth/duties.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "common/testing/status_matchers.h"

namespace teraju::auth {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::IsOk;

TEST(DutyTable, ReadsDecisionsAndTheirEntries) {
  const auto table = DutyTable::Parse("# a comment\n\na.approved: a.entered a.changed # why\r\n");
  ASSERT_THAT(table, IsOk());
  EXPECT_THAT(table->EntriesOf("a.approved"), ElementsAre("a.entered", "a.changed"));
  EXPECT_THAT(table->EntriesOf("a.entered"), IsEmpty());
}

TEST(DutyTable, RefusesWhatItDoesNotUnderstandWithItsLine) {
  for (const char* text : {"a.approved", "a.approved:", "a.approved a.entered", "x: y\nx: z"})
    EXPECT_THAT(DutyTable::Parse(text).status().message(), HasSubstr("line")) << text;
}

// A type that nobody writes would separate nothing.
TEST(DutyTable, NamesRecordsThatAreMade) {
  std::string sources;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(TERAJU_SOURCE_DIR "/services")) {
    if (entry.path().extension() != ".cc") continue;
    std::stringstream text;
    text << std::ifstream(entry.path()).rdbuf();
    sources += text.str();
  }
  const auto made = [&](const std::string& type) {
    return sources.find('"' + type + '"') != std::string::npos;
  };
  EXPECT_FALSE(made("nothing.made"));
  EXPECT_FALSE(DutyTable::Default().all().empty());
  for (const auto& [decision, entries] : DutyTable::Default().all()) {
    EXPECT_TRUE(made(decision)) << decision;
    for (const std::string& entry : entries) EXPECT_TRUE(made(entry)) << entry;
  }
}

}  // namespace
}  // namespace teraju::auth
