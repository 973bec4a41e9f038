// What the objects of this service are to the question of permission.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/page_token.h"
#include "common/auth/authorizer.h"
#include "common/errors/status_macros.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/records.h"
#include "services/identity/store/as_of.h"
#include "services/identity/store/employee_store.h"
#include "services/identity/store/page.h"

namespace teraju::identity {

// Stands for all agencies in the question of permission: only who holds a role of the installation
// reaches it.
inline const AgencyId kEveryAgency{"-"};

auth::Object AgencyObject(const AgencyId& agency, std::string_view resource);
// With the way up from the unit, as names.
auth::Object UnitObject(postgres::Transaction& tx,
                        const AgencyId& agency,
                        const std::string& unit,
                        std::string_view resource);
// With unit, appraiser and next appraiser as they are at `call().time()`, read only if the cheaper
// facts do not decide.
auth::Object PersonObject(postgres::Transaction& tx,
                          const EmployeeKey& key,
                          std::string_view resource);
// With all of it, for whoever asks for several permissions.
auth::Object WholePersonObject(postgres::Transaction& tx,
                               const EmployeeKey& key,
                               std::string_view resource);

// `agencies/{agency}/units/{id}` of each.
std::vector<std::string> UnitNames(const AgencyId& agency, const std::vector<std::string>& ids);
// `employees/{id}` or `officials/{id}` as a full name; empty for an empty subject.
std::string PersonName(const AgencyId& agency, const std::string& subject);
// Today in the agency's time zone.
absl::CivilDay Today(postgres::Transaction& tx, const AgencyId& agency);

// A unit named in a field must be of the same agency: INVALID_ARGUMENT (NAME_INVALID) otherwise.
// Empty is no unit.
absl::Status CheckUnitName(const AgencyId& agency, const std::string& name, std::string_view field);

// The key after which a page begins, and its size. INVALID_ARGUMENT for tokens and sizes that are
// none.
template <typename Request>
absl::StatusOr<PageQuery> ReadPageQuery(const Request& request, int fallback = 100) {
  PageQuery query;
  ASSIGN_OR_RETURN(query.size, api::PageSize(request.page_size(), fallback, 1000));
  ASSIGN_OR_RETURN(query.after, api::ParsePageToken(request));
  return query;
}

// `known_at_time` and, where the request has it, `as_of_date`. INVALID_ARGUMENT for what is no day.
template <typename Request>
absl::StatusOr<AsOf> ReadAsOf(const Request& request) {
  AsOf as_of;
  if (request.has_known_at_time()) as_of.known = postgres::ToText(request.known_at_time());
  if constexpr (requires { request.as_of_date(); }) {
    if (request.has_as_of_date()) {
      RETURN_IF_ERROR(domain::ParseDate(request.as_of_date(), "asOfDate").status());
      as_of.day = postgres::ToText(request.as_of_date());
    }
  }
  return as_of;
}

}  // namespace teraju::identity
