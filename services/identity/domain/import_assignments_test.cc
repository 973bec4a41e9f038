#include "services/identity/domain/import_assignments.h"

#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::identity::domain {
namespace {

constexpr const char* kPerson = "196608011988031001";

class AssignmentRowsTest : public ::testing::Test {
 protected:
  std::string Judge(std::vector<std::string> cells) {
    return std::string(rows_.Judge({1, 2, std::move(cells)}, row_).code);
  }

  const std::string name_ = "Bidang Anggaran";
  AssignmentRow row_;
  AssignmentRows rows_{*Columns::Parse({0,
                                        1,
                                        {"NIP",
                                         "UNOR_ID",
                                         "JABATAN_NAMA",
                                         "JENIS_PENUGASAN",
                                         "TMT_MULAI",
                                         "TMT_SELESAI",
                                         "SK_NOMOR"}},
                                       AssignmentRows::Layout(),
                                       "assignments"),
                       [this](std::string_view id) { return id == "U" ? &name_ : nullptr; },
                       [](const Nip& nip) { return nip.value() == kPerson; }};
};

TEST_F(AssignmentRowsTest, KeepsWhatTheRowSays) {
  EXPECT_EQ(
      Judge({kPerson, "U", "Kepala Bidang  Anggaran", "plt", "01-02-2025", "31-07-2025", "821/1"}),
      "");
  EXPECT_EQ(row_.nip, kPerson);
  EXPECT_EQ(row_.unit_id, "U");
  EXPECT_EQ(row_.assignment.kind(), v1::Assignment::ACTING);
  EXPECT_TRUE(row_.assignment.leads_unit());
  EXPECT_EQ(row_.assignment.position_title(), "Kepala Bidang Anggaran");
  EXPECT_EQ(row_.assignment.end_date().month(), 7);
  EXPECT_EQ(row_.assignment.decree_number(), "821/1");
}

TEST_F(AssignmentRowsTest, RefusesInTheDocumentedOrder) {
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "01-02-2025", "", "", "extra"}), "ROW_LONG");
  EXPECT_EQ(Judge({kPerson, "U", "", "D", "01-02-2025", "", ""}), "REQUIRED_MISSING");
  EXPECT_EQ(Judge({"1.98E+17", "U", "Staf", "D", "01-02-2025", "", ""}), "NIP_SCIENTIFIC");
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "X", "01-02-2025", "", ""}), "ASSIGNMENT_KIND_UNKNOWN");
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "30-02-2025", "", ""}), "DATE_INVALID");
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "01-02-2025", "31-01-2025", ""}), "DATE_ORDER");
  EXPECT_EQ(Judge({kPerson, "U", "=1+1", "D", "01-02-2025", "", ""}), "FORMULA_TEXT");
  EXPECT_EQ(Judge({kPerson, "V", "Staf", "D", "01-02-2025", "", ""}), "UNOR_UNKNOWN");
  EXPECT_EQ(Judge({"196608011988031002", "U", "Staf", "D", "01-02-2025", "", ""}),
            "EMPLOYEE_UNKNOWN");
}

TEST_F(AssignmentRowsTest, RefusesASecondDefinitivePostOnTheSameDays) {
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "01-02-2025", "30-06-2025", ""}), "");
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "01-02-2025", "30-06-2025", ""}),
            "ASSIGNMENT_DUPLICATE");
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "30-06-2025", "", ""}), "ASSIGNMENT_OVERLAP");
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "TT", "30-06-2025", "", ""}), "");
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "01-07-2025", "", ""}), "");
}

TEST_F(AssignmentRowsTest, WarnsOfDayNumbers) {
  EXPECT_EQ(Judge({kPerson, "U", "Staf", "D", "45658", "", ""}), "DATE_EXCEL_SERIAL");
  EXPECT_EQ(row_.assignment.start_date().day(), 1);
  EXPECT_EQ(row_.assignment.start_date().year(), 2025);
}

}  // namespace
}  // namespace teraju::identity::domain
