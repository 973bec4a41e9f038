#include "services/identity/api/api_clients_service.h"

#include "common/auth/encoding.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/credentials.h"
#include "services/identity/store/access_version_store.h"
#include "services/identity/store/api_client_store.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kSecretLife = absl::Hours(24 * 365);
constexpr absl::Duration kLongestSecretLife = absl::Hours(24 * 730);
constexpr absl::Duration kOverlap = absl::Hours(24);
constexpr absl::Duration kLongestOverlap = absl::Hours(24 * 30);

ClientSecretRow SecretRow(const CallContext& call, const std::string& secret, absl::Duration life) {
  return {.id = NewUuid4(),
          .hash = auth::Sha256(secret),
          .create_time = call.time(),
          .expire_time = call.time() + life};
}

absl::Status CheckScopes(const v1::ApiClient& client) {
  for (const std::string& scope : client.scopes()) {
    if (auth::PermissionTable::Default().HasScope(scope)) continue;
    return errors::InvalidArgument(v1::SCOPE_UNKNOWN, "The table has no such permissions.")
        .With("scope", scope);
  }
  return absl::OkStatus();
}

absl::Status CheckDurations(absl::Duration overlap, absl::Duration life) {
  errors::FieldViolations violations;
  if (overlap < absl::ZeroDuration() || overlap > kLongestOverlap) {
    violations.Add("overlap", "OUT_OF_RANGE", "Paling lama 30 hari.", "It must be 0 to 30 days.");
  }
  if (life < absl::Hours(24) || life > kLongestSecretLife) {
    violations.Add("life", "OUT_OF_RANGE", "Satu hari sampai dua tahun.", "One day to two years.");
  }
  return violations.empty() ? absl::OkStatus() : violations.ToStatus();
}

}  // namespace

grpc::ServerUnaryReactor* ApiClientsService::ListApiClients(
    grpc::CallbackServerContext* context,
    const v1::ListApiClientsRequest* request,
    v1::ListApiClientsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListApiClientsResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        RETURN_IF_ERROR(call.AuthorizeList(AgencyId(ids[0]), request->parent()).status());
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListApiClientsResponse> {
              Page<v1::ApiClient> page =
                  ApiClientStore(tx).List(AgencyId(ids[0]), call.time(), query);
              v1::ListApiClientsResponse list;
              for (v1::ApiClient& client : page.items) *list.add_api_clients() = std::move(client);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

absl::StatusOr<v1::ApiClient> ApiClientsService::Create(const CallContext& call,
                                                        const v1::CreateApiClientRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request.parent(), "parent"));
  const AgencyId agency(ids[0]);
  RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request.parent())));
  RETURN_IF_ERROR(CheckScopes(request.api_client()));
  const std::string id = NewUuid4();
  const std::string secret = NewSecret();
  bool made = false;
  ASSIGN_OR_RETURN(
      v1::ApiClient client,
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ApiClient> {
        ASSIGN_OR_RETURN(
            v1::ApiClient stored,
            ApiClientStore(tx).Insert(
                agency, id, request.api_client(), SecretRow(call, secret, kSecretLife)));
        tx.Audit({.agency = ids[0], .resource = stored.name(), .type = "apiClient.created"});
        made = true;
        return stored;
      }));
  // Set after the transaction: the answer that is kept for repetitions does not hold it.
  if (made) client.set_client_secret(secret);
  return client;
}

absl::StatusOr<v1::ApiClient> ApiClientsService::Rotate(
    const CallContext& call, const v1::RotateApiClientSecretRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, kApiClientName.Parse(request.name(), "name"));
  const AgencyId agency(ids[0]);
  RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request.name())));
  absl::Duration overlap = kOverlap;
  absl::Duration life = kSecretLife;
  if (request.has_overlap()) overlap = absl::Seconds(request.overlap().seconds());
  if (request.has_life()) life = absl::Seconds(request.life().seconds());
  RETURN_IF_ERROR(CheckDurations(overlap, life));
  const std::string secret = NewSecret();
  bool made = false;
  ASSIGN_OR_RETURN(
      v1::ApiClient client,
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ApiClient> {
        std::vector<std::string> ended;
        ASSIGN_OR_RETURN(
            v1::ApiClient stored,
            ApiClientStore(tx).RotateSecret(
                agency, ids[1], SecretRow(call, secret, life), call.time() + overlap, ended));
        for (std::string& one : ended) one = auth::SessionKey(one);
        AccessVersionStore(tx).Revoke(ended, RevokedUntil(call));
        tx.Audit({.agency = ids[0], .resource = stored.name(), .type = "apiClient.secretRotated"});
        made = true;
        return stored;
      }));
  RETURN_IF_ERROR(barrier_.Await(call));
  if (made) client.set_client_secret(secret);
  return client;
}

grpc::ServerUnaryReactor* ApiClientsService::CreateApiClient(
    grpc::CallbackServerContext* context,
    const v1::CreateApiClientRequest* request,
    v1::ApiClient* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Create(call, *request);
  });
}

grpc::ServerUnaryReactor* ApiClientsService::RotateApiClientSecret(
    grpc::CallbackServerContext* context,
    const v1::RotateApiClientSecretRequest* request,
    v1::ApiClient* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Rotate(call, *request);
  });
}

grpc::ServerUnaryReactor* ApiClientsService::DeleteApiClient(
    grpc::CallbackServerContext* context,
    const v1::DeleteApiClientRequest* request,
    google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const auto ids, kApiClientName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->name())));
        RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
          RETURN_IF_ERROR(ApiClientStore(tx).Delete(agency, ids[1]));
          AccessVersionStore(tx).Revoke({auth::SubjectKey(agency, "apiClients/" + ids[1])},
                                        RevokedUntil(call));
          tx.Audit({.agency = ids[0], .resource = request->name(), .type = "apiClient.deleted"});
          return absl::OkStatus();
        }));
        RETURN_IF_ERROR(barrier_.Await(call));
        return google::protobuf::Empty();
      });
}

}  // namespace teraju::identity
