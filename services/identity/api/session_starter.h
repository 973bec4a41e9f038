// Starts sessions, however the person has shown who he is.
#pragma once

#include <string>

#include "common/postgres/database.h"
#include "services/identity/api/token_issuer.h"
#include "services/identity/store/account_store.h"
#include "teraju/identity/v1/access.pb.h"

namespace teraju::identity {

inline constexpr absl::Duration kSessionLife = absl::Hours(24 * 30);

// `agencies/{agency}/sessions/{session}`; the agency of an operator's is `-`.
std::string SessionNameOf(const AgencyId& agency, const std::string& session);

// UNAUTHENTICATED (CREDENTIALS_INVALID), in the same words for every cause.
absl::Status WrongCredentials();

class SessionStarter {
 public:
  SessionStarter(postgres::Database& database, TokenIssuer& issuer)
      : database_(database), issuer_(issuer) {}

  // CREDENTIALS_INVALID where the account has ended or got another password since it was read.
  absl::StatusOr<v1::Session> Start(const CallContext& call, const Account& account);
  // The answer for a session that is stored.
  absl::StatusOr<v1::Session> ToSession(const CallContext& call,
                                        const SessionRow& row,
                                        const std::string& refresh_token);

 private:
  postgres::Database& database_;
  TokenIssuer& issuer_;
};

}  // namespace teraju::identity
