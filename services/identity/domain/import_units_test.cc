#include "services/identity/domain/import_units.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/identity/domain/test_data.h"

namespace teraju::identity::domain {
namespace {

using ::testing::ElementsAre;

std::vector<std::string> CodesOf(const std::vector<std::vector<std::string>>& rows,
                                 const ParentMap& stored = {}) {
  UnitRows units(
      *Columns::Parse({0, 1, {"ID", "NAMA_UNOR", "ID_ATASAN"}}, UnitRows::Layout(), "units"));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    units.Add({static_cast<std::int64_t>(i + 1), static_cast<std::int64_t>(i + 2), rows[i]});
  }
  std::vector<std::string> codes;
  for (const JudgedUnit& unit : std::move(units).Judge(stored))
    codes.emplace_back(unit.verdict.code);
  return codes;
}

TEST(UnitRows, AcceptsParentsAfterTheirChildren) {
  EXPECT_THAT(CodesOf({{"C", "Seksi", "B"}, {"B", "Bidang", "A"}, {"A", "Dinas", ""}}),
              ElementsAre("", "", ""));
}

TEST(UnitRows, AcceptsTheTreeOfDumai) {
  const std::vector<csv::Record> records = ReadTestRecords("kota-dumai/hierarki-unor.csv");
  UnitRows units(*Columns::Parse(records[0], UnitRows::Layout(), "units"));
  for (std::size_t i = 1; i < records.size(); ++i) units.Add(records[i]);
  const std::vector<JudgedUnit> judged = std::move(units).Judge({});
  ASSERT_EQ(judged.size(), 449u);
  for (const JudgedUnit& unit : judged) EXPECT_EQ(unit.verdict.code, "");
}

TEST(UnitRows, RefusesUnknownParentsAndWhatHangsBelow) {
  EXPECT_THAT(CodesOf({{"A", "Dinas", ""}, {"B", "Bidang", "X"}, {"C", "Seksi", "B"}}),
              ElementsAre("", "UNIT_PARENT_UNKNOWN", "UNIT_PARENT_UNKNOWN"));
}

TEST(UnitRows, RefusesCyclesWhole) {
  EXPECT_THAT(
      CodesOf({{"A", "Dinas", "B"}, {"B", "Bidang", "A"}, {"C", "Kota", ""}, {"D", "Seksi", "D"}}),
      ElementsAre("UNIT_TREE_CYCLE", "UNIT_TREE_CYCLE", "", "UNIT_TREE_CYCLE"));
}

TEST(UnitRows, SeesCyclesThroughStoredUnits) {
  const ParentMap stored = {{"A", ""}, {"B", "A"}, {"C", "B"}};
  EXPECT_THAT(CodesOf({{"A", "Dinas", "C"}}, stored), ElementsAre("UNIT_TREE_CYCLE"));
  EXPECT_THAT(CodesOf({{"C", "Seksi", "A"}, {"B", "Bidang", "C"}}, stored), ElementsAre("", ""));
}

TEST(UnitRows, RefusesUnitsThatWereAbolishedAndWhatHangsBelow) {
  UnitRows units(
      *Columns::Parse({0, 1, {"ID", "NAMA_UNOR", "ID_ATASAN"}}, UnitRows::Layout(), "units"));
  units.Add({1, 2, {"B", "Bidang", "A"}});
  units.Add({2, 3, {"C", "Seksi", "B"}});
  units.Add({3, 4, {"A", "Dinas", ""}});
  std::vector<std::string> codes;
  for (const JudgedUnit& unit : std::move(units).Judge({{"A", ""}, {"B", "A"}, {"C", "A"}}, {"B"}))
    codes.emplace_back(unit.verdict.code);
  EXPECT_THAT(codes, ElementsAre("UNIT_ABOLISHED", "UNIT_PARENT_UNKNOWN", ""));
}

TEST(UnitRows, RefusesDuplicatesMissingValuesAndForeignIds) {
  EXPECT_THAT(
      CodesOf({{"A", "Dinas", ""},
               {"A", "Dinas lain", ""},
               {"B", "-", "A"},
               {"b c", "Seksi", "A"},
               {"D", "=1+1", "A"}}),
      ElementsAre("", "UNIT_DUPLICATE", "REQUIRED_MISSING", "UNIT_ID_INVALID", "FORMULA_TEXT"));
}

}  // namespace
}  // namespace teraju::identity::domain
