// Runs the real program.
#include <boost/json.hpp>
#include <string>
#include <vector>

#include "common/testing/program.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::teraju::testing::Outcome;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

// In English.
Outcome Stats(const std::string& csv, std::vector<std::string> arguments = {}) {
  arguments.emplace_back("--lang=en");
  return teraju::testing::RunProgram(TERAJU_STATS, arguments, csv);
}

boost::json::value Json(const std::string& csv,
                        int status,
                        std::vector<std::string> arguments = {}) {
  arguments.emplace_back("--json");
  const Outcome outcome = Stats(csv, arguments);
  EXPECT_EQ(outcome.status, status) << outcome.err;
  return boost::json::parse(outcome.out);
}

// Shrout and Fleiss 1979.
std::string ShroutFleiss() {
  const int values[6][4] = {
      {9, 2, 5, 8}, {6, 1, 3, 2}, {8, 4, 6, 8}, {7, 1, 2, 6}, {10, 5, 6, 9}, {6, 2, 4, 7}};
  std::string csv = "value;rater;ratee\n";
  for (int r = 0; r < 6; ++r) {
    for (int j = 0; j < 4; ++j) {
      csv += std::to_string(values[r][j]) + ";judge " + std::to_string(j + 1) + ";person " +
             std::to_string(r + 1) + "\n";
    }
  }
  return csv;
}

TEST(StatsProgram, GivesEveryStatisticAsJson) {
  const boost::json::value report = Json(ShroutFleiss(), 0);
  const auto& table = report.at("tables").at(0);
  EXPECT_NEAR(table.at("icc").at(1).at("value").as_double(), 0.2897638, 1e-7);
  EXPECT_EQ(table.at("icc").at(5).at("form").as_string(), "ICC(3,4)");
  EXPECT_NEAR(table.at("generalizability").at("absolute_phi").as_double(), 0.6200505, 1e-7);
  EXPECT_EQ(table.at("generalizability").at("raters_for_phi_0.8").to_number<double>(), 10);
  const auto& model = report.at("model");
  EXPECT_NEAR(model.at("reml_criterion").as_double(), 91.27866712, 1e-6);
  EXPECT_EQ(model.at("ratees").at(4).at("ratee").as_string(), "person 5");
  EXPECT_NEAR(model.at("ratees").at(4).at("effect").as_double(), 2.00807253, 1e-5);
  EXPECT_NEAR(model.at("raters").at(1).at("effect").as_double(), -2.70406176, 1e-5);
  EXPECT_EQ(report.at("connectivity").at("components").as_int64(), 1);
  EXPECT_EQ(report.at("diagnostics").as_array().size(), 4u);
}

TEST(StatsProgram, PrintsTables) {
  const Outcome result = Stats(ShroutFleiss(), {"--statistics", "icc,model"});
  EXPECT_EQ(result.status, 0) << result.err;
  EXPECT_THAT(result.out, HasSubstr("ICC(2,1)"));
  EXPECT_THAT(result.out, HasSubstr("0.289764"));
  EXPECT_THAT(result.out, HasSubstr("sd_ratee             1.59861"));
  EXPECT_THAT(result.out, HasSubstr("conditional_sd"));
  EXPECT_THAT(result.err, IsEmpty());
}

TEST(StatsProgram, TellsFaultsWithLineAndColumn) {
  const Outcome result = Stats("rater,ratee,value\na,x,4\na,y,good\n,z,3\n");
  EXPECT_EQ(result.status, 1);
  EXPECT_THAT(result.out, IsEmpty());
  EXPECT_THAT(result.err, HasSubstr("-:3: value: \"good\" is not a number."));
  EXPECT_THAT(result.err, HasSubstr("-:4: rater: The field is empty."));
  const teraju::testing::TemporaryFolder folder;
  const std::string file = folder.Write("in.csv", "rater,ratee,value\na,x,4\na,y,baik\n");
  const Outcome indonesian = teraju::testing::RunProgram(TERAJU_STATS, {file});
  EXPECT_EQ(indonesian.status, 1);
  EXPECT_THAT(indonesian.err, StartsWith(file + ":3: value: \"baik\" bukan angka. Tulis"));
}

std::string Reason(const boost::json::value& report, const char* what) {
  return report.at(what).at("refused").as_string().c_str();
}

