#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/identity_fixture.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_EXISTS;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using ::testing::IsEmpty;
using testing::IsOk;
using ::testing::UnorderedElementsAre;
using testing::ViolatesField;

constexpr v1::Assignment::Kind kD = v1::Assignment::DEFINITIVE;

// Kota (mayor) > Dinas > Bidang; a head of the Dinas, a head of the Bidang, a member of the Bidang.
class EmployeesTest : public IdentityTest {
 protected:
  void SetUp() override {
    IdentityTest::SetUp();
    ASSERT_THAT(CreateAgency(), IsOk());
    ASSERT_THAT(CreateUnit("city", "Pemerintah Kota"), IsOk());
    ASSERT_THAT(CreateUnit("dinas", "Dinas Kesehatan", "city"), IsOk());
    ASSERT_THAT(CreateUnit("bidang", "Bidang Pelayanan", "dinas"), IsOk());
    ASSERT_THAT(CreateUnit("other", "Dinas Sosial", "city"), IsOk());
    mayor_ = CreateOfficial("city", Date(2021, 2, 26))->name();
    top_ = Person(1, "dinas", "Kepala Dinas Kesehatan");
    head_ = Person(2, "bidang", "Kepala Bidang Pelayanan");
    member_ = Person(3, "bidang", "Perawat Terampil");
    host_.clock().Set(absl::FromCivil(absl::CivilDay(2025, 6, 15), absl::UTCTimeZone()));
  }

  std::string Person(int serial, const std::string& unit, const std::string& title) {
    v1::Employee employee = MakeEmployee(serial, unit);
    employee.set_position_title(title);
    const auto created = CreateEmployee(employee);
    EXPECT_THAT(created, IsOk());
    EXPECT_THAT(Assign(created->name(), unit, title, kD, Date(2020, 1, 1)), IsOk());
    return created->name();
  }

  absl::StatusOr<v1::Employee> Get(const std::string& name, const Caller& caller) {
    v1::GetEmployeeRequest request;
    request.set_name(name);
    return Call<v1::Employees>(caller, &v1::Employees::StubInterface::GetEmployee, request);
  }
  std::vector<std::string> List(const Caller& caller, const std::string& unit = "") {
    v1::ListEmployeesRequest request;
    request.set_parent("agencies/dumai");
    request.set_unit(unit);
    const auto response =
        Call<v1::Employees>(caller, &v1::Employees::StubInterface::ListEmployees, request);
    EXPECT_THAT(response, IsOk());
    std::vector<std::string> names;
    if (response.ok()) {
      for (const auto& employee : response->employees()) names.push_back(employee.name());
    }
    return names;
  }
  absl::StatusOr<v1::ReportingLine> Resolve(const std::string& employee,
                                            const google::type::Date& date,
                                            const Caller& caller = kAdmin) {
    v1::ResolveReportingLineRequest request;
    request.set_parent("agencies/dumai");
    request.set_employee(employee);
    *request.mutable_date() = date;
    return Call<v1::ReportingLines>(
        caller, &v1::ReportingLines::StubInterface::ResolveReportingLine, request);
  }
  absl::StatusOr<v1::Assignment> EndOnlyAssignment(const std::string& employee,
                                                   const google::type::Date& last_day) {
    v1::ListAssignmentsRequest list;
    list.set_parent(employee);
    ASSIGN_OR_RETURN(
        const v1::ListAssignmentsResponse all,
        Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::ListAssignments, list));
    EXPECT_EQ(all.assignments_size(), 1);
    v1::EndAssignmentRequest end;
    end.set_name(all.assignments(0).name());
    *end.mutable_end_date() = last_day;
    return Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::EndAssignment, end);
  }
  absl::StatusOr<v1::ListSegmentsResponse> Segments(const Caller& caller = kEvaluation,
                                                    int page_size = 0,
                                                    v1::ListSegmentsRequest request = {}) {
    request.set_parent("agencies/dumai");
    *request.mutable_start_date() = Date(2025, 1, 1);
    *request.mutable_end_date() = Date(2025, 12, 31);
    request.set_page_size(page_size);
    return Call<v1::ReportingLines>(
        caller, &v1::ReportingLines::StubInterface::ListSegments, request);
  }

  std::string mayor_, top_, head_, member_;
};

