// Passwords are checked here, and whoever guesses has to wait: the place he guesses from, never the
// account.
#pragma once

#include <optional>
#include <string>

#include "common/postgres/database.h"
#include "services/identity/api/password_hasher.h"
#include "services/identity/store/account_store.h"

namespace teraju::identity {

// What failures are counted by.
struct AttemptKey {
  AgencyId agency;
  std::string login;  // whether or not there is such an account
  std::string place;
};

class SignInAttempts {
 public:
  SignInAttempts(postgres::Database& database, PasswordHasher& hasher)
      : database_(database), hasher_(hasher) {}

  // A device that once was signed in to the account, shown by any refresh token that it has had, is
  // a place of its own; else it is the address that the gateway has seen.
  absl::StatusOr<std::string> PlaceOf(const CallContext& call,
                                      const std::optional<Account>& account,
                                      const std::string& known_refresh_token);

  // Whether the password fits; an empty `hash` takes as long and never does. Every attempt counts
  // as a failure until it has succeeded, so that many at once do not get by. RESOURCE_EXHAUSTED
  // (SIGN_IN_DELAYED) while the place has to wait for this login (domain/sign_in_backoff.h).
  absl::StatusOr<bool> Check(const CallContext& call,
                             const AttemptKey& key,
                             const std::string& hash,
                             const std::string& password);

 private:
  absl::Status Begin(const CallContext& call, const AgencyId& agency, const std::string& key);

  postgres::Database& database_;
  PasswordHasher& hasher_;
};

}  // namespace teraju::identity
