#include "services/identity/api/external_sign_ins_service.h"

#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/credentials.h"
#include "services/identity/domain/nip.h"
#include "services/identity/store/external_sign_in_store.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kExternalSignInLife = absl::Minutes(10);

absl::Status IssuerAway() {
  return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE,
                             "The external issuer does not answer.")
      .With("dependency", "signInProvider");
}

// The account of the one employee whose attribute has the value.
std::optional<Account> FindAccount(postgres::Transaction& tx,
                                   const AgencyId& agency,
                                   const std::string& attribute,
                                   const std::string& value) {
  const AccountStore accounts(tx);
  if (attribute == "email") return accounts.FindByLogin(agency, value);
  const EmployeeStore employees(tx);
  const auto key = attribute == "nip" ? employees.FindByNip(agency, domain::NormaliseNip(value))
                                      : employees.FindByExternalId(agency, value);
  if (!key) return std::nullopt;
  return accounts.FindBySubject(agency, "employees/" + key->employee.value());
}

}  // namespace

ExternalSignInsService::ExternalSignInsService(rpc::Pipeline& pipeline,
                                               postgres::Database& database,
                                               TokenIssuer& issuer,
                                               std::vector<OidcSettings> providers,
                                               logging::Logger& logger)
    : pipeline_(pipeline), database_(database), starter_(database, issuer) {
  for (OidcSettings& one : providers)
    providers_.push_back(std::make_unique<OidcProvider>(std::move(one), logger));
}

OidcProvider* ExternalSignInsService::Find(const std::string& agency, const std::string& id) const {
  for (const auto& provider : providers_) {
    if (provider->settings().agency == agency && provider->settings().id == id)
      return provider.get();
  }
  return nullptr;
}

absl::StatusOr<v1::ListSignInProvidersResponse> ExternalSignInsService::List(
    const v1::ListSignInProvidersRequest& request) const {
  ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request.parent(), "parent"));
  ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(request));
  v1::ListSignInProvidersResponse list;
  if (!query.after.empty()) return list;
  for (const auto& provider : providers_) {
    if (provider->settings().agency != ids[0]) continue;
    v1::SignInProvider& one = *list.add_sign_in_providers();
    one.set_name(kSignInProviderName.Format({ids[0], provider->settings().id}));
    one.set_display_name(provider->settings().display_name);
  }
  return list;
}

absl::StatusOr<v1::ExternalSignIn> ExternalSignInsService::Start(const CallContext& call,
                                                                 const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, kSignInProviderName.Parse(name, "provider"));
  OidcProvider* provider = Find(ids[0], ids[1]);
  if (provider == nullptr) return errors::ResourceNotFound(name);
  const std::string state = NewSecret();
  const ExternalSignInRow row{.agency = AgencyId(ids[0]),
                              .provider = ids[1],
                              .nonce = NewSecret(),
                              .verifier = NewSecret()};
  const std::string challenge = auth::Base64UrlEncode(auth::Sha256(row.verifier));
  v1::ExternalSignIn started;
  auto uri = provider->AuthorizationUri(state, row.nonce, challenge);
  if (!uri.ok()) return IssuerAway();
  started.set_authorization_uri(*std::move(uri));
  started.set_portal_secret(NewSecret());
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
    ExternalSignInStore(tx).Insert(row,
                                   auth::Sha256(state),
                                   auth::Sha256(started.portal_secret()),
                                   call.time(),
                                   call.time() + kExternalSignInLife);
    return absl::OkStatus();
  }));
  return started;
}

absl::StatusOr<v1::Session> ExternalSignInsService::Finish(
    const CallContext& call, const v1::FinishExternalSignInRequest& request) {
  using Row = std::optional<ExternalSignInRow>;
  // Used up before the issuer is asked: a code and its state come once.
  Row row;
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
    row = ExternalSignInStore(tx).Take(
        auth::Sha256(request.state()), auth::Sha256(request.portal_secret()), call.time());
    return absl::OkStatus();
  }));
  if (!row) return WrongCredentials();
  OidcProvider* provider = Find(row->agency.value(), row->provider);
  if (provider == nullptr) return WrongCredentials();
  const auto value =
      provider->Redeem(request.code(), row->verifier, row->nonce, call.time(), call.deadline());
  if (value.status().code() == absl::StatusCode::kUnauthenticated ||
      value.status().code() == absl::StatusCode::kPermissionDenied)
    return WrongCredentials();
  if (!value.ok()) return IssuerAway();
  using Found = std::optional<Account>;
  ASSIGN_OR_RETURN(const Found account,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return FindAccount(tx, row->agency, provider->settings().attribute, *value);
                   }));
  if (!account) return WrongCredentials();
  return starter_.Start(call, *account);
}

grpc::ServerUnaryReactor* ExternalSignInsService::ListSignInProviders(
    grpc::CallbackServerContext* context,
    const v1::ListSignInProvidersRequest* request,
    v1::ListSignInProvidersResponse* response) {
  return pipeline_.Unary(
      context, request, response, [this, request](const CallContext&) { return List(*request); });
}

grpc::ServerUnaryReactor* ExternalSignInsService::StartExternalSignIn(
    grpc::CallbackServerContext* context,
    const v1::StartExternalSignInRequest* request,
    v1::ExternalSignIn* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Start(call, request->provider());
  });
}

grpc::ServerUnaryReactor* ExternalSignInsService::FinishExternalSignIn(
    grpc::CallbackServerContext* context,
    const v1::FinishExternalSignInRequest* request,
    v1::Session* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Finish(call, *request);
  });
}

}  // namespace teraju::identity
