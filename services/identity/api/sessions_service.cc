#include "services/identity/api/sessions_service.h"

#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/credentials.h"
#include "services/identity/domain/activation_code.h"
#include "services/identity/domain/nip.h"
#include "services/identity/domain/password.h"
#include "services/identity/domain/text.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kSessionLife = absl::Hours(24 * 30);

// In the same words for every cause.
absl::Status WrongCredentials() {
  return errors::Unauthenticated(v1::CREDENTIALS_INVALID,
                                 "The credentials are wrong or no longer valid.");
}

SessionRow NewSession(const CallContext& call, const Account& account) {
  return {account.agency, account.subject, NewUuid7(call.time())};
}

// A NIP may be typed with blanks and dots; whatever is no number is a name or an address.
std::string NormaliseLogin(const std::string& login) {
  domain::Nip nip;
  domain::NipFault fault;
  if (domain::Nip::TryParse(login, nip, fault)) return nip.value();
  return std::string(domain::Trim(login));
}

}  // namespace

absl::StatusOr<v1::Session> SessionsService::ToSession(const CallContext& call,
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

absl::StatusOr<v1::Session> SessionsService::Activate(const CallContext& call,
                                                      const v1::ActivateSessionRequest& request) {
  std::string password_hash;
  if (!request.new_password().empty()) {
    RETURN_IF_ERROR(domain::CheckPassword(request.new_password(), ""));
    ASSIGN_OR_RETURN(password_hash, hasher_.Hash(request.new_password(), call.deadline()));
  }
  const std::string code_hash = auth::Sha256(domain::NormaliseActivationCode(request.code()));
  const std::string token = NewSecret();
  ASSIGN_OR_RETURN(
      const SessionRow row,
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<SessionRow> {
        AccountStore store(tx);
        const auto account = store.TakeCode(code_hash, call.time());
        if (!account) return WrongCredentials();
        if (!password_hash.empty())
          store.SetPassword(account->agency, account->subject, password_hash);
        const SessionRow session = NewSession(call, *account);
        store.StartSession(session, auth::Sha256(token), call.time() + kSessionLife);
        tx.Audit({.agency = account->agency.value(),
                  .resource = account->subject,
                  .type = "account.activated"});
        return session;
      }));
  return ToSession(call, row, token);
}

absl::StatusOr<v1::Session> SessionsService::Check(const CallContext& call,
                                                   const v1::SignInRequest& request) {
  AgencyId agency;
  if (!request.agency().empty()) {
    ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request.agency(), "agency"));
    agency = AgencyId(ids[0]);
  }
  ASSIGN_OR_RETURN(
      const auto account,
      database_.Read(call,
                     [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<Account>> {
                       return AccountStore(tx).FindByLogin(agency, NormaliseLogin(request.login()));
                     }));
  // Whether there is such an account takes the same time to tell.
  ASSIGN_OR_RETURN(
      const bool fits,
      hasher_.Verify(account ? account->password_hash : "", request.password(), call.deadline()));
  if (!fits) return WrongCredentials();
  const std::string token = NewSecret();
  const SessionRow row = NewSession(call, *account);
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
    AccountStore(tx).StartSession(row, auth::Sha256(token), call.time() + kSessionLife);
    return absl::OkStatus();
  }));
  return ToSession(call, row, token);
}

absl::StatusOr<v1::Session> SessionsService::Refresh(const CallContext& call,
                                                     const v1::RefreshSessionRequest& request) {
  const std::string next = NewSecret();
  SessionRow row;
  // A reused token ends its session: that must be stored, so the refusal comes after the
  // transaction.
  ASSIGN_OR_RETURN(
      const AccountStore::Refresh outcome,
      database_.Write(
          call, [&](postgres::Transaction& tx) -> absl::StatusOr<AccountStore::Refresh> {
            const auto done = AccountStore(tx).RefreshSession(
                auth::Sha256(request.refresh_token()), auth::Sha256(next), call.time(), row);
            if (done == AccountStore::Refresh::kReused) {
              tx.Audit({.agency = row.agency.value(),
                        .resource = row.subject,
                        .type = "session.refreshTokenReused"});
            }
            return done;
          }));
  if (outcome != AccountStore::Refresh::kDone) return WrongCredentials();
  return ToSession(call, row, next);
}

grpc::ServerUnaryReactor* SessionsService::ActivateSession(
    grpc::CallbackServerContext* context,
    const v1::ActivateSessionRequest* request,
    v1::Session* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Activate(call, *request);
  });
}

grpc::ServerUnaryReactor* SessionsService::SignIn(grpc::CallbackServerContext* context,
                                                  const v1::SignInRequest* request,
                                                  v1::Session* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Check(call, *request);
  });
}

grpc::ServerUnaryReactor* SessionsService::RefreshSession(grpc::CallbackServerContext* context,
                                                          const v1::RefreshSessionRequest* request,
                                                          v1::Session* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Refresh(call, *request);
  });
}

}  // namespace teraju::identity