TEST(StatsProgram, GivesAReasonInsteadOfANumber) {
  const std::string header = "rater,ratee,value\n";
  const std::vector<std::string> model = {"--statistics=model"};
  EXPECT_EQ(Reason(Json(header + "a,x,4\na,y,5\na,z,3\n", 3, model), "model"), "ONE_RATER");
  EXPECT_EQ(Reason(Json(header + "a,x,4\nb,x,5\nc,x,3\n", 3, model), "model"), "TOO_FEW");
  EXPECT_EQ(Reason(Json(header + "a,x,4\nb,x,4\na,y,4\nb,y,4\nc,x,4\nc,y,4\n", 3, model), "model"),
            "CONSTANT_ANSWERS");
  EXPECT_EQ(Reason(Json(header + "a,x,1\nb,x,2\nc,x,4\na,y,2\nb,y,3\nc,y,5\na,z,4\nb,z,5\nc,z,7\n",
                        3,
                        model),
                   "model"),
            "ZERO_VARIANCE");
  const std::string apart = header + "a,x,1\nb,x,2\na,y,4\nb,y,3\nc,z,2\nd,z,3\nc,w,5\nd,w,4\n";
  const auto report = Json(apart, 3, {"--statistics=model,connectivity"});
  EXPECT_EQ(Reason(report, "model"), "UNCONNECTED");
  EXPECT_EQ(report.at("connectivity").at("components").as_int64(), 2);
  EXPECT_EQ(report.at("connectivity").at("would_connect").as_array().size(), 1u);
  EXPECT_THAT(Stats(apart, model).out, HasSubstr("share no ratee"));
  EXPECT_THAT(teraju::testing::RunProgram(TERAJU_STATS, model, apart).out,
              HasSubstr("Penilai terbagi"));
  // Missing items: Cronbach's alpha needs all of them.
  const std::string gaps = "rater,ratee,item,value\na,x,p,4\na,x,q,3\nb,x,p,5\na,y,p,2\na,y,q,2\n";
  EXPECT_EQ(Reason(Json(gaps, 3, {"--statistics=cronbach"}), "cronbach"), "MISSING_ANSWERS");
}

TEST(StatsProgram, WithoutAListATableWithGapsIsNoFailure) {
  std::string csv = "rater,ratee,value\n";
  for (int ratee = 0; ratee < 8; ++ratee) {
    for (int rater = 0; rater < 5; ++rater) {
      if ((ratee + rater) % 4 == 0) continue;
      const int value = 1 + (ratee * 7 + rater * 3 + ratee * rater) % 5;
      csv += "r" + std::to_string(rater) + ",p" + std::to_string(ratee) + "," +
             std::to_string(value) + "\n";
    }
  }
  const auto report = Json(csv, 0);
  EXPECT_EQ(report.at("tables").at(0).at("icc").at("refused").as_string(), "MISSING_ANSWERS");
  EXPECT_TRUE(report.at("model").as_object().contains("reml_criterion"));
  Json(csv, 3, {"--statistics=icc"});
}

TEST(StatsProgram, UsesItemsAndPairs) {
  std::string csv = "rater,ratee,item,group,value\n";
  for (int ratee = 0; ratee < 6; ++ratee) {
    for (int rater = 0; rater < 4; ++rater) {
      for (int item = 0; item < 3; ++item) {
        const int value = 1 + (ratee * 5 + rater * rater + item * 3 + ratee * rater * item) % 5;
        csv += "r" + std::to_string(rater) + ",p" + std::to_string(ratee) + ",q" +
               std::to_string(item) + (rater == 0 ? ",superior," : ",peer,") +
               std::to_string(value) + "\n";
      }
    }
  }
  const auto report =
      Json(csv, 0, {"--statistics=cronbach,model", "--pair-effect", "--scale", "1:5"});
  EXPECT_EQ(report.at("model").at("items").as_array().size(), 3u);
  EXPECT_EQ(report.at("model").at("groups").as_array().size(), 2u);
  EXPECT_EQ(report.at("cronbach").at("if_dropped").as_array().size(), 3u);
}

TEST(StatsProgram, RefusesWrongUsage) {
  const struct {
    std::vector<std::string> arguments;
    const char* message;
  } cases[] = {
      {{"--statistics=guess"}, "names a statistic that does not exist; choose from icc, "},
      {{"--confidence=95"}, "--confidence=95 is out of range; write a number between 0 and 1"},
      {{"--confidence", "nan"}, "--confidence=nan is out of range"},
      {{"--scale", "5:1"}, "--scale=5:1 is no scale; write the lowest and the highest end"},
      {{"--scale=1:2:3"}, "--scale=1:2:3 is no scale"},
      {{"--verbose"}, "There is no option --verbose"},
      {{"a.csv", "b.csv"}, "\"b.csv\" is too much"},
      {{"/nowhere.csv"}, "/nowhere.csv cannot be read: there is no such file; name a file"},
  };
  for (const auto& test : cases) {
    const Outcome outcome = Stats("", test.arguments);
    EXPECT_EQ(outcome.status, 2) << test.message;
    EXPECT_THAT(outcome.err, HasSubstr(test.message));
    EXPECT_THAT(outcome.out, IsEmpty());
  }
  EXPECT_THAT(Stats("", {"--verbose"}).err,
              HasSubstr("\n\n  teraju-stats [option...] [file.csv]\n\n"));
  EXPECT_EQ(Stats("").status, 1);
}

TEST(StatsProgram, HelpIsEnoughAndItsExampleRuns) {
  for (const std::string language : {"id", "en"}) {
    const Outcome help = teraju::testing::RunProgram(TERAJU_STATS, {"--help", "--lang", language});
    EXPECT_EQ(help.status, 0);
    for (const char* part : {"rater", "penilai", "--statistics", "--pair-effect"}) {
      EXPECT_THAT(help.out, HasSubstr(part));
    }
    const std::size_t at = help.out.find("  printf ");
    ASSERT_NE(at, std::string::npos);
    const Outcome example = teraju::testing::RunProgram(
        "/bin/sh", {"-c", "PATH=\"${0%/*}:$PATH\"; " + help.out.substr(at), TERAJU_STATS});
    EXPECT_EQ(example.status, 0) << example.err;
    EXPECT_THAT(example.out, HasSubstr("ICC(2,1)"));
  }
}

}  // namespace
}  // namespace teraju::statistics
