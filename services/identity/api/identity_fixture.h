// The fixture of this service's API tests: all services on a real database, an agency with an
// administrator.
#pragma once

#include <memory>
#include <string>

#include "common/audit/audit_events_service.h"
#include "common/auth/encoding.h"
#include "common/testing/pg_test.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "identity_migrations.h"
#include "services/identity/api/services.h"

namespace teraju::identity {

using testing::Caller;

inline const Caller kOperator{.subject = "accounts/operator"};
inline const Caller kAdmin{.subject = "apiClients/admin", .agency = "dumai"};
inline const Caller kEvaluation{.subject = "services/evaluation"};

class IdentityTest : public testing::PgTest<kMigrations> {
 protected:
  void SetUp() override {
    PgTest::SetUp();
    host_.Serve<audit::AuditEventsService>(host_.pipeline(), database(), "identity");
    issuer_ = std::make_unique<TokenIssuer>("https://identity.test", database());
    barrier_ = std::make_unique<AccessBarrier>(database(), [this] { ++refreshed_; });
    ServeAll(host_,
             database(),
             {.hasher = hasher_,
              .issuer = *issuer_,
              .secrets = {{"evaluation", auth::Sha256("service-secret")}},
              .providers = {},
              .barrier = *barrier_,
              .logger = host_.logger()});
    host_.Bind(
        {Installation("accounts/operator", "operator"), Bound("apiClients/admin", "agency_admin")});
  }

  static auth::RoleBinding Installation(std::string subject, std::string role) {
    return {
        .agency = AgencyId(), .subject = std::move(subject), .role = std::move(role), .unit = ""};
  }
  static auth::RoleBinding Bound(std::string subject, std::string role, std::string unit = "") {
    return {.agency = AgencyId("dumai"),
            .subject = std::move(subject),
            .role = std::move(role),
            .unit = std::move(unit)};
  }

  template <typename Service, typename Request, typename Response>
  absl::StatusOr<Response> Call(const Caller& caller,
                                grpc::Status (Service::StubInterface::*method)(grpc::ClientContext*,
                                                                               const Request&,
                                                                               Response*),
                                const Request& request) {
    return host_.Client<Service>().Call(caller, method, request);
  }

  absl::StatusOr<v1::Agency> CreateAgency(const std::string& id = "dumai",
                                          const Caller& caller = kOperator) {
    v1::CreateAgencyRequest request;
    request.set_agency_id(id);
    request.mutable_agency()->set_display_name("Pemerintah Kota Dumai");
    return host_.Client<v1::Agencies>().Call(
        caller, &v1::Agencies::StubInterface::CreateAgency, request);
  }

  absl::StatusOr<v1::Unit> CreateUnit(const std::string& id,
                                      const std::string& name,
                                      const std::string& parent = "",
                                      const Caller& caller = kAdmin) {
    v1::CreateUnitRequest request;
    request.set_parent("agencies/dumai");
    request.set_unit_id(id);
    request.mutable_unit()->set_display_name(name);
    if (!parent.empty()) request.mutable_unit()->set_parent_unit("agencies/dumai/units/" + parent);
    return host_.Client<v1::Units>().Call(caller, &v1::Units::StubInterface::CreateUnit, request);
  }

  static google::type::Date Date(int year, int month, int day) {
    google::type::Date date;
    date.set_year(year);
    date.set_month(month);
    date.set_day(day);
    return date;
  }

  absl::StatusOr<v1::Official> CreateOfficial(const std::string& unit,
                                              const google::type::Date& start) {
    v1::CreateOfficialRequest request;
    request.set_parent("agencies/dumai");
    request.mutable_official()->set_display_name("Wali Kota");
    request.mutable_official()->set_position_title("Wali Kota");
    request.mutable_official()->set_unit("agencies/dumai/units/" + unit);
    *request.mutable_official()->mutable_start_date() = start;
    return host_.Client<v1::Officials>().Call(
        kAdmin, &v1::Officials::StubInterface::CreateOfficial, request);
  }

  // `serial` makes the NIP; the person's name is not to be found in any log.
  static v1::Employee MakeEmployee(int serial, const std::string& unit) {
    v1::Employee employee;
    employee.set_nip("196608011988031" + std::to_string(100 + serial));
    employee.set_full_name("Budi Rahasia");
    *employee.mutable_birth_date() = Date(1966, 8, 1);
    employee.set_position_kind(v1::Employee::GENERAL);
    employee.set_position_title("Penelaah Teknis Kebijakan");
    employee.set_unit("agencies/dumai/units/" + unit);
    employee.set_external_id("X" + std::to_string(serial));
    return employee;
  }

  absl::StatusOr<v1::Employee> CreateEmployee(const v1::Employee& employee,
                                              const Caller& caller = kAdmin) {
    v1::CreateEmployeeRequest request;
    request.set_parent("agencies/dumai");
    *request.mutable_employee() = employee;
    return host_.Client<v1::Employees>().Call(
        caller, &v1::Employees::StubInterface::CreateEmployee, request);
  }

  absl::StatusOr<v1::Assignment> Assign(const std::string& employee,
                                        const std::string& unit,
                                        const std::string& title,
                                        v1::Assignment::Kind kind,
                                        const google::type::Date& start,
                                        const google::type::Date& end = {},
                                        const Caller& caller = kAdmin) {
    v1::CreateAssignmentRequest request;
    request.set_parent(employee);
    request.mutable_assignment()->set_unit("agencies/dumai/units/" + unit);
    request.mutable_assignment()->set_position_title(title);
    request.mutable_assignment()->set_kind(kind);
    *request.mutable_assignment()->mutable_start_date() = start;
    if (end.year() != 0) *request.mutable_assignment()->mutable_end_date() = end;
    return host_.Client<v1::Assignments>().Call(
        caller, &v1::Assignments::StubInterface::CreateAssignment, request);
  }

  // The person as a caller.
  static Caller As(const std::string& name) {
    const std::string prefix = "agencies/dumai/";
    return {.subject = name.substr(prefix.size()), .agency = "dumai"};
  }

  PasswordHasher hasher_;
  std::unique_ptr<TokenIssuer> issuer_;
  std::unique_ptr<AccessBarrier> barrier_;
  int refreshed_ = 0;
  testing::RpcHost host_{"identity"};
};

}  // namespace teraju::identity
