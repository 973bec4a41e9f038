// The tree of units as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/import_units.h"
#include "services/identity/domain/reporting_line.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/organisation.pb.h"

namespace teraju::identity {

struct UnitKey {
  AgencyId agency;
  UnitId unit;
};

class UnitStore {
 public:
  explicit UnitStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS); FAILED_PRECONDITION (UNIT_PARENT_UNKNOWN).
  absl::StatusOr<v1::Unit> Insert(const UnitKey& key, const v1::Unit& unit);
  absl::StatusOr<v1::Unit> Get(const UnitKey& key) const;  // NOT_FOUND
  // In the order of their ids; only the subtree of `root`, unless it is empty.
  Page<v1::Unit> List(const AgencyId& agency, const UnitId& root, const PageQuery& query) const;
  // Loads the row locked, checks `precondition` (ABORTED), runs `change`, stores it with the next
  // version. A new parent is checked against the whole tree, which stays locked:
  // UNIT_PARENT_UNKNOWN, UNIT_TREE_CYCLE.
  absl::StatusOr<v1::Unit> Update(const UnitKey& key,
                                  const api::Precondition& precondition,
                                  absl::FunctionRef<absl::Status(v1::Unit&)> change);

  bool Exists(const UnitKey& key) const;
  // The unit and those above it, nearest first; empty for an unknown unit.
  std::vector<std::string> PathOf(const UnitKey& key) const;
  // The whole tree, for calculations over it.
  std::vector<domain::TreeUnit> Tree(const AgencyId& agency) const;
  // Stores accepted rows: new units are inserted, changed ones updated, equal ones left alone.
  // Returns the ids of those that changed anything.
  std::vector<std::string> Merge(const AgencyId& agency, const std::vector<domain::UnitRow>& rows);

 private:
  absl::Status CheckParent(const UnitKey& key, const std::string& parent) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
