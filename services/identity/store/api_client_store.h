// API clients and their secrets as rows. Bound to the transaction it is given.
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

struct ClientSecretRow {
  std::string id;    // UUID; the session of the tokens that it gives
  std::string hash;  // SHA-256
  absl::Time create_time;
  absl::Time expire_time;
};

// A client whose secret was right.
struct AuthenticatedClient {
  AgencyId agency;
  std::string secret;               // its id
  std::vector<std::string> scopes;  // empty: no limit
};

class ApiClientStore {
 public:
  explicit ApiClientStore(postgres::Transaction& tx) : tx_(tx) {}

  // NOT_FOUND for the agency.
  absl::StatusOr<v1::ApiClient> Insert(const AgencyId& agency,
                                       const std::string& id,
                                       const v1::ApiClient& client,
                                       const ClientSecretRow& secret);
  // Adds `secret`. Of the others the newest works until `overlap_end` at the latest; those before
  // it stop, and their ids are returned in `ended`, with that of the newest where its time is over
  // too. NOT_FOUND for a client that is unknown or withdrawn.
  absl::StatusOr<v1::ApiClient> RotateSecret(const AgencyId& agency,
                                             const std::string& id,
                                             const ClientSecretRow& secret,
                                             absl::Time overlap_end,
                                             std::vector<std::string>& ended);
  // With their secrets that work at `now`. Withdrawn clients stay in the list with their
  // delete_time.
  Page<v1::ApiClient> List(const AgencyId& agency, absl::Time now, const PageQuery& query) const;
  absl::Status Delete(const AgencyId& agency, const std::string& id);  // NOT_FOUND
  bool Exists(const AgencyId& agency, const std::string& id) const;
  // Nothing for a client that is unknown or withdrawn, or a secret that is wrong or past its time.
  std::optional<AuthenticatedClient> Authenticate(const std::string& id,
                                                  const std::string& secret_hash,
                                                  absl::Time now) const;

 private:
  void AddSecrets(const AgencyId& agency,
                  absl::Time now,
                  std::vector<v1::ApiClient>& clients) const;

  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
