#include "services/identity/api/sessions_service.h"

#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/credentials.h"
#include "services/identity/domain/activation_code.h"
#include "services/identity/domain/nip.h"
#include "services/identity/domain/password.h"
#include "services/identity/domain/text.h"
#include "services/identity/store/access_version_store.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

SessionRow NewSession(const CallContext& call, const Account& account) {
  return {account.agency, account.subject, NewUuid7(call.time())};
}

// Its refresh tokens no longer work, nor does any access token of it.
void EndSessionOf(postgres::Transaction& tx, const SessionRow& row) {
  AccountStore(tx).EndSession(row.agency, row.session);
  AccessVersionStore(tx).Revoke({auth::SessionKey(row.session)}, RevokedUntil(tx.call()));
  tx.Audit({.agency = row.agency.value(),
            .resource = SessionNameOf(row.agency, row.session),
            .type = "session.ended"});
}

// A NIP may be typed with blanks and dots; whatever is no number is a name or an address.
std::string NormaliseLogin(const std::string& login) {
  domain::Nip nip;
  domain::NipFault fault;
  if (domain::Nip::TryParse(login, nip, fault)) return nip.value();
  return std::string(domain::Trim(login));
}

}  // namespace

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
        if (!store.StartSession(session, auth::Sha256(token), call.time() + kSessionLife))
          return WrongCredentials();
        tx.Audit({.agency = account->agency.value(),
                  .resource = account->subject,
                  .type = "account.activated"});
        return session;
      }));
  return starter_.ToSession(call, row, token);
}

absl::StatusOr<v1::Session> SessionsService::Check(const CallContext& call,
                                                   const v1::SignInRequest& request) {
  AgencyId agency;
  if (!request.agency().empty()) {
    ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request.agency(), "agency"));
    agency = AgencyId(ids[0]);
  }
  const std::string login = NormaliseLogin(request.login());
  ASSIGN_OR_RETURN(
      const auto account,
      database_.Read(call,
                     [&](postgres::Transaction& tx) -> absl::StatusOr<std::optional<Account>> {
                       return AccountStore(tx).FindByLogin(agency, login);
                     }));
  ASSIGN_OR_RETURN(const std::string place,
                   attempts_.PlaceOf(call, account, request.known_refresh_token()));
  ASSIGN_OR_RETURN(const bool fits,
                   attempts_.Check(call,
                                   {.agency = agency, .login = login, .place = place},
                                   account ? account->password_hash : "",
                                   request.password()));
  if (!fits) return WrongCredentials();
  return starter_.Start(call, *account);
}

absl::StatusOr<google::protobuf::Empty> SessionsService::Change(
    const CallContext& call, const v1::ChangePasswordRequest& request) {
  const auth::Principal& caller = call.principal();
  using Found = std::optional<Account>;
  ASSIGN_OR_RETURN(const Found account,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return AccountStore(tx).FindBySubject(caller.agency, caller.subject);
                   }));
  if (!account) return WrongCredentials();
  if (!account->password_hash.empty() || !request.present_password().empty()) {
    ASSIGN_OR_RETURN(
        const bool fits,
        attempts_.Check(call,
                        {.agency = caller.agency, .login = caller.subject, .place = caller.session},
                        account->password_hash,
                        request.present_password()));
    if (!fits) return WrongCredentials();
  }
  RETURN_IF_ERROR(domain::CheckPassword(request.new_password(), ""));
  ASSIGN_OR_RETURN(const std::string hash, hasher_.Hash(request.new_password(), call.deadline()));
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
    AccountStore store(tx);
    store.SetPassword(caller.agency, caller.subject, hash);
    std::vector<std::string> ended =
        store.EndOtherSessions(caller.agency, caller.subject, caller.session);
    for (std::string& one : ended) one = auth::SessionKey(one);
    AccessVersionStore(tx).Revoke(ended, RevokedUntil(call));
    tx.Audit({.agency = caller.agency.value(),
              .resource = caller.subject,
              .type = "account.passwordChanged"});
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(barrier_.Await(call));
  return google::protobuf::Empty();
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
              AccessVersionStore(tx).Revoke({auth::SessionKey(row.session)}, RevokedUntil(call));
              tx.Audit({.agency = row.agency.value(),
                        .resource = row.subject,
                        .type = "session.refreshTokenReused"});
            }
            return done;
          }));
  if (outcome != AccountStore::Refresh::kDone) return WrongCredentials();
  return starter_.ToSession(call, row, next);
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

absl::StatusOr<google::protobuf::Empty> SessionsService::End(const CallContext& call,
                                                             const AgencyId& agency,
                                                             const std::string& session) {
  ASSIGN_OR_RETURN(
      const google::protobuf::Empty done,
      database_.Write(call,
                      [&](postgres::Transaction& tx) -> absl::StatusOr<google::protobuf::Empty> {
                        const auto subject = AccountStore(tx).SubjectOfSession(agency, session);
                        const std::string name = SessionNameOf(agency, session);
                        if (!subject) return errors::ResourceNotFound(name);
                        EndSessionOf(tx, {agency, *subject, session});
                        return google::protobuf::Empty();
                      }));
  RETURN_IF_ERROR(barrier_.Await(call));
  return done;
}

absl::StatusOr<v1::ListOpenSessionsResponse> SessionsService::List(
    const CallContext& call, const v1::ListOpenSessionsRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request.parent(), "parent"));
  const AgencyId agency(ids[0]);
  ASSIGN_OR_RETURN(const auth::Scope scope, call.AuthorizeList(agency, request.parent()));
  ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(request));
  std::string subject = SubjectOf(request.person());
  if (!scope.agency) {
    if (!subject.empty() && subject != call.principal().subject)
      return v1::ListOpenSessionsResponse();
    subject = call.principal().subject;
  }
  return database_.Read(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListOpenSessionsResponse> {
        Page<v1::OpenSession> page =
            AccountStore(tx).ListOpenSessions(agency, subject, call.time(), query);
        v1::ListOpenSessionsResponse list;
        for (v1::OpenSession& session : page.items) {
          session.set_current(LastSegment(session.name()) == call.principal().session);
          *list.add_sessions() = std::move(session);
        }
        if (!page.next.empty()) list.set_next_page_token(api::MakePageToken(request, page.next));
        return list;
      });
}

grpc::ServerUnaryReactor* SessionsService::SignOut(grpc::CallbackServerContext* context,
                                                   const v1::SignOutRequest* request,
                                                   google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        call.AuthorizedByToken();
        return End(call, call.principal().agency, call.principal().session);
      });
}

grpc::ServerUnaryReactor* SessionsService::ListOpenSessions(
    grpc::CallbackServerContext* context,
    const v1::ListOpenSessionsRequest* request,
    v1::ListOpenSessionsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return List(call, *request);
  });
}

grpc::ServerUnaryReactor* SessionsService::EndSession(grpc::CallbackServerContext* context,
                                                      const v1::EndSessionRequest* request,
                                                      google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const auto ids, kSessionName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        auth::Object object = AgencyObject(agency, request->name());
        ASSIGN_OR_RETURN(
            object.person,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::string> {
              return AccountStore(tx).SubjectOfSession(agency, ids[1]).value_or("");
            }));
        RETURN_IF_ERROR(call.Authorize(object));
        return End(call, agency, ids[1]);
      });
}

grpc::ServerUnaryReactor* SessionsService::ChangePassword(grpc::CallbackServerContext* context,
                                                          const v1::ChangePasswordRequest* request,
                                                          google::protobuf::Empty* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    call.AuthorizedByToken();
    return Change(call, *request);
  });
}

}  // namespace teraju::identity