TEST_F(EmployeesTest, RefusesASecondPersonWithTheSameNumberOrKey) {
  v1::Employee employee = MakeEmployee(1, "dinas");
  employee.set_external_id("other");
  EXPECT_THAT(CreateEmployee(employee), HasReason(v1::EMPLOYEE_NIP_TAKEN));
  employee = MakeEmployee(9, "dinas");
  employee.set_external_id("X1");
  EXPECT_THAT(CreateEmployee(employee), HasReason(v1::EMPLOYEE_EXTERNAL_ID_TAKEN));
  employee = MakeEmployee(9, "nowhere");
  EXPECT_THAT(CreateEmployee(employee), HasReason(v1::UNIT_UNKNOWN));
  employee = MakeEmployee(9, "dinas");
  employee.set_nip("196602301988031001");
  EXPECT_THAT(CreateEmployee(employee), HasReason(v1::NIP_INVALID));
  employee.set_nip("");
  EXPECT_THAT(CreateEmployee(employee), ViolatesField("employee.nip"));
}

TEST_F(EmployeesTest, AreSeenByThemselvesTheirAppraisersAndHr) {
  EXPECT_THAT(Get(member_, As(member_)), IsOk());
  EXPECT_THAT(Get(member_, As(head_)), IsOk());
  EXPECT_THAT(Get(member_, As(top_)), IsOk());  // the appraiser's superior
  EXPECT_THAT(Get(head_, As(member_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Get(top_, As(head_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Get(top_, As(mayor_)), IsOk());
  EXPECT_THAT(Get(member_, kAdmin), IsOk());
  const std::string absent = "agencies/dumai/employees/01890000-0000-7000-8000-000000000000";
  EXPECT_THAT(Get(absent, kAdmin), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(Get(absent, As(head_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Get("agencies/dumai/employees/not-an-id", kAdmin), HasReason(RESOURCE_NOT_FOUND));
}

TEST_F(EmployeesTest, AreListedByTheSameReachAsTheyAreRead) {
  host_.Bind({Bound("apiClients/admin", "agency_admin"),
              Bound("employees/hr", "unit_hr", "agencies/dumai/units/bidang")});
  EXPECT_THAT(List(kAdmin), UnorderedElementsAre(top_, head_, member_));
  EXPECT_THAT(List(As(member_)), ElementsAre(member_));
  EXPECT_THAT(List(As(head_)), UnorderedElementsAre(head_, member_));
  EXPECT_THAT(List(As(top_)), UnorderedElementsAre(top_, head_, member_));
  EXPECT_THAT(List(As(mayor_)), UnorderedElementsAre(top_, head_));
  // Everything that anybody reads is listed, and nothing else.
  for (const std::string& reader : {member_, head_, top_, mayor_}) {
    const std::vector<std::string> listed = List(As(reader));
    for (const std::string& person : {member_, head_, top_}) {
      EXPECT_EQ(std::find(listed.begin(), listed.end(), person) != listed.end(),
                Get(person, As(reader)).ok())
          << reader << " " << person;
    }
  }
  EXPECT_THAT(List({.subject = "employees/hr", .agency = "dumai"}),
              UnorderedElementsAre(head_, member_));
  EXPECT_THAT(Get(member_, {.subject = "employees/hr", .agency = "dumai"}), IsOk());
  EXPECT_THAT(Get(top_, {.subject = "employees/hr", .agency = "dumai"}),
              HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List(kAdmin, "agencies/dumai/units/bidang"), UnorderedElementsAre(head_, member_));
  EXPECT_THAT(List(kAdmin, "agencies/dumai/units/other"), IsEmpty());
}

TEST_F(EmployeesTest, WhoHasNeverSignedInIsFound) {
  v1::ListEmployeesRequest request;
  request.set_parent("agencies/dumai");
  request.set_never_signed_in(true);
  const auto names = [&] {
    const auto page =
        Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::ListEmployees, request);
    EXPECT_THAT(page, IsOk());
    std::vector<std::string> listed;
    for (const v1::Employee& employee : page->employees()) listed.push_back(employee.name());
    return listed;
  };
  EXPECT_THAT(names(), UnorderedElementsAre(top_, head_, member_));
  Query(
      "INSERT INTO sessions (agency_id, session_id, subject, expire_time) SELECT agency_id, "
      "gen_random_uuid(), subject, now() FROM accounts WHERE '" +
      head_ + "' LIKE '%/' || subject RETURNING 1");
  EXPECT_THAT(names(), UnorderedElementsAre(top_, member_));
  *request.mutable_as_of_date() = Date(2025, 1, 1);
  EXPECT_THAT(Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::ListEmployees, request),
              ViolatesField("neverSignedIn"));
}

TEST_F(EmployeesTest, AreUpsertedByExternalIdAndKeepTheirIdentity) {
  v1::UpdateEmployeeRequest request;
  *request.mutable_employee() = MakeEmployee(7, "dinas");
  request.mutable_employee()->set_name("agencies/dumai/employees/-");
  request.set_allow_missing(true);
  const auto update = [&] {
    return Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::UpdateEmployee, request);
  };
  const auto created = update();
  ASSERT_THAT(created, IsOk());
  // The NIP is corrected; the person stays.
  request.mutable_employee()->set_nip("196608011988031777");
  const auto corrected = update();
  ASSERT_THAT(corrected, IsOk());
  EXPECT_EQ(corrected->name(), created->name());
  EXPECT_EQ(corrected->nip(), "196608011988031777");
  EXPECT_THAT(Query("SELECT count(*) FROM employees_history"), ElementsAre("1"));
  request.mutable_employee()->clear_external_id();
  EXPECT_THAT(update(), HasReason(errors::reasons::NAME_INVALID));
  request.mutable_employee()->set_name(member_);
  request.mutable_employee()->set_nip("196608011988031101");
  EXPECT_THAT(update(), HasReason(v1::EMPLOYEE_NIP_TAKEN));
}

TEST_F(EmployeesTest, AreFoundByNumberWithoutItAppearingAnywhere) {
  v1::LookupEmployeeRequest request;
  request.set_parent("agencies/dumai");
  request.set_nip("'19660801 198803 1 103");
  const auto found =
      Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::LookupEmployee, request);
  ASSERT_THAT(found, IsOk());
  EXPECT_EQ(found->name(), member_);
  request.set_nip("196608011988031999");
  EXPECT_THAT(Call<v1::Employees>(kAdmin, &v1::Employees::StubInterface::LookupEmployee, request),
              HasReason(RESOURCE_NOT_FOUND));
  for (const std::string& line : host_.log_lines()) {
    EXPECT_EQ(line.find("19660801"), std::string::npos) << line;
    EXPECT_EQ(line.find("Rahasia"), std::string::npos) << line;
  }
}

TEST_F(EmployeesTest, HoldOneDefinitivePostAtATime) {
  EXPECT_THAT(Assign(member_, "other", "Perawat Mahir", kD, Date(2025, 3, 1)),
              HasReason(v1::ASSIGNMENT_OVERLAP));
  EXPECT_THAT(Assign(member_, "nowhere", "Staf", v1::Assignment::ADDITIONAL, Date(2025, 3, 1)),
              HasReason(v1::UNIT_UNKNOWN));
  EXPECT_THAT(Assign(member_, "other", "Staf", kD, Date(2025, 3, 1), Date(2025, 2, 1)),
              HasReason(v1::INTERVAL_INVALID));
  v1::ListAssignmentsRequest list;
  list.set_parent(member_);
  const auto held =
      Call<v1::Assignments>(As(member_), &v1::Assignments::StubInterface::ListAssignments, list);
  ASSERT_THAT(held, IsOk());
  ASSERT_EQ(held->assignments_size(), 1);
  EXPECT_FALSE(held->assignments(0).leads_unit());
  v1::EndAssignmentRequest end;
  end.set_name(held->assignments(0).name());
  *end.mutable_end_date() = Date(2025, 2, 28);
  EXPECT_THAT(Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::EndAssignment, end),
              IsOk());
  EXPECT_THAT(Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::EndAssignment, end),
              IsOk());
  *end.mutable_end_date() = Date(2025, 3, 31);
  EXPECT_THAT(Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::EndAssignment, end),
              HasReason(v1::ASSIGNMENT_ENDED));
  EXPECT_THAT(Assign(member_, "other", "Perawat Mahir", kD, Date(2025, 3, 1)), IsOk());
  *list.mutable_as_of_date() = Date(2025, 2, 28);
  EXPECT_EQ(Call<v1::Assignments>(kAdmin, &v1::Assignments::StubInterface::ListAssignments, list)
                ->assignments_size(),
            1);
  // What was believed before stands in the history.
  EXPECT_THAT(Query("SELECT count(*) FROM assignments_history WHERE end_date IS NULL"),
              ElementsAre("1"));
}

