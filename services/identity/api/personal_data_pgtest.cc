#include "common/errors/error.h"
#include "services/identity/api/access_fixture.h"

namespace teraju::identity {
namespace {

using errors::reasons::PERMISSION_DENIED;
using testing::HasReason;
using testing::IsOk;
using ::testing::SizeIs;

class PersonalDataTest : public AccessTest {
 protected:
  void SetUp() override {
    AccessTest::SetUp();
    ASSERT_THAT(CreateUnit("health", "Dinas Kesehatan", "city"), IsOk());
    other_ = CreateEmployee(MakeEmployee(2, "health"))->name();
  }
  absl::StatusOr<v1::Employee> Get(const std::string& person,
                                   const Caller& caller,
                                   v1::EmployeeView view = v1::EMPLOYEE_VIEW_UNSPECIFIED) {
    v1::GetEmployeeRequest request;
    request.set_name(person);
    request.set_view(view);
    return Call<v1::Employees>(caller, &v1::Employees::StubInterface::GetEmployee, request);
  }
  absl::StatusOr<v1::ListEmployeesResponse> List(const Caller& caller, v1::EmployeeView view) {
    v1::ListEmployeesRequest request;
    request.set_parent("agencies/dumai");
    request.set_view(view);
    return Call<v1::Employees>(caller, &v1::Employees::StubInterface::ListEmployees, request);
  }
  absl::StatusOr<audit::v1::ListDataReadsResponse> ReadsOf(const std::string& person,
                                                           const Caller& caller) {
    audit::v1::ListDataReadsRequest request;
    request.set_parent("dataReads/identity");
    request.set_person(person);
    return Call<audit::v1::AuditEvents>(
        caller, &audit::v1::AuditEvents::StubInterface::ListDataReads, request);
  }
  static bool Shown(const v1::Employee& employee) {
    return !employee.nip().empty() && employee.has_birth_date();
  }

