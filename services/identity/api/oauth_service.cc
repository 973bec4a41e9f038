#include "services/identity/api/oauth_service.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "absl/strings/str_split.h"
#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/credentials.h"
#include "services/identity/store/api_client_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr char kJson[] = "application/json";

google::api::HttpBody JsonBody(std::string text, const char* type = kJson) {
  google::api::HttpBody body;
  body.set_content_type(type);
  body.set_data(std::move(text));
  return body;
}

absl::Status FormViolation(std::string_view field, std::string_view id, std::string_view en) {
  errors::FieldViolations violations;
  violations.Add(field, "FORM_INVALID", id, en);
  return violations.ToStatus();
}

// From the header, else from the form; never from both (RFC 6749, section 2.3).
absl::StatusOr<domain::ClientCredentials> ReadCredentials(
    const std::map<std::string, std::string>& form, const std::string& authorization) {
  const auto basic = domain::ParseBasic(authorization);
  const auto secret = form.find("client_secret");
  if (basic && secret != form.end()) {
    return FormViolation("client_secret",
                         "Pakai header atau formulir, tidak keduanya.",
                         "Use header or form, not both.");
  }
  if (basic) return *basic;
  const auto id = form.find("client_id");
  if (id == form.end() || secret == form.end()) {
    return FormViolation("client_id",
                         "client_id dan client_secret wajib diisi.",
                         "client_id and client_secret are required.");
  }
  return domain::ClientCredentials{id->second, secret->second};
}

// Whatever is asked for must be in the table and, where the client has scopes, among them.
absl::Status Narrow(auth::Principal& principal, const std::string& wanted) {
  const auto& table = auth::PermissionTable::Default();
  const std::vector<std::string> scopes = absl::StrSplit(wanted, ' ', absl::SkipEmpty());
  for (const std::string& one : scopes) {
    const bool held = principal.scope.empty() || auth::InScope(principal.scope, one);
    if (table.HasScope(one) && held) continue;
    return errors::InvalidArgument(v1::SCOPE_UNKNOWN, "The scope is unknown or not held.")
        .With("scope", one);
  }
  if (wanted.find_first_not_of(' ') != std::string::npos) principal.scope = wanted;
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<auth::Principal> OAuthService::Authenticate(
    const CallContext& call, const domain::ClientCredentials& client) {
  const std::string secret_hash = auth::Sha256(client.secret);
  const auto service = secrets_.find(client.id);
  if (service != secrets_.end() && EqualInConstantTime(service->second, secret_hash)) {
    return auth::Principal{.subject = "services/" + client.id,
                           .agency = AgencyId(),
                           .client = client.id,
                           .session = ""};
  }
  using Found = std::optional<AuthenticatedClient>;
  ASSIGN_OR_RETURN(const Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return ApiClientStore(tx).Authenticate(client.id, secret_hash, call.time());
                   }));
  if (!found)
    return errors::Unauthenticated(v1::CREDENTIALS_INVALID, "The client credentials are wrong.");
  return auth::Principal{.subject = "apiClients/" + client.id,
                         .agency = found->agency,
                         .client = "apiClients/" + client.id,
                         .session = found->secret,
                         .scope = fmt::format("{}", fmt::join(found->scopes, " "))};
}

absl::StatusOr<google::api::HttpBody> OAuthService::Issue(const CallContext& call,
                                                          const std::string& form_text,
                                                          const std::string& authorization) {
  const auto form = domain::ParseForm(form_text);
  if (!form) return FormViolation("body", "Formulir tidak benar.", "The form is malformed.");
  const auto grant = form->find("grant_type");
  if (grant == form->end() || grant->second != "client_credentials") {
    return FormViolation(
        "grant_type", "Hanya client_credentials.", "Only client_credentials is supported.");
  }
  ASSIGN_OR_RETURN(const domain::ClientCredentials client, ReadCredentials(*form, authorization));
  ASSIGN_OR_RETURN(auth::Principal principal, Authenticate(call, client));
  if (const auto scope = form->find("scope"); scope != form->end())
    RETURN_IF_ERROR(Narrow(principal, scope->second));
  ASSIGN_OR_RETURN(const std::string token, issuer_.Issue(call, principal));
  const std::string scope =
      principal.scope.empty() ? "" : fmt::format(R"(,"scope":"{}")", principal.scope);
  return JsonBody(fmt::format(R"({{"access_token":"{}","token_type":"Bearer","expires_in":{}{}}})",
                              token,
                              absl::ToInt64Seconds(kAccessTokenLife),
                              scope));
}

grpc::ServerUnaryReactor* OAuthService::IssueToken(grpc::CallbackServerContext* context,
                                                   const v1::IssueTokenRequest* request,
                                                   google::api::HttpBody* response) {
  const auto header = context->client_metadata().find("authorization");
  std::string authorization;
  if (header != context->client_metadata().end())
    authorization.assign(header->second.data(), header->second.size());
  return pipeline_.Unary(
      context, request, response, [this, request, authorization](const CallContext& call) {
        return Issue(call, request->body().data(), authorization);
      });
}

grpc::ServerUnaryReactor* OAuthService::GetJwks(grpc::CallbackServerContext* context,
                                                const v1::GetJwksRequest* request,
                                                google::api::HttpBody* response) {
  return pipeline_.Unary(context,
                         request,
                         response,
                         [this](const CallContext& call) -> absl::StatusOr<google::api::HttpBody> {
                           ASSIGN_OR_RETURN(std::string keys, issuer_.KeySet(call));
                           return JsonBody(std::move(keys), "application/jwk-set+json");
                         });
}

grpc::ServerUnaryReactor* OAuthService::GetAuthorizationServer(
    grpc::CallbackServerContext* context,
    const v1::GetAuthorizationServerRequest* request,
    google::api::HttpBody* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this](const CallContext&) -> absl::StatusOr<google::api::HttpBody> {
        return JsonBody(fmt::format(
            R"({{"issuer":"{0}","token_endpoint":"{0}/oauth2/token","jwks_uri":"{0}/oauth2/jwks",)"
            R"("grant_types_supported":["client_credentials"],"response_types_supported":[],)"
            R"("token_endpoint_auth_methods_supported":["client_secret_basic","client_secret_post"]}})",
            issuer_.issuer()));
      });
}

}  // namespace teraju::identity
