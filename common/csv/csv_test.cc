#include "common/csv/csv.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::csv {
namespace {

using ::testing::ElementsAre;

absl::Status TooLong(std::int64_t line) { return absl::InvalidArgumentError(std::to_string(line)); }

// Feeds `text` in pieces of `step` bytes.
std::vector<Record> Read(std::string_view text, std::size_t step, Dialect* dialect = nullptr) {
  std::vector<Record> records;
  const auto keep = [&](const Record& record) {
    records.push_back(record);
    return absl::OkStatus();
  };
  Reader reader(TooLong);
  for (std::size_t at = 0; at < text.size(); at += step)
    EXPECT_TRUE(reader.Feed(text.substr(at, step), keep).ok());
  EXPECT_TRUE(reader.Finish(keep).ok());
  if (dialect != nullptr) *dialect = reader.dialect();
  return records;
}

TEST(Reader, RecognisesDelimiterMarkAndLineEnds) {
  Dialect dialect;
  Read("\xEF\xBB\xBFNIP;\"NAMA, GELAR\";UNOR\r\n1;2;3\r\n", 1000, &dialect);
  EXPECT_EQ(dialect.delimiter, ';');
  EXPECT_TRUE(dialect.byte_order_mark);
  EXPECT_TRUE(dialect.crlf);
  Read("a|b\n1|2\n", 1000, &dialect);
  EXPECT_EQ(dialect.delimiter, '|');
  EXPECT_FALSE(dialect.byte_order_mark);
  EXPECT_FALSE(dialect.crlf);
  Read("a\tb\n", 1000, &dialect);
  EXPECT_EQ(dialect.delimiter, '\t');
  Read("single\n1\n", 1000, &dialect);
  EXPECT_EQ(dialect.delimiter, ',');
}

TEST(Reader, ReadsTheSameInPiecesOfEverySize) {
  const std::string text =
      "\xEF\xBB\xBFid,name\r\n1,\"two\r\nlines \"\"quoted\"\", and more\"\r\n\r\n , "
      "\r\n2,plain\"quote\r\n3,last";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    const std::vector<Record> records = Read(text, step);
    ASSERT_EQ(records.size(), 4u) << step;
    EXPECT_THAT(records[0].cells, ElementsAre("id", "name"));
    EXPECT_THAT(records[1].cells, ElementsAre("1", "two\r\nlines \"quoted\", and more"));
    EXPECT_EQ(records[1].line, 2);
    EXPECT_THAT(records[2].cells, ElementsAre("2", "plain\"quote"));
    EXPECT_EQ(records[2].row, 2);
    EXPECT_EQ(records[2].line, 6);
    EXPECT_THAT(records[3].cells, ElementsAre("3", "last"));
  }
}

TEST(Reader, KeepsEmptyCellsAndQuotedEndOfFile) {
  const std::vector<Record> records = Read("a,b,c\n,,\"\"x\n,\"\",\"end\"", 3);
  ASSERT_EQ(records.size(), 3u);
  EXPECT_THAT(records[1].cells, ElementsAre("", "", "x"));
  EXPECT_THAT(records[2].cells, ElementsAre("", "", "end"));
}

TEST(Reader, GivesNothingForAnEmptyFile) {
  EXPECT_TRUE(Read("", 1).empty());
  EXPECT_TRUE(Read("\xEF\xBB\xBF", 1).empty());
  EXPECT_TRUE(Read("\n\n", 1).empty());
}

TEST(Reader, StopsAtAQuoteThatNeverCloses) {
  const auto ignore = [](const Record&) { return absl::OkStatus(); };
  Reader reader(TooLong);
  ASSERT_TRUE(reader.Feed("a,b\n1,\"", ignore).ok());
  absl::Status status;
  std::size_t fed = 0;
  const std::string chunk(1 << 16, 'x');
  while (status.ok() && fed < 10 * Reader::kMaxRecordBytes) {
    status = reader.Feed(chunk, ignore);
    fed += chunk.size();
  }
  EXPECT_EQ(status, TooLong(2));
  EXPECT_LE(fed, Reader::kMaxRecordBytes + chunk.size());
}

TEST(LooksLikeFormula, TellsFormulasFromTelephoneNumbers) {
  for (const char* cell : {"=1+1", " =cmd|' /C calc'!A0", "@SUM(A1)", "+cmd", "-2+3", "+62x"}) {
    EXPECT_TRUE(LooksLikeFormula(cell)) << cell;
  }
  for (const char* cell : {"", "-", "=", "+62 800 000 1561", "-12.5", "+62 (21) 555-12", "a=b"}) {
    EXPECT_FALSE(LooksLikeFormula(cell)) << cell;
  }
}

TEST(Line, NeutralisesFormulasAndQuotes) {
  EXPECT_EQ(Line({"=1+1", "a,b", "say \"x\"", "+62 800"}),
            "'=1+1,\"a,b\",\"say \"\"x\"\"\",+62 800\n");
  EXPECT_EQ(Line({"", "x"}), ",x\n");
  EXPECT_EQ(Line({"=HYPERLINK(\"http://x.example\",\"klik\")"}),
            "\"'=HYPERLINK(\"\"http://x.example\"\",\"\"klik\"\")\"\n");
}

}  // namespace
}  // namespace teraju::csv