  std::string other_;
};

TEST_F(PersonalDataTest, IsHiddenUnlessAskedForByWhoeverNeedsIt) {
  host_.Bind({Bound("apiClients/admin", "agency_admin"),
              Bound("apiClients/unit", "unit_hr", "agencies/dumai/units/health"),
              Bound("apiClients/inspector", "inspector")});
  const Caller unit{.subject = "apiClients/unit", .agency = "dumai"};
  EXPECT_FALSE(Shown(*Get(person_, kAdmin)));
  EXPECT_FALSE(Get(person_, kAdmin)->full_name().empty());
  EXPECT_TRUE(Shown(*Get(person_, kAdmin, v1::FULL)));
  EXPECT_FALSE(Shown(*Get(person_, kEvaluation)));
  EXPECT_TRUE(Shown(*Get(person_, kEvaluation, v1::FULL)));
  EXPECT_THAT(Get(person_, unit, v1::FULL), HasReason(PERMISSION_DENIED));
  EXPECT_TRUE(Shown(*Get(other_, unit, v1::FULL)));
  // One's own, without asking.
  EXPECT_TRUE(Shown(*Get(person_, As(person_))));
  EXPECT_TRUE(Shown(*Get(person_, As(person_), v1::FULL)));
}

TEST_F(PersonalDataTest, OfAnAppraisedPersonIsNotTheAppraisersBusiness) {
  const auto mayor = CreateOfficial("city", Date(2021, 2, 26));
  ASSERT_THAT(Assign(person_, "city", "Penelaah", v1::Assignment::DEFINITIVE, Date(2024, 1, 1)),
              IsOk());
  EXPECT_FALSE(Shown(*Get(person_, As(mayor->name()))));
  EXPECT_THAT(Get(person_, As(mayor->name()), v1::FULL), HasReason(PERMISSION_DENIED));
}

TEST_F(PersonalDataTest, EachReadingByAnotherIsOnRecordForThePerson) {
  EXPECT_THAT(ReadsOf(person_, As(person_))->data_reads(), SizeIs(0));
  ASSERT_THAT(Get(person_, kAdmin), IsOk());
  ASSERT_THAT(Get(person_, As(person_), v1::FULL), IsOk());
  // A service says itself for whom it reads.
  ASSERT_THAT(Get(person_, kEvaluation, v1::FULL), IsOk());
  EXPECT_THAT(ReadsOf(person_, As(person_))->data_reads(), SizeIs(0));
  ASSERT_THAT(Get(person_, kAdmin, v1::FULL), IsOk());
  ASSERT_THAT(List(kAdmin, v1::BASIC), IsOk());
  const auto listed = List(kAdmin, v1::FULL);
  ASSERT_THAT(listed, IsOk());
  EXPECT_THAT(listed->employees(), SizeIs(2));
  EXPECT_TRUE(Shown(listed->employees(0)));
  const auto reads = ReadsOf(person_, As(person_));
  ASSERT_THAT(reads, IsOk());
  ASSERT_THAT(reads->data_reads(), SizeIs(2));
  EXPECT_EQ(reads->data_reads(0).actor(), "apiClients/admin");
  EXPECT_EQ(reads->data_reads(0).type(), "employee.read");
  EXPECT_EQ(reads->data_reads(0).resource(), person_);
  EXPECT_THAT(ReadsOf(other_, As(other_))->data_reads(), SizeIs(1));
  // Who has read about somebody is that person's to know.
  EXPECT_THAT(ReadsOf(other_, As(person_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(ReadsOf(other_, kAdmin), IsOk());
}

TEST_F(PersonalDataTest, AListShowsWhatSingleReadsShow) {
  host_.Bind({Bound("apiClients/unit", "unit_hr", "agencies/dumai/units/health")});
  const Caller unit{.subject = "apiClients/unit", .agency = "dumai"};
  const auto full = List(unit, v1::FULL);
  ASSERT_THAT(full, IsOk());
  ASSERT_THAT(full->employees(), SizeIs(1));
  EXPECT_EQ(full->employees(0).name(), other_);
  EXPECT_TRUE(Shown(full->employees(0)));
  EXPECT_THAT(List(As(person_), v1::FULL)->employees(), SizeIs(1));
  EXPECT_THAT(List(As(other_), v1::FULL)->employees(), SizeIs(1));
}

TEST_F(PersonalDataTest, TraitsAreForTheSuitesOwnServicesAlone) {
  host_.Bind({Bound("apiClients/admin", "agency_admin"),
              Bound("apiClients/hr", "regional_hr"),
              Bound("apiClients/system", "hr_system"),
              Bound("apiClients/inspector", "inspector")});
  v1::Employee woman = MakeEmployee(3, "health");
  woman.set_nip("196608011988032103");
  woman.set_grade("34");
  const std::string name = CreateEmployee(woman)->name();
  v1::ListEmployeeTraitsRequest request;
  request.set_parent("agencies/dumai");
  request.set_page_size(2);
  const auto list = [&](const Caller& caller) {
    return Call<v1::Employees>(caller, &v1::Employees::StubInterface::ListEmployeeTraits, request);
  };
  for (const char* client : {"admin", "hr", "system", "inspector"}) {
    EXPECT_THAT(list({.subject = std::string("apiClients/") + client, .agency = "dumai"}),
                HasReason(PERMISSION_DENIED))
        << client;
  }
  EXPECT_THAT(list(As(name)), HasReason(PERMISSION_DENIED));
  std::map<std::string, v1::EmployeeTraits> traits;  // by name
  for (int expected : {2, 1}) {
    const auto page = list(kEvaluation);
    ASSERT_THAT(page, IsOk());
    ASSERT_THAT(page->traits(), SizeIs(expected));
    for (const v1::EmployeeTraits& one : page->traits()) traits[one.employee()] = one;
    request.set_page_token(page->next_page_token());
  }
  EXPECT_THAT(request.page_token(), ::testing::IsEmpty());
  ASSERT_THAT(traits, SizeIs(3));
  EXPECT_EQ(traits.at(person_).gender(), v1::EmployeeTraits::MALE);
  EXPECT_EQ(traits.at(name).gender(), v1::EmployeeTraits::FEMALE);
  EXPECT_EQ(traits.at(name).grade(), "34");
}

TEST_F(PersonalDataTest, OfEarlierVersionsIsOnRecordToo) {
  v1::ListRevisionsRequest request;
  request.set_parent(person_);
  const auto list = &v1::Revisions::StubInterface::ListRevisions;
  const auto shown = Call<v1::Revisions>(kAdmin, list, request);
  ASSERT_THAT(shown, IsOk());
  EXPECT_TRUE(Shown(shown->revisions(0).employee()));
  EXPECT_THAT(ReadsOf(person_, As(person_))->data_reads(), SizeIs(1));
  const auto hidden = Call<v1::Revisions>(kEvaluation, list, request);
  EXPECT_THAT(hidden, HasReason(PERMISSION_DENIED));
}

}  // namespace
}  // namespace teraju::identity
