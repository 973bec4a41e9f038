#include "common/engines/statistics/cli/answers_csv.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::statistics {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Fault OnlyFault(std::string_view csv) {
  const ParsedAnswers parsed = ParseAnswers(csv);
  EXPECT_FALSE(parsed.answers);
  EXPECT_EQ(parsed.faults.size(), 1u);
  EXPECT_FALSE(parsed.faults.at(0).text.id.empty());
  return parsed.faults.at(0);
}

TEST(ParseAnswers, TakesColumnsInAnyOrderAndTellsTheDelimiter) {
  for (const char* csv :
       {"rater,ratee,value\na,x,4\nb,y,3.5\n",
        "value;ratee;rater\n4;x;a\n3,5;y;b",
        "Nilai\tPenilai\tDinilai\r\n4\ta\tx\r\n3.5\tb\ty\r\n",
        "\xEF\xBB\xBF\"rater\"|\"ratee\"|\"value\"\n a | x | 4 \n\nb|y|\"3.5\"\n"}) {
    SCOPED_TRACE(csv);
    const auto parsed = ParseAnswers(csv);
    ASSERT_TRUE(parsed.answers);
    const NamedRatings& named = *parsed.answers;
    EXPECT_THAT(named.ratees, ElementsAre("x", "y"));
    EXPECT_THAT(named.raters, ElementsAre("a", "b"));
    ASSERT_EQ(named.ratings.answers.size(), 2u);
    EXPECT_EQ(named.ratings.answers[1].value, 3.5);
    EXPECT_EQ(named.ratings.answers[1].ratee, 1);
  }
}

TEST(ParseAnswers, ReadsItemsGroupsPeriodsAndGaps) {
  const auto parsed = ParseAnswers(
      "period,group,item,rater,ratee,value\n2025-2,peer,q1,a,x,4\n2025-1,peer,\"q "
      "\"\"2\"\"\",a,x,\n"
      "2025-1,superior,q1,b,x,5\n");
  ASSERT_TRUE(parsed.answers);
  EXPECT_EQ(parsed.answers->missing, 1);
  EXPECT_THAT(parsed.answers->items, ElementsAre("q1", "q \"2\""));
  EXPECT_THAT(parsed.answers->periods, ElementsAre("2025-1", "2025-2"));
  EXPECT_EQ(parsed.answers->ratings.answers[0].period, 1);
  EXPECT_EQ(parsed.answers->ratings.answers[1].group, 1);
}

TEST(ParseAnswers, NamesLineColumnReasonAndRemedy) {
  Fault fault = OnlyFault("rater,ratee,value\na,x,4\na,y,four\n");
  EXPECT_EQ(fault.line, 3);
  EXPECT_EQ(fault.column, "value");
  EXPECT_THAT(fault.text.en, HasSubstr("\"four\" is not a number. Write digits"));
  EXPECT_THAT(fault.text.id, HasSubstr("bukan angka"));
  fault = OnlyFault("rater,score,ratee\na,4,x\n");
  EXPECT_EQ(fault.column, "value");
  EXPECT_THAT(fault.text.en, HasSubstr("lacks this column"));
  fault = OnlyFault("rater,ratee,value\na,x,4\n\nb,x,4,5\n");
  EXPECT_EQ(fault.line, 4);
  EXPECT_THAT(fault.text.en, HasSubstr("4 fields, the header 3"));
  EXPECT_EQ(OnlyFault("rater,ratee,value\n,x,4\n").column, "rater");
  fault = OnlyFault("rater,ratee,value\na,x,4\nb,x,4\na,x,5\n");
  EXPECT_EQ(fault.line, 4);
  EXPECT_THAT(fault.text.en, HasSubstr("on line 2 already"));
  EXPECT_EQ(OnlyFault("rater,ratee,value\na,\"x,4\nb,y,3\n").line, 2);
  EXPECT_THAT(OnlyFault("rater,rater,ratee,value\n").text.en, HasSubstr("twice"));
  EXPECT_THAT(OnlyFault("").text.en, HasSubstr("empty"));
  EXPECT_THAT(OnlyFault("rater,ratee,value\na,x,\n").text.en, HasSubstr("no answer"));
  EXPECT_EQ(OnlyFault("rater,ratee,value\na,x,nan\n").column, "value");
  EXPECT_EQ(OnlyFault("rater,ratee,value\na,x,1e999\n").column, "value");
}

TEST(ParseAnswers, StopsAfterTwentyFaults) {
  std::string csv = "rater,ratee,value\n";
  for (int i = 0; i < 100; ++i) csv += "a,b" + std::to_string(i) + ",x\n";
  EXPECT_EQ(ParseAnswers(csv).faults.size(), 20u);
}

}  // namespace
}  // namespace teraju::statistics
