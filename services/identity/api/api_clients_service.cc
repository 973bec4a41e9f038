#include "services/identity/api/api_clients_service.h"

#include "common/auth/encoding.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/credentials.h"
#include "services/identity/store/access_store.h"
#include "services/identity/store/names.h"

namespace teraju::identity {

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
              Page<v1::ApiClient> page = ApiClientStore(tx).List(AgencyId(ids[0]), query);
              v1::ListApiClientsResponse list;
              for (v1::ApiClient& client : page.items) *list.add_api_clients() = std::move(client);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* ApiClientsService::CreateApiClient(
    grpc::CallbackServerContext* context,
    const v1::CreateApiClientRequest* request,
    v1::ApiClient* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ApiClient> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        const std::string id = NewUuid4();
        const std::string secret = NewSecret();
        bool made = false;
        ASSIGN_OR_RETURN(
            v1::ApiClient client,
            database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ApiClient> {
              ASSIGN_OR_RETURN(v1::ApiClient stored,
                               ApiClientStore(tx).Insert(
                                   agency, id, request->api_client(), auth::Sha256(secret)));
              tx.Audit({.agency = ids[0], .resource = stored.name(), .type = "apiClient.created"});
              made = true;
              return stored;
            }));
        // Set after the transaction: the answer that is kept for repetitions does not hold it.
        if (made) client.set_client_secret(secret);
        return client;
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
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::protobuf::Empty> {
              RETURN_IF_ERROR(ApiClientStore(tx).Delete(agency, ids[1]));
              tx.Audit(
                  {.agency = ids[0], .resource = request->name(), .type = "apiClient.deleted"});
              return google::protobuf::Empty();
            });
      });
}

}  // namespace teraju::identity
