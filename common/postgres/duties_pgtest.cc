// Who enters may not approve, by the record of who has entered.
#include "common/errors/error.h"
#include "common/postgres/test_tables.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"

namespace teraju::postgres {
namespace {

using errors::reasons::DUTIES_SEPARATED;
using ::testing::ElementsAre;
using testing::HasReason;
using testing::IsOk;

constexpr char kAward[] = "agencies/dumai/awards/1";

class DutiesTest : public PostgresTest {
 protected:
  absl::Status Record(const std::string& type,
                      const std::string& subject,
                      const std::string& acting = "",
                      const std::string& resource = kAward,
                      const std::string& scope = "") {
    CallContext::Fields fields;
    fields.principal = {
        .subject = subject, .agency = AgencyId("dumai"), .client = "", .session = ""};
    fields.principal.acting = acting;
    fields.principal.scope = scope;
    fields.method = "teraju.test.v1.Tests/Test";
    fields.time = absl::Now();
    const CallContext call(std::move(fields), authorizer_);
    return database().Write(call, [&](Transaction& tx) {
      tx.Audit({.agency = "dumai", .resource = resource, .type = type});
      return absl::OkStatus();
    });
  }
  void Combine(const std::string& subject, const std::string& agency) {
    bindings_.Replace({{AgencyId(agency), subject, "duty_combiner", ""}});
  }

 private:
  time::SystemClock clock_;
  auth::InMemoryBindings bindings_{clock_};
  const auth::Authorizer authorizer_{auth::PermissionTable::Default(), bindings_};
};

TEST_F(DutiesTest, WhoHasEnteredDoesNotApproveAndAnotherDoes) {
  ASSERT_THAT(Record("award.nominated", "employees/ani"), IsOk());
  EXPECT_THAT(Record("award.confirmed", "employees/ani"), HasReason(DUTIES_SEPARATED));
  // Something else about it, or another award, is not closed to her: the control.
  EXPECT_THAT(Record("award.declined", "employees/ani"), IsOk());
  EXPECT_THAT(Record("award.confirmed", "employees/ani", "", "agencies/dumai/awards/2"), IsOk());
  EXPECT_THAT(Record("award.confirmed", "employees/budi"), IsOk());
  EXPECT_THAT(Query("SELECT actor FROM audit_events WHERE type = 'award.confirmed' AND "
                    "resource LIKE '%/1'"),
              ElementsAre("employees/budi"));
}

TEST_F(DutiesTest, BothCountWhoSpeaksAndInWhoseName) {
  ASSERT_THAT(Record("award.nominated", "officials/mayor", "employees/ani"), IsOk());
  EXPECT_THAT(Record("award.confirmed", "officials/deputy", "employees/ani"),
              HasReason(DUTIES_SEPARATED));
  EXPECT_THAT(Record("award.confirmed", "employees/ani"), HasReason(DUTIES_SEPARATED));
  EXPECT_THAT(Record("award.confirmed", "officials/mayor"), HasReason(DUTIES_SEPARATED));
  EXPECT_THAT(Record("award.confirmed", "officials/mayor", "employees/budi"),
              HasReason(DUTIES_SEPARATED));
  EXPECT_THAT(Record("award.confirmed", "officials/deputy", "employees/budi"), IsOk());
}

TEST_F(DutiesTest, ProgramsAreNoExceptionUnlessTheyMayCombine) {
  ASSERT_THAT(Record("award.nominated", "apiClients/hr"), IsOk());
  EXPECT_THAT(Record("award.confirmed", "apiClients/hr"), HasReason(DUTIES_SEPARATED));
  // Of another agency it means nothing here.
  Combine("apiClients/hr", "plaju");
  EXPECT_THAT(Record("award.confirmed", "apiClients/hr"), HasReason(DUTIES_SEPARATED));
  Combine("apiClients/hr", "dumai");
  EXPECT_THAT(Record("award.confirmed", "apiClients/hr"), IsOk());
}

// Two people can take turns: what was decided before is no longer entered by anybody.
TEST_F(DutiesTest, OnlyWhatWasEnteredSinceTheLastDecisionCounts) {
  ASSERT_THAT(Record("policyPack.created", "employees/ani"), IsOk());
  ASSERT_THAT(Record("policyPack.activated", "employees/budi"), IsOk());
  ASSERT_THAT(Record("policyPack.updated", "employees/budi"), IsOk());
  EXPECT_THAT(Record("policyPack.activated", "employees/budi"), HasReason(DUTIES_SEPARATED));
  EXPECT_THAT(Record("policyPack.activated", "employees/ani"), IsOk());
}

// A power that is handed over does not bring the other's exception with it.
TEST_F(DutiesTest, AMandateDoesNotCombineDuties) {
  ASSERT_THAT(Record("award.nominated", "employees/ani"), IsOk());
  Combine("employees/chief", "dumai");
  EXPECT_THAT(Record("award.confirmed", "employees/chief", "employees/ani", kAward, "award"),
              HasReason(DUTIES_SEPARATED));
}

}  // namespace
}  // namespace teraju::postgres
