#include "services/identity/domain/leadership.h"

#include <map>
#include <set>

#include "gtest/gtest.h"
#include "services/identity/domain/import_assignments.h"
#include "services/identity/domain/test_data.h"

namespace teraju::identity::domain {
namespace {

constexpr v1::Assignment::Kind kD = v1::Assignment::DEFINITIVE;
constexpr v1::Assignment::Kind kTt = v1::Assignment::ADDITIONAL;

TEST(LeadsUnit, FindsEveryHeadOfDumaiAndNobodyElse) {
  std::map<std::string, std::string> names;
  for (const csv::Record& unit : ReadTestRecords("kota-dumai/hierarki-unor.csv"))
    names[unit.cells[0]] = unit.cells[1];
  std::set<std::string> led;
  const std::vector<csv::Record> rows = ReadTestRecords("kota-dumai/penugasan.csv");
  for (std::size_t i = 1; i < rows.size(); ++i) {
    const auto& cells = rows[i].cells;
    if (LeadsUnit(ParseAssignmentKind(cells[3]), cells[2], names[cells[1]])) led.insert(cells[1]);
  }
  // The export says it its own way: a structural post carries the id of the unit that it leads.
  const std::vector<csv::Record> persons = ReadTestRecords("kota-dumai/export-data-asn.csv");
  const Columns columns = *Columns::Parse(
      persons[0], {{"JENIS JABATAN ID", "JABATAN ID", "JABATAN NAMA", "UNOR ID"}, {}}, "");
  int structural = 0;
  for (std::size_t i = 1; i < persons.size(); ++i) {
    const std::string_view title = CellOf(persons[i], columns, "JABATAN NAMA");
    const std::string unit(CellOf(persons[i], columns, "UNOR ID"));
    const bool heads = CellOf(persons[i], columns, "JENIS JABATAN ID") == "1" &&
                       CellOf(persons[i], columns, "JABATAN ID") == unit;
    EXPECT_EQ(LeadsUnit(kD, title, names[unit]), heads) << title << " / " << names[unit];
    EXPECT_EQ(PositionKindOf(title) == v1::Employee::STRUCTURAL, heads) << title;
    structural += heads ? 1 : 0;
  }
  EXPECT_EQ(structural, 357);
  // 448 units have a post of head; two of them had nobody at all in 2025 (one since 2024), the root
  // has the mayor.
  EXPECT_EQ(names.size(), 450u);  // with the header
  EXPECT_EQ(led.size(), 447u);
}

TEST(LeadsUnit, NeedsTheTitleToNameTheUnit) {
  EXPECT_TRUE(LeadsUnit(kD, "Sekretaris Camat Bukit Kapur", "Sekretariat Kecamatan"));
  EXPECT_FALSE(LeadsUnit(kD, "Sekretaris Lurah Bintan", "Kelurahan Bintan"));
  EXPECT_FALSE(LeadsUnit(kD, "Sekretaris Pimpinan", "Bagian Umum"));
  EXPECT_TRUE(LeadsUnit(kD, "Kepala Seksi Pemerintahan", "Seksi Pemerintahan"));
  EXPECT_FALSE(LeadsUnit(kD, "Kepala Seksi Pemerintahan", "Kelurahan Bintan"));
  EXPECT_TRUE(
      LeadsUnit(kD, "Kepala DPMPTSP", "Dinas Penanaman Modal dan Pelayanan Terpadu Satu Pintu"));
  EXPECT_FALSE(LeadsUnit(kD, "Inspektur Pembantu I", "Bagian Umum"));
}

TEST(LeadsUnit, TellsFunctionalPostsFromHeads) {
  EXPECT_TRUE(LeadsUnit(kD,
                        "Kepala Bidang Pembinaan Sekolah Menengah Pertama",
                        "Bidang Pembinaan Sekolah Menengah Pertama"));
  EXPECT_FALSE(LeadsUnit(kD, "Asisten Apoteker Terampil", "Asisten Administrasi Umum"));
  EXPECT_FALSE(LeadsUnit(kD, "Guru Ahli Madya", "SD Negeri 1"));
  EXPECT_EQ(PositionKindOf("Asisten Apoteker Terampil"), v1::Employee::FUNCTIONAL);
  EXPECT_EQ(PositionKindOf("Penelaah Teknis Kebijakan"), v1::Employee::GENERAL);
}

TEST(LeadsUnit, TakesActingOfficialsAndLeadingTasks) {
  EXPECT_TRUE(LeadsUnit(v1::Assignment::ACTING, "Lurah Mundam", "Kelurahan Mundam"));
  EXPECT_TRUE(LeadsUnit(kTt, "Kepala SD Negeri 1", "SD Negeri 1"));
  EXPECT_TRUE(LeadsUnit(kTt, "Koordinator Instalasi", "Instalasi Gizi"));
  EXPECT_FALSE(LeadsUnit(kTt, "Guru Ahli Muda (diperbantukan)", "SD Negeri 1"));
  EXPECT_FALSE(LeadsUnit(kTt, "Kepala Tata Usaha (diperbantukan)", "SD Negeri 1"));
  EXPECT_FALSE(LeadsUnit(v1::Assignment::KIND_UNSPECIFIED, "Kepala Dinas", "Dinas"));
}

}  // namespace
}  // namespace teraju::identity::domain
