// Sign-ins under way at external issuers, as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>

#include "absl/time/time.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"

namespace teraju::identity {

struct ExternalSignInRow {
  AgencyId agency;
  std::string provider;
  std::string nonce;
  std::string verifier;  // RFC 7636
};

class ExternalSignInStore {
 public:
  explicit ExternalSignInStore(postgres::Transaction& tx) : tx_(tx) {}

  // Hashes are SHA-256. Those past their time go.
  void Insert(const ExternalSignInRow& row,
              const std::string& state_hash,
              const std::string& secret_hash,
              absl::Time now,
              absl::Time expire_time);
  // What began with both, which then no longer exists; nothing where either is wrong or its time is
  // over.
  std::optional<ExternalSignInRow> Take(const std::string& state_hash,
                                        const std::string& secret_hash,
                                        absl::Time now);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
