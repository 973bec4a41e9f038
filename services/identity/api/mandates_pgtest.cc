#include "common/errors/error.h"
#include "services/identity/api/access_fixture.h"

namespace teraju::identity {
namespace {

using errors::reasons::DUTIES_SEPARATED;
using errors::reasons::MANDATE_MISSING;
using errors::reasons::PERMISSION_DENIED;
using errors::reasons::RESOURCE_NOT_FOUND;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;
using ::testing::SizeIs;

// The mayor hands something to Siti.
class MandatesTest : public AccessTest {
 protected:
  void SetUp() override {
    AccessTest::SetUp();
    mayor_ = CreateOfficial("city", Date(2021, 2, 26))->name();
    siti_ = CreateEmployee(MakeEmployee(2, "city"))->name();
  }
  v1::Mandate Wanted(const std::vector<std::string>& scopes = {"identity.employees.get"}) {
    v1::Mandate mandate;
    mandate.set_mandator(mayor_);
    mandate.set_mandatary(siti_);
    for (const std::string& scope : scopes) mandate.add_scopes(scope);
    mandate.mutable_end_time()->set_seconds(
        absl::ToUnixSeconds(host_.clock().Now() + absl::Hours(24)));
    mandate.set_reason("SK 12/2026");
    return mandate;
  }
  absl::StatusOr<v1::Mandate> Create(const v1::Mandate& mandate, const Caller& caller) {
    v1::CreateMandateRequest request;
    request.set_parent("agencies/dumai");
    *request.mutable_mandate() = mandate;
    return Call<v1::Mandates>(caller, &v1::Mandates::StubInterface::CreateMandate, request);
  }
  absl::StatusOr<v1::Mandate> Get(const std::string& name, const Caller& caller) {
    v1::GetMandateRequest request;
    request.set_name(name);
    return Call<v1::Mandates>(caller, &v1::Mandates::StubInterface::GetMandate, request);
  }
  absl::StatusOr<v1::ListMandatesResponse> List(const Caller& caller,
                                                bool ended = false,
                                                const std::string& parent = "agencies/dumai") {
    v1::ListMandatesRequest request;
    request.set_parent(parent);
    request.set_show_ended(ended);
    return Call<v1::Mandates>(caller, &v1::Mandates::StubInterface::ListMandates, request);
  }
  absl::StatusOr<v1::Mandate> Revoke(const std::string& name, const Caller& caller) {
    v1::RevokeMandateRequest request;
    request.set_name(name);
    return Call<v1::Mandates>(caller, &v1::Mandates::StubInterface::RevokeMandate, request);
  }
  // What every replica learns from the feed.
  void Learn() {
    auto all = ReadAllMandates(database(), testing::TestCall({.time = host_.clock().Now()}));
    ASSERT_THAT(all, IsOk());
    host_.SetMandates(*std::move(all));
  }
  absl::StatusOr<v1::Employee> Read(const std::string& person, const Caller& caller) {
    v1::GetEmployeeRequest request;
    request.set_name(person);
    return Call<v1::Employees>(caller, &v1::Employees::StubInterface::GetEmployee, request);
  }
  Caller SitiFor(const std::string& person) {
    Caller caller = As(siti_);
    caller.on_behalf_of = As(person).subject;
    return caller;
  }

