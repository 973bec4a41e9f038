// Tells those who follow the feed whose appraiser or whose place in the tree a change alters, and
// on which days.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/container/flat_hash_map.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/line_changes.h"
#include "services/identity/store/agency_store.h"
#include "services/identity/store/line_store.h"

namespace teraju::identity {

// Whose lines a change may alter: these persons, and whoever has a post in or below these units on
// any day.
struct LineScope {
  bool everybody = false;
  std::vector<std::string> persons;  // ids
  std::vector<std::string> units;    // ids
};

class LineWatch {
 public:
  // Reads the lines as they are before the change. The agency must be locked: two changes at once
  // would not see each other's persons.
  LineWatch(postgres::Transaction& tx, AgencyId agency, const LineScope& scope);
  // Reads them again and emits `reportingLine.changed` for each person and stretch of days that
  // differs. The payload is a ReportingLineChange.
  void Emit();

 private:
  std::vector<domain::LineSpan> Read();
  domain::HeadCalendar Heads() const;
  std::uint32_t NumberOf(const domain::Line& line);

  postgres::Transaction& tx_;
  const AgencyId agency_;
  std::optional<std::vector<std::string>> persons_;  // nothing: everybody
  const bool heads_change_;
  absl::flat_hash_map<std::string, std::uint32_t> numbers_;
  std::vector<std::string> appraisers_ = {""};  // by number; 0 is that of no post
  std::vector<domain::LineSpan> before_;
};

inline LineScope Everybody() { return {.everybody = true, .persons = {}, .units = {}}; }

// A change of assignments of a person may alter the person's line and those below the units that
// the person leads or, by `added`, is to lead.
LineScope ScopeOf(postgres::Transaction& tx, const EmployeeKey& key, const v1::Assignment* added);

// Runs `change` under the agency's lock and emits whose line it altered. `scope` is asked
// under the lock.
template <typename Scope, typename Change>
auto WithLineChanges(postgres::Transaction& tx, const AgencyId& agency, Scope scope, Change change)
    -> decltype(change()) {
  RETURN_IF_ERROR(AgencyStore(tx).Lock(agency));
  LineWatch watch(tx, agency, scope());
  auto result = change();
  if (result.ok()) watch.Emit();
  return result;
}

}  // namespace teraju::identity
