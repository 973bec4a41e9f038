// Policy packs and their revisions as rows. Bound to the transaction it is given.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/postgres/transaction.h"
#include "services/catalog/store/keys.h"
#include "teraju/catalog/v1/catalog.pb.h"

namespace teraju::catalog {

class PolicyPackStore {
 public:
  explicit PolicyPackStore(postgres::Transaction& tx) : tx_(tx) {}

  // As the draft of revision 1. ALREADY_EXISTS (RESOURCE_EXISTS).
  absl::StatusOr<v1::PolicyPack> Insert(const PolicyPackKey& key, const v1::PolicyPack& pack);
  // As active last, as drafted while it never was. NOT_FOUND.
  absl::StatusOr<v1::PolicyPack> Get(const PolicyPackKey& key) const;
  // NOT_FOUND when it was not activated.
  absl::StatusOr<v1::PolicyPack> GetRevision(const PolicyPackKey& key, int revision) const;
  // NOT_FOUND; FAILED_PRECONDITION (PACK_DRAFT_MISSING).
  absl::StatusOr<v1::PolicyPack> GetDraft(const PolicyPackKey& key) const;
  // As Get, without definitions, in the order of their ids.
  std::vector<v1::PolicyPack> List(const AgencyId& agency,
                                   const std::string& after_id,
                                   int limit) const;

  // Loads the newest revision locked, checks `precondition` (ABORTED), runs `change` on it and
  // stores it as the draft: of the next revision where the newest is active. NOT_FOUND.
  absl::StatusOr<v1::PolicyPack> UpdateDraft(
      const PolicyPackKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(v1::PolicyPack&, int next_revision)> change);
  // Activates the draft if `check` agrees; without a draft it returns what is active. NOT_FOUND.
  absl::StatusOr<v1::PolicyPack> Activate(
      const PolicyPackKey& key,
      const api::Precondition& precondition,
      absl::FunctionRef<absl::Status(const v1::PolicyPack&)> check);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::catalog
