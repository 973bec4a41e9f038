// Role bindings and signing keys as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/strong_id.h"
#include "common/logging/secret.h"
#include "common/postgres/transaction.h"
#include "services/identity/domain/signing_keys.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/access.pb.h"

namespace teraju::identity {

class RoleBindingStore {
 public:
  explicit RoleBindingStore(postgres::Transaction& tx) : tx_(tx) {}

  // ALREADY_EXISTS (RESOURCE_EXISTS) with the name of the same binding. An empty agency: the
  // installation.
  absl::StatusOr<v1::RoleBinding> Insert(const AgencyId& agency,
                                         const std::string& id,
                                         const v1::RoleBinding& binding);
  // NOT_FOUND. Returns what was taken away.
  absl::StatusOr<v1::RoleBinding> Delete(const AgencyId& agency, const std::string& id);
  // In the order of agency and id; those of the installation come first. Without an agency: of all.
  Page<v1::RoleBinding> List(const std::optional<AgencyId>& agency, const PageQuery& query) const;

 private:
  postgres::Transaction& tx_;
};

struct SigningKeyRow {
  domain::SigningKeyTimes times;
  logging::Secret pem;  // the private key
};

class SigningKeyStore {
 public:
  explicit SigningKeyStore(postgres::Transaction& tx) : tx_(tx) {}

  std::vector<SigningKeyRow> List() const;
  // Whoever changes keys waits here for others who do, until the end of the transaction.
  void Lock();
  void Insert(const SigningKeyRow& key);
  void SetSignTime(const std::string& id, absl::Time sign_time);
  void Withdraw(const std::string& id, absl::Time now);
  void Delete(const std::string& id);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
