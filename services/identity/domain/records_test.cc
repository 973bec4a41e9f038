#include "services/identity/domain/records.h"

#include "common/testing/status_matchers.h"
#include "gtest/gtest.h"
#include "services/identity/domain/calendar.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity::domain {
namespace {

using ::teraju::testing::HasMetadata;
using ::teraju::testing::HasReason;
using ::teraju::testing::IsOk;
using ::teraju::testing::ViolatesField;

v1::Employee Employee() {
  v1::Employee employee;
  employee.set_nip("'19660801 198803 1 001");
  employee.set_full_name("Budi");
  employee.set_position_title("Staf");
  employee.set_position_kind(v1::Employee::GENERAL);
  employee.set_unit("agencies/dumai/units/U");
  *employee.mutable_birth_date() = ToDate(absl::CivilDay(1966, 8, 1));
  return employee;
}

TEST(PrepareEmployee, NormalisesTheNipAndDerivesTheKind) {
  v1::Employee employee = Employee();
  ASSERT_THAT(PrepareEmployee(employee), IsOk());
  EXPECT_EQ(employee.nip(), "196608011988031001");
  EXPECT_EQ(employee.kind(), v1::Employee::PNS);
}

TEST(PrepareEmployee, NamesEveryFaultyField) {
  v1::Employee employee = Employee();
  employee.set_full_name(" ");
  employee.mutable_birth_date()->set_day(31 + 1);
  employee.set_position_kind(static_cast<v1::Employee::PositionKind>(9));
  const absl::Status status = PrepareEmployee(employee);
  EXPECT_THAT(status, ViolatesField("employee.fullName"));
  EXPECT_THAT(status, ViolatesField("employee.birthDate"));
  EXPECT_THAT(status, ViolatesField("employee.positionKind"));
  employee.set_nip("123");
  EXPECT_THAT(PrepareEmployee(employee), HasReason(v1::NIP_INVALID));
}

// Digit 15 is 1 for men, 2 for women, of PNS and PPPK alike.
TEST(TraitsOf, TheNipTellsTheGender) {
  const std::pair<const char*, v1::EmployeeTraits::Gender> cases[] = {
      {"196608011988031001", v1::EmployeeTraits::MALE},
      {"196608011988032001", v1::EmployeeTraits::FEMALE},
      {"199201012022212001", v1::EmployeeTraits::FEMALE},
      {"196608011988033001", v1::EmployeeTraits::GENDER_UNSPECIFIED},
      {"", v1::EmployeeTraits::GENDER_UNSPECIFIED}};
  for (const auto& [nip, gender] : cases) {
    v1::Employee employee = Employee();
    employee.set_name("agencies/dumai/employees/e");
    employee.set_grade("34");
    employee.set_nip(nip);
    const v1::EmployeeTraits traits = TraitsOf(employee);
    EXPECT_EQ(traits.gender(), gender) << nip;
    EXPECT_EQ(traits.employee(), "agencies/dumai/employees/e");
    EXPECT_EQ(traits.grade(), "34");
  }
}

TEST(EndAssignment, EndsOnceAndRepeatsHarmlessly) {
  v1::Assignment assignment;
  *assignment.mutable_start_date() = ToDate(absl::CivilDay(2025, 2, 1));
  EXPECT_THAT(EndAssignment(assignment, ToDate(absl::CivilDay(2025, 1, 31))),
              HasReason(v1::INTERVAL_INVALID));
  EXPECT_FALSE(assignment.has_end_date());
  EXPECT_THAT(EndAssignment(assignment, ToDate(absl::CivilDay(2025, 6, 30))), IsOk());
  EXPECT_THAT(EndAssignment(assignment, ToDate(absl::CivilDay(2025, 6, 30))), IsOk());
  const absl::Status again = EndAssignment(assignment, ToDate(absl::CivilDay(2025, 7, 1)));
  EXPECT_THAT(again, HasReason(v1::ASSIGNMENT_ENDED));
  EXPECT_THAT(again, HasMetadata("end_date", "30-06-2025"));
  EXPECT_THAT(EndAssignment(assignment, {}), ViolatesField("endDate"));
}

TEST(ParseDays, BoundsTheInterval) {
  const auto day = [](int year, int month, int d) {
    return ToDate(absl::CivilDay(year, month, d));
  };
  EXPECT_TRUE(ParseDays(day(2024, 1, 1), day(2024, 12, 31), 366).ok());
  EXPECT_THAT(ParseDays(day(2024, 1, 1), day(2025, 1, 1), 366), ViolatesField("endDate"));
  EXPECT_THAT(ParseDays(day(2024, 1, 2), day(2024, 1, 1), 366), HasReason(v1::INTERVAL_INVALID));
  EXPECT_THAT(ParseDays({}, day(2024, 1, 1), 366), ViolatesField("startDate"));
}

TEST(CheckOfficial, WantsDatesInOrder) {
  v1::Official official;
  EXPECT_THAT(CheckOfficial(official), ViolatesField("official.startDate"));
  *official.mutable_start_date() = ToDate(absl::CivilDay(2021, 2, 26));
  EXPECT_THAT(CheckOfficial(official), IsOk());
  *official.mutable_end_date() = ToDate(absl::CivilDay(2021, 2, 25));
  EXPECT_THAT(CheckOfficial(official), HasReason(v1::INTERVAL_INVALID));
}

}  // namespace
}  // namespace teraju::identity::domain
