// The tree of units over time as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "common/api/etag.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/import_units.h"
#include "services/identity/domain/unit_state.h"
#include "services/identity/store/as_of.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/organisation.pb.h"
#include "teraju/identity/v1/revisions_service.pb.h"

namespace teraju::identity {

struct UnitKey {
  AgencyId agency;
  UnitId unit;
};

// Writers lock the agency first (AgencyStore::Lock): the tree changes in one transaction at a time.
class UnitStore {
 public:
  explicit UnitStore(postgres::Transaction& tx) : tx_(tx) {}

  // From its first day on, or as long as the unit above, if none is given. ALREADY_EXISTS
  // (RESOURCE_EXISTS); FAILED_PRECONDITION (UNIT_PARENT_UNKNOWN) unless the unit above exists by
  // then.
  absl::StatusOr<v1::Unit> Insert(const UnitKey& key, const v1::Unit& unit, const std::string& by);
  // As it is on the day, also an abolished one. NOT_FOUND, also before its first day.
  absl::StatusOr<v1::Unit> Get(const UnitKey& key, const AsOf& as_of) const;
  // Those of the day in the order of their ids; only the subtree of `root`, unless it is empty.
  Page<v1::Unit> List(const AgencyId& agency,
                      const UnitId& root,
                      bool show_abolished,
                      const AsOf& as_of,
                      const PageQuery& query) const;
  Page<v1::Revision> Revisions(const UnitKey& key, const PageQuery& query) const;

  // Runs `change` on the unit as it is on `day` and stores it with the next version: from that day
  // on where it `begins` then, else for all the days that the present state holds (a correction). A
  // later change that is known already stays. ABORTED; FAILED_PRECONDITION (UNIT_ABOLISHED,
  // UNIT_PARENT_UNKNOWN, UNIT_TREE_CYCLE).
  absl::StatusOr<v1::Unit> Update(const UnitKey& key,
                                  const api::Precondition& precondition,
                                  absl::CivilDay day,
                                  bool begins,
                                  const Recorded& recorded,
                                  absl::FunctionRef<absl::Status(v1::Unit&)> change);
  // From `day` on the unit is no more. What stands below it, and who is still assigned to it,
  // stands under the only successor, else under the unit above. FAILED_PRECONDITION
  // (UNIT_ABOLISHED, UNIT_UNKNOWN for a successor, UNIT_HEIR_MISSING for a root).
  absl::Status Abolish(const UnitKey& key,
                       absl::CivilDay day,
                       const std::vector<std::string>& successors,
                       const Recorded& recorded);
  // The ids of the units right below on a day.
  std::vector<std::string> ChildrenOf(const UnitKey& key, absl::CivilDay day) const;
  // FAILED_PRECONDITION (UNIT_TREE_CYCLE) where one of the units that moved stands under itself on
  // some day.
  absl::Status CheckTree(const AgencyId& agency, const std::vector<std::string>& moved) const;

  bool Exists(const UnitKey& key) const;
  // The unit and those above it on a day, nearest first; empty for an unknown unit.
  std::vector<std::string> PathOf(const UnitKey& key, absl::CivilDay day) const;
  // The states that touch the interval, both days included, for calculations over them.
  std::vector<domain::UnitState> Tree(const AgencyId& agency,
                                      absl::CivilDay first,
                                      absl::CivilDay last) const;
  // Stores accepted rows: new units have always been, changed ones change on `day`, equal ones are
  // left alone. Returns the ids of those that changed anything.
  std::vector<std::string> Merge(const AgencyId& agency,
                                 const std::vector<domain::UnitRow>& rows,
                                 absl::CivilDay day,
                                 const std::string& by);

 private:
  struct State;
  absl::StatusOr<State> Load(const UnitKey& key, absl::CivilDay day) const;
  absl::StatusOr<State> Standing(const UnitKey& key, absl::CivilDay day) const;
  void Store(const UnitKey& key, const State& before, const State& after, const Recorded& recorded);
  void Touch(const UnitKey& key);

  postgres::Transaction& tx_;
};

// A row of unit_states as the calculations see it.
domain::UnitState ToUnitState(const pqxx::row& row);

}  // namespace teraju::identity
