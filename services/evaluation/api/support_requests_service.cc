#include "services/evaluation/api/support_requests_service.h"

#include <utility>
#include <vector>

#include "common/api/strong_id.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/progress.h"
#include "services/evaluation/store/support_request_store.h"

namespace teraju::evaluation {

absl::StatusOr<v1::SupportRequest> SupportRequestsService::Change(
    const CallContext& call,
    const std::string& name,
    const std::string& etag,
    const std::string& type,
    absl::FunctionRef<absl::Status(v1::SupportRequest&)> change) {
  ASSIGN_OR_RETURN(const PlanChildKey key, ParsePlanChild(kSupportRequestName, name, "name"));
  RETURN_IF_ERROR(AuthorizePlan(database_, call, key.plan_key()).status());
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SupportRequest> {
        RecordChange(tx, name, type);
        return SupportRequestStore(tx).Update(key, api::Precondition::FromEtag(etag), change);
      });
}

grpc::ServerUnaryReactor* SupportRequestsService::ListSupportRequests(
    grpc::CallbackServerContext* context,
    const v1::ListSupportRequestsRequest* request,
    v1::ListSupportRequestsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListSupportRequestsResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Requests = std::vector<v1::SupportRequest>;
        ASSIGN_OR_RETURN(
            Requests requests,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Requests> {
              return SupportRequestStore(tx).List(key, page);
            }));
        v1::ListSupportRequestsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(requests), *reply.mutable_support_requests()));
        return reply;
      });
}

grpc::ServerUnaryReactor* SupportRequestsService::CreateSupportRequest(
    grpc::CallbackServerContext* context,
    const v1::CreateSupportRequestRequest* request,
    v1::SupportRequest* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SupportRequest> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SupportRequest> {
              const v1::SupportRequest made = SupportRequestStore(tx).Insert(
                  {key.agency, key.id, NewUuid7(call.time())}, request->support_request());
              RecordChange(tx, made.name(), "supportRequest.created");
              return made;
            });
      });
}

grpc::ServerUnaryReactor* SupportRequestsService::GrantSupportRequest(
    grpc::CallbackServerContext* context,
    const v1::GrantSupportRequestRequest* request,
    v1::SupportRequest* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "supportRequest.granted",
                  [&](v1::SupportRequest& support) {
                    return domain::GrantSupport(support, request->comment(), request->due_date());
                  });
  });
}

grpc::ServerUnaryReactor* SupportRequestsService::DeclineSupportRequest(
    grpc::CallbackServerContext* context,
    const v1::DeclineSupportRequestRequest* request,
    v1::SupportRequest* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "supportRequest.declined",
                  [&](v1::SupportRequest& support) {
                    return domain::DeclineSupport(support, request->comment());
                  });
  });
}

grpc::ServerUnaryReactor* SupportRequestsService::FulfilSupportRequest(
    grpc::CallbackServerContext* context,
    const v1::FulfilSupportRequestRequest* request,
    v1::SupportRequest* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "supportRequest.fulfilled",
                  [&](v1::SupportRequest& support) {
                    return domain::FulfilSupport(support, request->comment());
                  });
  });
}

}  // namespace teraju::evaluation
