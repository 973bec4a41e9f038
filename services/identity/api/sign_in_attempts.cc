#include "services/identity/api/sign_in_attempts.h"

#include <fmt/format.h>

#include "absl/strings/ascii.h"
#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/sign_in_backoff.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {

absl::StatusOr<std::string> SignInAttempts::PlaceOf(const CallContext& call,
                                                    const std::optional<Account>& account,
                                                    const std::string& known_refresh_token) {
  if (!account || known_refresh_token.empty()) return "address/" + call.source();
  using Found = std::optional<std::string>;
  ASSIGN_OR_RETURN(const Found session,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return AccountStore(tx).SessionOfToken(
                         account->agency, account->subject, auth::Sha256(known_refresh_token));
                   }));
  return session ? "device/" + *session : "address/" + call.source();
}

absl::Status SignInAttempts::Begin(const CallContext& call,
                                   const AgencyId& agency,
                                   const std::string& key) {
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
    AccountStore store(tx);
    AccountStore::Failures failures = store.FailuresOf(agency, key);
    // Of two calls at once, the one that began first may come second: no wait is no wait for it.
    const bool waits = domain::SignInBackoff(failures.count) > absl::ZeroDuration();
    if (waits && call.time() < failures.blocked_until) {
      const absl::Duration wait = failures.blocked_until - call.time();
      return errors::ResourceExhausted(v1::SIGN_IN_DELAYED, "Too many sign-ins have failed here.")
          .With("seconds",
                fmt::format("{}", absl::ToInt64Seconds(absl::Ceil(wait, absl::Seconds(1)))))
          .RetryAfter(wait);
    }
    ++failures.count;
    failures.blocked_until = call.time() + domain::SignInBackoff(failures.count);
    store.SetFailures(agency, key, failures);
    return absl::OkStatus();
  });
}

absl::StatusOr<bool> SignInAttempts::Check(const CallContext& call,
                                           const AttemptKey& key,
                                           const std::string& hash,
                                           const std::string& password) {
  // Neither a login nor an address is kept; an address of e-mail is one however it is written.
  const std::string digest = auth::Sha256(absl::AsciiStrToLower(key.login) + '\0' + key.place);
  RETURN_IF_ERROR(Begin(call, key.agency, digest));
  ASSIGN_OR_RETURN(const bool fits, hasher_.Verify(hash, password, call.deadline()));
  if (fits) {
    RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
      AccountStore(tx).ForgetFailures(key.agency, digest);
      return absl::OkStatus();
    }));
  }
  return fits;
}

}  // namespace teraju::identity