TEST_F(EmployeesTest, HaveALineOnEveryDay) {
  const auto line = Resolve(member_, Date(2025, 6, 15));
  ASSERT_THAT(line, IsOk());
  EXPECT_EQ(line->appraiser(), head_);
  EXPECT_EQ(line->next_appraiser(), top_);
  EXPECT_THAT(line->unit_path(),
              ElementsAre("agencies/dumai/units/bidang",
                          "agencies/dumai/units/dinas",
                          "agencies/dumai/units/city"));
  EXPECT_EQ(Resolve(head_, Date(2025, 6, 15))->appraiser(), top_);
  EXPECT_TRUE(Resolve(head_, Date(2025, 6, 15))->leads_unit());
  EXPECT_EQ(Resolve(top_, Date(2025, 6, 15))->appraiser(), mayor_);
  EXPECT_THAT(Resolve(member_, Date(2019, 6, 15)), HasReason(v1::NO_ASSIGNMENT));
  EXPECT_THAT(Resolve(top_, Date(2021, 1, 1)), HasReason(v1::NO_APPRAISER));
  EXPECT_THAT(Resolve(member_, {}), ViolatesField("date"));
  EXPECT_THAT(Resolve(member_, Date(2025, 6, 15), As(member_)), IsOk());
  EXPECT_THAT(Resolve(top_, Date(2025, 6, 15), As(member_)), HasReason(PERMISSION_DENIED));
}

