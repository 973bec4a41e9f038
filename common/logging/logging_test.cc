#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <limits>
#include <sstream>
#include <vector>

#include "common/logging/logger.h"
#include "common/logging/secret.h"

namespace teraju::logging {
namespace {

using ::testing::ElementsAre;

class LoggerTest : public ::testing::Test {
 protected:
  boost::json::object Only() {
    EXPECT_EQ(lines_.size(), 1u);
    EXPECT_EQ(lines_.at(0).find('\n'), std::string::npos);
    return boost::json::parse(lines_.at(0)).as_object();
  }

  std::vector<std::string> lines_;
  Logger logger_{"evaluation", [this](std::string_view line) { lines_.emplace_back(line); }};
};

TEST_F(LoggerTest, WritesOneObjectWithTimeLevelServiceAndEvent) {
  logger_.Info("started", {{"port", 50051}, {"share", 0.5}, {"tls", true}, {"host", "a"}});
  const boost::json::object line = Only();
  EXPECT_EQ(line.at("level").as_string(), "info");
  EXPECT_EQ(line.at("service").as_string(), "evaluation");
  EXPECT_EQ(line.at("event").as_string(), "started");
  EXPECT_EQ(line.at("port").as_int64(), 50051);
  EXPECT_EQ(line.at("share").as_double(), 0.5);
  EXPECT_EQ(line.at("tls").as_bool(), true);
  EXPECT_EQ(line.at("host").as_string(), "a");
  EXPECT_EQ(line.at("time").as_string().size(), 24u);
}

TEST_F(LoggerTest, LevelsAreWords) {
  logger_.Warning("w");
  logger_.Error("e");
  EXPECT_EQ(boost::json::parse(lines_.at(0)).at("level").as_string(), "warning");
  EXPECT_EQ(boost::json::parse(lines_.at(1)).at("level").as_string(), "error");
}

TEST_F(LoggerTest, BareLinesHaveNoTime) {
  logger_.Bare({{"method", "m"}, {"ms", 3}});
  EXPECT_THAT(lines_, ElementsAre("{\"method\":\"m\",\"ms\":3}"));
}

TEST_F(LoggerTest, ValuesCannotForgeALineOrAField) {
  logger_.Info("x", {{"text", "a\n{\"level\":\"error\"}\r\t\x01\x7f\"\\"}});
  const boost::json::object line = Only();
  EXPECT_EQ(line.at("text").as_string(), "a\n{\"level\":\"error\"}\r\t\x01\x7f\"\\");
  EXPECT_EQ(line.at("level").as_string(), "info");
}

TEST_F(LoggerTest, KeysAreEscapedToo) {
  logger_.Info("x", {{"a\"b", "c"}});
  EXPECT_EQ(Only().at("a\"b").as_string(), "c");
}

TEST_F(LoggerTest, NumbersThatJsonDoesNotKnowAreNull) {
  logger_.Info("x", {{"n", std::numeric_limits<double>::quiet_NaN()}});
  EXPECT_TRUE(Only().at("n").is_null());
}

TEST_F(LoggerTest, BracesAreNoFormat) {
  logger_.Info("x", {{"text", "{} {0} %v"}});
  EXPECT_EQ(Only().at("text").as_string(), "{} {0} %v");
}

TEST(JsonQuote, ReplacesBrokenUtf8AndKeepsTheRest) {
  const std::string_view replacement = "\xEF\xBF\xBD";
  EXPECT_EQ(JsonQuote("naïve – 漢字 🙂"), "\"naïve – 漢字 🙂\"");
  EXPECT_EQ(JsonQuote("\xC3"), std::string("\"") + std::string(replacement) + "\"");
  EXPECT_EQ(JsonQuote("\xC0\xAF"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");         // overlong
  EXPECT_EQ(JsonQuote("\xED\xA0\x80").size(), 2 + 3 * replacement.size());  // surrogate
  EXPECT_EQ(JsonQuote("\xF4\x90\x80\x80").size(), 2 + 4 * replacement.size());
  EXPECT_EQ(JsonQuote("\xE2\x82"), "\"\xEF\xBF\xBD\xEF\xBF\xBD\"");
  EXPECT_EQ(JsonQuote(std::string_view("a\0b", 3)), "\"a\\u0000b\"");
}

TEST(Secret, PrintsStars) {
  const Secret secret("hunter2");
  std::ostringstream out;
  out << secret;
  EXPECT_EQ(out.str(), "***");
  EXPECT_EQ(fmt::format("{}", secret), "***");
  EXPECT_EQ(secret.Reveal(), "hunter2");
}

TEST(Describe, NamesCodeAndMessage) {
  EXPECT_EQ(Describe(absl::UnavailableError("no route")), "UNAVAILABLE: no route");
}

}  // namespace
}  // namespace teraju::logging
