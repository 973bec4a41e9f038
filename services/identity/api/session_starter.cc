#include "services/identity/api/session_starter.h"

#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/credentials.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {

std::string SessionNameOf(const AgencyId& agency, const std::string& session) {
  return kSessionName.Format({agency.empty() ? "-" : agency.value(), session});
}

absl::Status WrongCredentials() {
  return errors::Unauthenticated(v1::CREDENTIALS_INVALID,
                                 "The credentials are wrong or no longer valid.");
}

absl::StatusOr<v1::Session> SessionStarter::Start(const CallContext& call, const Account& account) {
  const std::string token = NewSecret();
  const SessionRow row{account.agency, account.subject, NewUuid7(call.time())};
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
    const bool started = AccountStore(tx).StartSession(
        row, auth::Sha256(token), call.time() + kSessionLife, account.password_hash);
    if (!started) return WrongCredentials();
    tx.Audit({.agency = row.agency.value(),
              .resource = SessionNameOf(row.agency, row.session),
              .type = "session.started",
              .on_behalf_of = row.subject});
    return absl::OkStatus();
  }));
  return ToSession(call, row, token);
}

absl::StatusOr<v1::Session> SessionStarter::ToSession(const CallContext& call,
                                                      const SessionRow& row,
                                                      const std::string& refresh_token) {
  v1::Session session;
  ASSIGN_OR_RETURN(
      std::string token,
      issuer_.Issue(
          call,
          {.subject = row.subject, .agency = row.agency, .client = "", .session = row.session}));
  session.set_access_token(std::move(token));
  session.mutable_expires_in()->set_seconds(absl::ToInt64Seconds(kAccessTokenLife));
  session.set_refresh_token(refresh_token);
  session.set_subject(row.subject);
  if (!row.agency.empty()) session.set_agency(kAgencyName.Format({row.agency.value()}));
  return session;
}

}  // namespace teraju::identity
