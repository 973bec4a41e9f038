// The fixture of tests of the catalog's methods: real PostgreSQL, a real server, a fake identity.
#pragma once

#include <string>
#include <vector>

#include "catalog_migrations.h"
#include "common/errors/error.h"
#include "common/testing/pg_test.h"
#include "common/testing/proto_matchers.h"
#include "common/testing/rpc_test.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/catalog/clients/identity_client.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {

// Knows `dinas` and, below it, `bidang` of the agency dumai, and `kantor` beside them.
class FakeIdentityClient final : public IdentityClient {
 public:
  absl::StatusOr<std::vector<std::string>> UnitPath(const CallContext&,
                                                    const AgencyId&,
                                                    const std::string& unit) override {
    if (unit.empty()) return std::vector<std::string>();
    const std::string root = "agencies/dumai/units/";
    if (unit == root + "bidang") return std::vector<std::string>{unit, root + "dinas"};
    if (unit == root + "dinas" || unit == root + "kantor") return std::vector<std::string>{unit};
    return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "No such unit.").With("unit", unit);
  }
};

// Regional HR and another one there, HR of `dinas`, somebody of the agency, somebody of another.
inline const testing::Caller kHr{.subject = "employees/hr", .agency = "dumai"};
inline const testing::Caller kChief{.subject = "employees/chief", .agency = "dumai"};
inline const testing::Caller kUnitHr{.subject = "apiClients/unit-hr", .agency = "dumai"};
inline const testing::Caller kBudi{.subject = "employees/budi", .agency = "dumai"};
inline const testing::Caller kStranger{.subject = "employees/siti", .agency = "plaju"};

class CatalogApiTest : public testing::PgTest<kMigrations> {
 protected:
  CatalogApiTest() {
    host_.Bind({{.agency = AgencyId("dumai"), .subject = kHr.subject, .role = "regional_hr"},
                {.agency = AgencyId("dumai"), .subject = kChief.subject, .role = "regional_hr"},
                {.agency = AgencyId("dumai"),
                 .subject = kUnitHr.subject,
                 .role = "unit_hr",
                 .unit = "agencies/dumai/units/dinas"}});
  }

  testing::RpcHost host_{"catalog"};
  FakeIdentityClient identity_;
};

}  // namespace teraju::catalog