TEST_F(EmployeesTest, HaveSegmentsCutByTransferAndActingHead) {
  // The head leaves on 2 May; an acting head of the other office steps in on 1 June.
  ASSERT_THAT(EndOnlyAssignment(head_, Date(2025, 5, 2)), IsOk());
  const std::string acting = Person(4, "other", "Kepala Dinas Sosial");
  ASSERT_THAT(
      Assign(acting, "bidang", "Kepala Bidang Pelayanan", v1::Assignment::ACTING, Date(2025, 6, 1)),
      IsOk());

  const auto response = Segments();
  ASSERT_THAT(response, IsOk());
  std::vector<std::string> of_member;
  for (const v1::Segment& segment : response->segments()) {
    if (segment.employee() == member_)
      of_member.push_back(segment.appraiser() + "/" + std::to_string(segment.days()));
  }
  EXPECT_THAT(of_member, ElementsAre(head_ + "/122", top_ + "/29", acting + "/214"));
  EXPECT_EQ(response->segments(0).position_kind(), v1::Employee::GENERAL);  // of the record
  EXPECT_THAT(Segments(As(member_)), HasReason(PERMISSION_DENIED));
  // A person's segments are never divided over pages.
  EXPECT_FALSE(Segments(kEvaluation, 1)->next_page_token().empty());

  // Of named persons on one page, the same segments.
  v1::ListSegmentsRequest named;
  named.add_employees(member_);
  named.add_employees(member_);
  named.add_employees("agencies/dumai/employees/00000000-0000-4000-8000-000000000000");
  const auto two = Segments(kEvaluation, 1, named);
  ASSERT_THAT(two, IsOk());
  EXPECT_TRUE(two->next_page_token().empty());
  ASSERT_EQ(two->segments_size(), 3);
  std::vector<std::string> all, of_named;
  for (const v1::Segment& segment : response->segments())
    if (segment.employee() == member_) all.push_back(segment.SerializeAsString());
  for (const v1::Segment& segment : two->segments())
    of_named.push_back(segment.SerializeAsString());
  EXPECT_EQ(of_named, all);
  named.set_unit("agencies/dumai/units/dinas");
  EXPECT_THAT(Segments(kEvaluation, 1, named), ViolatesField("employees"));
  named.clear_unit();
  named.add_employees("agencies/plaju/employees/00000000-0000-4000-8000-000000000000");
  EXPECT_THAT(Segments(kEvaluation, 1, named), ViolatesField("employees"));
}

// Leave without pay (cuti di luar tanggungan negara): the post is left and taken up again.
TEST_F(EmployeesTest, DaysOfLeaveBelongToNoSegment) {
  ASSERT_THAT(EndOnlyAssignment(member_, Date(2025, 4, 30)), IsOk());
  ASSERT_THAT(Assign(member_, "bidang", "Perawat Terampil", kD, Date(2025, 8, 1)), IsOk());
  const auto response = Segments();
  ASSERT_THAT(response, IsOk());
  std::vector<std::string> parts;
  for (const v1::Segment& segment : response->segments()) {
    if (segment.employee() != member_) continue;
    parts.push_back(std::to_string(segment.start_date().month()) + "-" +
                    std::to_string(segment.end_date().month()) + " " +
                    std::to_string(segment.days()));
  }
  EXPECT_THAT(parts, ElementsAre("1-4 120", "8-12 153"));
}

TEST_F(EmployeesTest, OnlyHrChangesThem) {
  EXPECT_THAT(CreateEmployee(MakeEmployee(8, "dinas"), As(top_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(
      Assign(member_, "other", "Staf", v1::Assignment::ADDITIONAL, Date(2025, 3, 1), {}, As(top_)),
      HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Assign(member_, "other", "Staf", v1::Assignment::ADDITIONAL, Date(2025, 3, 1)),
              IsOk());
  EXPECT_THAT(Assign(member_, "other", "Staf", v1::Assignment::ADDITIONAL, Date(2025, 3, 1)),
              HasReason(RESOURCE_EXISTS));
}

}  // namespace
}  // namespace teraju::identity
