// Calls for tests of stores and transactions: a caller with no permission at all, because below
// api/ nobody asks.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "common/auth/call_context.h"

namespace teraju::testing {

namespace internal {

class NoBindings final : public auth::Bindings {
 public:
  std::vector<auth::RoleBinding> Of(const auth::Principal&) const override { return {}; }
  bool fresh() const override { return true; }
};

inline const auth::Authorizer& DenyAll() {
  static const auth::PermissionTable table;
  static const NoBindings bindings;
  static const auth::Authorizer authorizer(table, bindings);
  return authorizer;
}

}  // namespace internal

// database().Write(TestCall(), …), or with fields: TestCall({.request_id = "…"}). Fills in what is
// empty: agency `dumai`, an employee, a method, the present time.
class TestCall : public CallContext {
 public:
  explicit TestCall(Fields fields = {})
      : CallContext(Complete(std::move(fields)), internal::DenyAll()) {}

 private:
  static Fields Complete(Fields fields) {
    if (fields.principal.agency.empty()) fields.principal.agency = AgencyId("dumai");
    if (fields.principal.subject.empty()) {
      fields.principal.subject = "employees/01890000-0000-7000-8000-000000000001";
    }
    if (fields.method.empty()) fields.method = "teraju.test.v1.Tests/Test";
    if (fields.time == absl::UnixEpoch()) fields.time = absl::Now();
    return fields;
  }
};

}  // namespace teraju::testing
