// What the calculation of reporting lines reads: heads, terms and definitive posts of an interval.
// Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/head_calendar.h"
#include "services/identity/store/as_of.h"
#include "services/identity/store/employee_store.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/employee.pb.h"

namespace teraju::identity {

// A definitive post or a secondment with a share, with the kind of post that the employee's record
// names for it.
struct PersonPost {
  domain::Post post;
  std::string employee;  // id
  std::string present_title;
  v1::Employee::PositionKind present_kind = v1::Employee::POSITION_KIND_UNSPECIFIED;
};

// Where a person stands on a day.
struct Place {
  std::string unit;                            // of the definitive post
  bool leads = false;                          // any unit
  std::vector<domain::Post> secondments = {};  // with a share
};

class LineStore {
 public:
  explicit LineStore(postgres::Transaction& tx) : tx_(tx) {}

  // The heads of all units of an agency over an interval, both days included.
  domain::HeadCalendar Heads(const AgencyId& agency,
                             absl::CivilDay first,
                             absl::CivilDay last) const;
  // The same on all days, only of these units and of what stood above them on any day. Without
  // where the heads themselves stand: for persons who lead nobody.
  domain::HeadCalendar HeadsAbove(const AgencyId& agency,
                                  const std::vector<std::string>& from) const;
  // Nothing without a definitive post on the day.
  std::optional<Place> PlaceOf(const EmployeeKey& key,
                               absl::CivilDay day,
                               const AsOf& as_of = {}) const;
  // The line of a person who stands there, read along the way up only. FAILED_PRECONDITION
  // (NO_APPRAISER), INVALID_ARGUMENT (UNIT_UNKNOWN).
  absl::StatusOr<domain::Line> Resolve(const EmployeeKey& key,
                                       const Place& place,
                                       absl::CivilDay day,
                                       const AsOf& as_of = {}) const;
  // The ids of the employees to whom `person` is on a day one of these.
  struct Superior {
    bool appraiser = false;
    bool next_appraiser = false;
  };
  std::vector<std::string> Under(const AgencyId& agency,
                                 const std::string& person,
                                 Superior as,
                                 absl::CivilDay day) const;
  // Definitive posts, and secondments with a share, that touch the interval, by employee and first
  // day. A page holds all posts of
  // its employees; only of persons in posts of the subtree of `unit`, unless it is empty.
  Page<std::vector<PersonPost>> PersonPosts(const AgencyId& agency,
                                            const std::string& unit,
                                            absl::CivilDay first,
                                            absl::CivilDay last,
                                            const PageQuery& query) const;
  // The same of these persons (ids), those without a post left out.
  std::vector<std::vector<PersonPost>> PostsOf(const AgencyId& agency,
                                               const std::vector<std::string>& employees,
                                               absl::CivilDay first,
                                               absl::CivilDay last) const;

  // The ids of the units that the person leads on any day.
  std::vector<std::string> UnitsLedBy(const EmployeeKey& key) const;
  // The ids of those with a post in or below these units on any day.
  std::vector<std::string> PersonsBelow(const AgencyId& agency,
                                        const std::vector<std::string>& units) const;
  // The definitive posts and secondments of each of these persons, or of everybody, by employee id;
  // so many are in memory at once.
  void ForEachPerson(const AgencyId& agency,
                     const std::optional<std::vector<std::string>>& persons,
                     int at_once,
                     absl::FunctionRef<void(const std::vector<domain::Post>&)> visit) const;
  // Whether `person` (`employees/{id}`, `officials/{id}`) leads the unit of the employee or one
  // above it.
  bool Leads(const std::string& person,
             const EmployeeKey& key,
             absl::CivilDay day,
             const AsOf& as_of) const;

 private:
  // The ways up from some units on a day, with who leads there.
  struct Way {
    std::vector<domain::UnitState> tree;
    std::vector<domain::Post> heads;
  };
  Way WayUp(const AgencyId& agency,
            const std::vector<std::string>& from,
            absl::CivilDay day,
            const AsOf& as_of) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