  std::string mayor_;
  std::string siti_;
};

TEST_F(MandatesTest, AMandataryMayWhatTheMandateSaysAndForItsTime) {
  ASSERT_THAT(Assign(person_, "city", "Penelaah", v1::Assignment::DEFINITIVE, Date(2024, 1, 1)),
              IsOk());
  // The mayor appraises the person, so he reads the record; Siti does not.
  EXPECT_THAT(Read(person_, As(mayor_)), IsOk());
  EXPECT_THAT(Read(person_, As(siti_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(Read(person_, SitiFor(mayor_)), HasReason(MANDATE_MISSING));
  v1::Mandate wanted = Wanted();
  wanted.mutable_start_time()->set_seconds(
      absl::ToUnixSeconds(host_.clock().Now() + absl::Hours(1)));
  const auto made = Create(wanted, As(mayor_));
  ASSERT_THAT(made, IsOk());
  EXPECT_EQ(made->state(), v1::Mandate::SCHEDULED);
  Learn();
  EXPECT_THAT(Read(person_, SitiFor(mayor_)), HasReason(MANDATE_MISSING));
  host_.clock().Advance(absl::Hours(1));
  EXPECT_EQ(Get(made->name(), As(siti_))->state(), v1::Mandate::ACTIVE);
  EXPECT_THAT(Read(person_, SitiFor(mayor_)), IsOk());
  // Nothing else, for nobody else.
  EXPECT_THAT(List(SitiFor(mayor_)), HasReason(MANDATE_MISSING));
  EXPECT_THAT(Read(person_, SitiFor(person_)), HasReason(MANDATE_MISSING));
  Caller malformed = As(siti_);
  malformed.on_behalf_of = "services/evaluation";
  EXPECT_THAT(Read(person_, malformed), HasReason(MANDATE_MISSING));
  host_.clock().Advance(absl::Hours(23));
  EXPECT_THAT(Read(person_, SitiFor(mayor_)), HasReason(MANDATE_MISSING));
  EXPECT_EQ(Get(made->name(), As(mayor_))->state(), v1::Mandate::ENDED);
}

// Who has left hands nothing over and acts for nobody.
TEST_F(MandatesTest, EndWithTheAccountOfEitherSide) {
  ASSERT_THAT(Assign(person_, "city", "Penelaah", v1::Assignment::DEFINITIVE, Date(2024, 1, 1)),
              IsOk());
  for (const std::string& leaving : {mayor_, siti_}) {
    const auto made = Create(Wanted(), As(mayor_));
    ASSERT_THAT(made, IsOk());
    Learn();
    EXPECT_THAT(Read(person_, SitiFor(mayor_)), IsOk());
    v1::EndAccountsRequest request;
    request.set_parent("agencies/dumai");
    request.add_persons(leaving);
    ASSERT_THAT(Call<v1::Accounts>(kAdmin, &v1::Accounts::StubInterface::EndAccounts, request),
                IsOk());
    Learn();
    EXPECT_THAT(Read(person_, SitiFor(mayor_)), HasReason(MANDATE_MISSING));
    EXPECT_EQ(Get(made->name(), kAdmin)->state(), v1::Mandate::REVOKED);
    EXPECT_THAT(Query("SELECT count(*) FROM audit_events WHERE type = 'mandate.revoked' AND "
                      "resource = '" +
                      made->name() + "'"),
                ::testing::ElementsAre("1"));
  }
}

TEST_F(MandatesTest, TheRecordHasBothNames) {
  host_.Bind({Bound(As(mayor_).subject, "regional_hr"), Bound("apiClients/admin", "agency_admin")});
  ASSERT_THAT(Create(Wanted({"identity.employees.*", "identity.officials.create"}), As(mayor_)),
              IsOk());
  Learn();
  v1::CreateOfficialRequest request;
  request.set_parent("agencies/dumai");
  request.mutable_official()->set_display_name("Camat");
  request.mutable_official()->set_position_title("Camat");
  request.mutable_official()->set_unit("agencies/dumai/units/city");
  *request.mutable_official()->mutable_start_date() = Date(2030, 1, 1);
  *request.mutable_official()->mutable_end_date() = Date(2031, 1, 1);
  const auto made =
      Call<v1::Officials>(SitiFor(mayor_), &v1::Officials::StubInterface::CreateOfficial, request);
  const auto refused =
      Call<v1::Officials>(As(siti_), &v1::Officials::StubInterface::CreateOfficial, request);
  EXPECT_THAT(refused, HasReason(PERMISSION_DENIED));
  const bool allowed = made.ok() || !errors::ReasonOf(made.status()).starts_with("PERMISSION");
  EXPECT_TRUE(allowed) << made.status();
  bool named = false;
  for (const std::string& line : host_.log_lines())
    named = named || (line.find(R"("acting":")" + As(siti_).subject) != std::string::npos &&
                      line.find(R"("caller":")" + As(mayor_).subject) != std::string::npos);
  EXPECT_TRUE(named);
}

TEST_F(MandatesTest, AreMadeByTheMandatorOrHrAndNeverByTheMandatary) {
  EXPECT_THAT(Create(Wanted(), As(siti_)), HasReason(PERMISSION_DENIED));
  host_.Bind({Bound(As(siti_).subject, "regional_hr"), Bound("apiClients/admin", "agency_admin")});
  EXPECT_THAT(Create(Wanted(), As(siti_)), HasReason(DUTIES_SEPARATED));
  const auto entered = Create(Wanted(), kAdmin);
  ASSERT_THAT(entered, IsOk());
  EXPECT_EQ(entered->entered_by(), "apiClients/admin");
  v1::Mandate wanted = Wanted();
  wanted.set_mandatary(mayor_);
  EXPECT_THAT(Create(wanted, As(mayor_)), HasReason(DUTIES_SEPARATED));
  wanted = Wanted();
  wanted.set_mandatary("agencies/dumai/employees/01890000-0000-7000-8000-000000000000");
  EXPECT_THAT(Create(wanted, As(mayor_)), HasReason(v1::PERSON_UNKNOWN));
  for (const char* scope : {"identity.*", "identity.roleBindings.create", "everything"})
    EXPECT_THAT(Create(Wanted({scope}), As(mayor_)), HasReason(v1::SCOPE_UNKNOWN)) << scope;
  wanted = Wanted();
  wanted.mutable_end_time()->set_seconds(1);
  EXPECT_THAT(Create(wanted, As(mayor_)), HasReason(v1::INTERVAL_INVALID));
  EXPECT_THAT(
      Query("SELECT concat_ws(' ', type, actor) FROM audit_events WHERE type LIKE 'mandate.%'"),
      ElementsAre("mandate.created apiClients/admin"));
}

TEST_F(MandatesTest, BothSidesAndHrSeeAndEndThemAndNobodyElse) {
  const auto made = Create(Wanted(), As(mayor_));
  ASSERT_THAT(made, IsOk());
  for (const Caller& caller : {As(mayor_), As(siti_), kAdmin}) {
    EXPECT_THAT(Get(made->name(), caller), IsOk());
    EXPECT_THAT(List(caller)->mandates(), SizeIs(1));
  }
  EXPECT_THAT(Get(made->name(), As(person_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List(As(person_))->mandates(), SizeIs(0));
  EXPECT_THAT(Revoke(made->name(), As(person_)), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List(kAdmin, false, "agencies/-"), HasReason(PERMISSION_DENIED));
  EXPECT_THAT(List(kEvaluation, false, "agencies/-")->mandates(), SizeIs(1));
  const auto revoked = Revoke(made->name(), As(siti_));
  ASSERT_THAT(revoked, IsOk());
  EXPECT_EQ(revoked->state(), v1::Mandate::REVOKED);
  EXPECT_THAT(Revoke(made->name(), kAdmin), IsOk());
  EXPECT_THAT(List(kEvaluation, false, "agencies/-")->mandates(), SizeIs(0));
  EXPECT_THAT(List(As(siti_), true)->mandates(), SizeIs(1));
  EXPECT_THAT(Get("agencies/dumai/mandates/none", kAdmin), HasReason(RESOURCE_NOT_FOUND));
  EXPECT_THAT(
      Query("SELECT type FROM audit_events WHERE type LIKE 'mandate.%' ORDER BY event_number"),
      ElementsAre("mandate.created", "mandate.revoked"));
}

TEST_F(MandatesTest, ARoleIsNeverGivenToOneself) {
  host_.Bind({Bound(As(siti_).subject, "agency_admin"), Bound("apiClients/admin", "agency_admin")});
  v1::CreateRoleBindingRequest request;
  request.set_parent("agencies/dumai");
  request.mutable_role_binding()->set_subject(As(siti_).subject);
  request.mutable_role_binding()->set_role("inspector");
  const auto create = &v1::RoleBindings::StubInterface::CreateRoleBinding;
  EXPECT_THAT(Call<v1::RoleBindings>(As(siti_), create, request), HasReason(DUTIES_SEPARATED));
  EXPECT_THAT(Call<v1::RoleBindings>(kAdmin, create, request), IsOk());
}

}  // namespace
}  // namespace teraju::identity
