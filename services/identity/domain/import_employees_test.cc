#include "services/identity/domain/import_employees.h"

#include <boost/json.hpp>
#include <map>
#include <set>

#include "common/errors/error.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "services/identity/domain/test_data.h"

namespace teraju::identity::domain {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::set<std::string, std::less<>> UnitsOfDumai() {
  std::set<std::string, std::less<>> ids;
  for (const csv::Record& record : ReadTestRecords("kota-dumai/hierarki-unor.csv"))
    ids.insert(record.cells[0]);
  return ids;
}

std::string NameOf(v1::ImportRowResult::Verdict verdict) {
  switch (verdict) {
    case v1::ImportRowResult::ACCEPTED:
      return "accepted";
    case v1::ImportRowResult::ACCEPTED_WITH_WARNING:
      return "accepted_with_warning";
    default:
      return "rejected";
  }
}

// "" for a member that is absent or null.
std::string Text(const boost::json::object& object, const char* key) {
  const boost::json::value* value = object.if_contains(key);
  return value == nullptr || value->is_null() ? "" : std::string(value->as_string());
}

TEST(EmployeeRows, JudgesTheSpoiledExportAsExpected) {
  const boost::json::object expected =
      boost::json::parse(ReadTestData("kota-dumai-quirks/expected.json")).as_object();
  const std::vector<csv::Record> records = ReadTestRecords("kota-dumai-quirks/export-data-asn.csv");
  const std::set<std::string, std::less<>> units = UnitsOfDumai();
  const boost::json::array& rows = expected.at("rows").as_array();
  ASSERT_EQ(records.size(), rows.size() + 1);

  const auto columns = Columns::Parse(records[0], EmployeeRows::Layout(), "employees");
  ASSERT_TRUE(columns.ok()) << columns.status();
  EXPECT_EQ(columns->count(), 70u);
  EXPECT_THAT(columns->unknown(), ElementsAre("CATATAN VERIFIKATOR"));
  EmployeeRows employees(*columns, [&](std::string_view id) { return units.contains(id); });
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const boost::json::object& row = rows[i].as_object();
    EmployeeRow accepted;
    const Verdict verdict = employees.Judge(records[i + 1], accepted);
    SCOPED_TRACE(i + 1);
    EXPECT_EQ(records[i + 1].row, row.at("row").as_int64());
    EXPECT_EQ(records[i + 1].line, row.at("line").as_int64());
    EXPECT_EQ(NameOf(verdict.verdict), Text(row, "verdict"));
    EXPECT_EQ(verdict.code, Text(row, "code"));
    EXPECT_EQ(verdict.column, Text(row, "column"));
    if (row.contains("value")) {
      EXPECT_EQ(verdict.value, Text(row, "value"));
    }
  }
}

TEST(EmployeeRows, AcceptsTheCleanExportWithoutAWarning) {
  const std::vector<csv::Record> records = ReadTestRecords("kota-dumai/export-data-asn.csv");
  const std::set<std::string, std::less<>> units = UnitsOfDumai();
  ASSERT_EQ(records.size(), 4201u);
  const auto columns = Columns::Parse(records[0], EmployeeRows::Layout(), "employees");
  ASSERT_TRUE(columns.ok());
  EXPECT_THAT(columns->unknown(), IsEmpty());
  EmployeeRows employees(*columns, [&](std::string_view id) { return units.contains(id); });
  std::map<int, int> kinds;
  int pppk = 0;
  for (std::size_t i = 1; i < records.size(); ++i) {
    EmployeeRow row;
    const Verdict verdict = employees.Judge(records[i], row);
    EXPECT_EQ(verdict.code, "") << "row " << i;
    ++kinds[row.employee.position_kind()];
    if (row.employee.kind() == v1::Employee::PPPK) ++pppk;
  }
  EXPECT_EQ(kinds[v1::Employee::STRUCTURAL], 357);
  EXPECT_EQ(kinds[v1::Employee::FUNCTIONAL], 2426);
  EXPECT_EQ(kinds[v1::Employee::GENERAL], 1417);
  EXPECT_EQ(pppk, 924);
}

TEST(EmployeeRows, FindsColumnsByNameWhateverTheirOrder) {
  const csv::Record header{0,
                           1,
                           {"unor id",
                            "TMT_JABATAN",
                            "Jabatan Nama",
                            "JENIS JABATAN ID",
                            "TANGGAL LAHIR",
                            "NAMA",
                            "NIP BARU"}};
  const auto columns = Columns::Parse(header, EmployeeRows::Layout(), "employees");
  ASSERT_TRUE(columns.ok()) << columns.status();
  EmployeeRows employees(*columns, [](std::string_view id) { return id == "U1"; });
  EmployeeRow row;
  const Verdict verdict = employees.Judge({1,
                                           2,
                                           {"U1",
                                            "01-03-1990",
                                            "Camat Dumai Barat",
                                            "1",
                                            "01-08-1966",
                                            " Budi  Santoso",
                                            "'196608011988031001"}},
                                          row);
  EXPECT_EQ(verdict.code, "");
  EXPECT_EQ(row.unit_id, "U1");
  EXPECT_EQ(row.employee.full_name(), "Budi Santoso");
  EXPECT_EQ(row.employee.nip(), "196608011988031001");
  EXPECT_EQ(row.employee.position_start_date().year(), 1990);
}

TEST(Columns, NameTheRequiredOnesThatAreAbsent) {
  const absl::Status status =
      Columns::Parse({0, 1, {"NIP BARU", "NAMA"}}, EmployeeRows::Layout(), "employees").status();
  EXPECT_EQ(errors::ReasonOf(status), "IMPORT_HEADER_INVALID");
  EXPECT_EQ(errors::MetadataOf(status, "columns"),
            "TANGGAL LAHIR, JENIS JABATAN ID, JABATAN NAMA, TMT JABATAN, UNOR ID");
}

TEST(EmployeeRows, RefusesTextThatTheDatabaseCannotHold) {
  const csv::Record header{0,
                           1,
                           {"NIP BARU",
                            "NAMA",
                            "TANGGAL LAHIR",
                            "JENIS JABATAN ID",
                            "JABATAN NAMA",
                            "TMT JABATAN",
                            "UNOR ID"}};
  EmployeeRows employees(*Columns::Parse(header, EmployeeRows::Layout(), "employees"),
                         [](std::string_view) { return true; });
  const auto judge = [&](std::string name) {
    EmployeeRow row;
    return employees
        .Judge({1,
                2,
                {"196608011988031001",
                 std::move(name),
                 "01-08-1966",
                 "1",
                 "Camat",
                 "01-03-1990",
                 "U"}},
               row)
        .code;
  };
  EXPECT_EQ(judge("Bud\xE9"), "TEXT_ENCODING");
  EXPECT_EQ(judge(std::string("Bu\0di", 5)), "TEXT_ENCODING");
  EXPECT_EQ(judge(std::string(301, 'x')), "TEXT_TOO_LONG");
}

TEST(TextOf, HasBothLanguagesForEveryCodeOfTheExport) {
  const boost::json::object expected =
      boost::json::parse(ReadTestData("kota-dumai-quirks/expected.json")).as_object();
  for (const auto& entry : expected.at("totals").as_object().at("byCode").as_object()) {
    const VerdictText text = TextOf(std::string_view(entry.key().data(), entry.key().size()));
    EXPECT_FALSE(text.id.empty()) << entry.key();
    EXPECT_FALSE(text.en.empty()) << entry.key();
  }
}

}  // namespace
}  // namespace teraju::identity::domain
