// Mandates as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/access.pb.h"

namespace teraju::identity {

struct MandateFilter {
  std::optional<AgencyId> agency;  // without: of the whole installation
  std::string person;              // only those given or received by this subject; empty: all
  bool show_ended = false;
};

// States are those at `tx.call().time()`.
class MandateStore {
 public:
  explicit MandateStore(postgres::Transaction& tx) : tx_(tx) {}

  v1::Mandate Insert(const AgencyId& agency, const std::string& id, const v1::Mandate& mandate);
  std::optional<v1::Mandate> Find(const AgencyId& agency, const std::string& id) const;
  // Nothing changes where it has been revoked before. NOT_FOUND.
  absl::StatusOr<v1::Mandate> Revoke(const AgencyId& agency, const std::string& id);
  // All that have not ended and are given or held by one of these subjects.
  std::vector<v1::Mandate> RevokeOf(const AgencyId& agency,
                                    const std::vector<std::string>& subjects);
  // The newest first.
  Page<v1::Mandate> List(const MandateFilter& filter, const PageQuery& query) const;

 private:
  v1::Mandate ToMessage(const pqxx::row& row) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
