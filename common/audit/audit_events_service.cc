#include "common/audit/audit_events_service.h"

#include "common/api/list_page.h"
#include "common/api/resource_name.h"
#include "common/api/strong_id.h"
#include "common/audit/audit_access.h"
#include "common/audit/audit_store.h"
#include "common/audit/inclusion.h"
#include "common/audit/signer.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {
namespace {

constexpr api::NamePattern kReadsCollection{"dataReads/{service}"};
constexpr api::NamePattern kEmployee{"agencies/{agency}/employees/{employee}"};
constexpr api::NamePattern kOfficial{"agencies/{agency}/officials/{official}"};
constexpr api::NamePattern kName{"auditEvents/{service}/{event}"};

}  // namespace

grpc::ServerUnaryReactor* AuditEventsService::ListAuditEvents(
    grpc::CallbackServerContext* context,
    const v1::ListAuditEventsRequest* request,
    v1::ListAuditEventsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return List(call, *request);
  });
}

grpc::ServerUnaryReactor* AuditEventsService::ListDataReads(grpc::CallbackServerContext* context,
                                                            const v1::ListDataReadsRequest* request,
                                                            v1::ListDataReadsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Reads(call, *request);
  });
}

grpc::ServerUnaryReactor* AuditEventsService::GetInclusionProof(
    grpc::CallbackServerContext* context,
    const v1::GetInclusionProofRequest* request,
    v1::InclusionProof* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Prove(call, *request);
  });
}

grpc::ServerUnaryReactor* AuditEventsService::GetTreeHead(grpc::CallbackServerContext* context,
                                                          const v1::GetTreeHeadRequest* request,
                                                          v1::TreeHead* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Head(call, *request);
  });
}

grpc::ServerUnaryReactor* AuditEventsService::GetAuditKey(grpc::CallbackServerContext* context,
                                                          const v1::GetAuditKeyRequest* request,
                                                          v1::AuditKey* response) {
  return pipeline_.Unary(context,
                         request,
                         response,
                         [this, request](const CallContext&) -> absl::StatusOr<v1::AuditKey> {
                           RETURN_IF_ERROR(CheckCollection(request->parent(), service_));
                           if (public_key_.empty())
                             return errors::ResourceNotFound(request->parent() + ":key");
                           v1::AuditKey key;
                           key.set_key_id(KeyId(public_key_));
                           key.set_public_key(public_key_);
                           key.set_pem(PublicKeyPem(public_key_));
                           return key;
                         });
}

absl::StatusOr<v1::ListAuditEventsResponse> AuditEventsService::List(
    const CallContext& call, const v1::ListAuditEventsRequest& request) {
  ListQuery query;
  ASSIGN_OR_RETURN(query.agency, AuthorizeLog(call, request.agency(), request.parent()));
  RETURN_IF_ERROR(CheckCollection(request.parent(), service_));
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  query.resource = request.resource();
  query.size = page.limit();
  if (page.after.size() == 2) query.before = EventKey{page.after[0], std::stoll(page.after[1])};
  ASSIGN_OR_RETURN(
      std::vector<StoredEvent> stored,
      database_.Read(call,
                     [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<StoredEvent>> {
                       return AuditStore(tx, service_).List(query);
                     }));
  v1::ListAuditEventsResponse response;
  if (stored.size() > static_cast<std::size_t>(page.size)) {
    stored.resize(static_cast<std::size_t>(page.size));
    const EventKey& last = stored.back().key;
    response.set_next_page_token(
        api::MakePageToken(request, {last.xid, std::to_string(last.number)}));
  }
  for (StoredEvent& one : stored) *response.add_audit_events() = std::move(one.event);
  return response;
}

absl::StatusOr<v1::ListDataReadsResponse> AuditEventsService::Reads(
    const CallContext& call, const v1::ListDataReadsRequest& request) {
  ListQuery query{.agency = std::string(api::AgencyOf(request.person())),
                  .resource = request.person()};
  auth::Object object{.resource = request.person(), .agency = AgencyId(query.agency)};
  const std::string prefix = "agencies/" + query.agency + "/";
  const bool named = kEmployee.Matches(request.person()) || kOfficial.Matches(request.person());
  if (named) object.person = request.person().substr(prefix.size());
  RETURN_IF_ERROR(call.Authorize(object));
  if (!named) return kEmployee.Parse(request.person(), "person").status();
  ASSIGN_OR_RETURN(const auto name, kReadsCollection.Parse(request.parent(), "parent"));
  if (name[0] != service_) return errors::ResourceNotFound(request.parent());
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  query.size = page.limit();
  if (page.after.size() == 2) query.before = EventKey{page.after[0], std::stoll(page.after[1])};
  using Found = std::vector<StoredEvent>;
  ASSIGN_OR_RETURN(Found stored,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return AuditStore(tx, service_).ListAbout(query);
                   }));
  v1::ListDataReadsResponse response;
  if (stored.size() > static_cast<std::size_t>(page.size)) {
    stored.resize(static_cast<std::size_t>(page.size));
    const EventKey& last = stored.back().key;
    response.set_next_page_token(
        api::MakePageToken(request, {last.xid, std::to_string(last.number)}));
  }
  for (const StoredEvent& one : stored) {
    v1::DataRead& read = *response.add_data_reads();
    *read.mutable_read_time() = one.event.create_time();
    read.set_actor(one.event.actor());
    read.set_on_behalf_of(one.event.on_behalf_of());
    read.set_resource(one.event.resource());
    read.set_type(one.event.type());
    read.set_audit_event(one.event.name());
  }
  return response;
}

absl::StatusOr<v1::InclusionProof> AuditEventsService::Prove(
    const CallContext& call, const v1::GetInclusionProofRequest& request) {
  ASSIGN_OR_RETURN(const std::string agency, AuthorizeLog(call, request.agency(), request.name()));
  ASSIGN_OR_RETURN(const auto name, kName.Parse(request.name(), "name"));
  if (name[0] != service_ || !IsUuid(name[1])) return errors::ResourceNotFound(request.name());
  // One state: leaf, head and nodes belong together.
  return database_.ReadSnapshot(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::InclusionProof> {
        AuditStore store(tx, service_);
        const std::optional<v1::AuditEvent> event = store.Find(agency, name[1]);
        if (!event.has_value()) return errors::ResourceNotFound(request.name());
        return ProveInclusion(store, agency, *event);
      });
}

absl::StatusOr<v1::TreeHead> AuditEventsService::Head(const CallContext& call,
                                                      const v1::GetTreeHeadRequest& request) {
  ASSIGN_OR_RETURN(const std::string agency,
                   AuthorizeLog(call, request.agency(), request.parent()));
  RETURN_IF_ERROR(CheckCollection(request.parent(), service_));
  return database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::TreeHead> {
    std::optional<v1::TreeHead> head = AuditStore(tx, service_).Head(agency);
    if (!head.has_value()) return ProofPending();
    return *std::move(head);
  });
}

}  // namespace teraju::audit
