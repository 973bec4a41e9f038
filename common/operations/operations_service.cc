#include "common/operations/operations_service.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/api/list_page.h"
#include "common/api/resource_name.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::operations {
namespace {

using google::longrunning::CancelOperationRequest;
using google::longrunning::GetOperationRequest;
using google::longrunning::ListOperationsRequest;
using google::longrunning::ListOperationsResponse;
using google::longrunning::Operation;
using google::longrunning::WaitOperationRequest;

constexpr api::NamePattern kName{"operations/{service}/{operation}"};
constexpr api::NamePattern kCollection{"operations/{service}"};
// How often a wait looks at the row. Nobody is told of its end, because it may end in another
// process.
constexpr absl::Duration kLook = absl::Milliseconds(250);
constexpr absl::Duration kLongestWait = absl::Seconds(20);
constexpr absl::Duration kMargin = absl::Milliseconds(500);

// The id in a name of ours; empty where it cannot be one.
std::string IdOf(const std::string& name, const std::string& service) {
  const auto parts = kName.Parse(name, "name");
  return parts.ok() && (*parts)[0] == service && IsUuid((*parts)[1]) ? (*parts)[1] : "";
}

// The only filters: `done=true` and `done=false`.
absl::StatusOr<std::optional<bool>> ParseFilter(const std::string& filter) {
  if (filter.empty()) return std::nullopt;
  if (filter == "done=true") return true;
  if (filter == "done=false") return false;
  return errors::InvalidArgument(errors::reasons::FILTER_INVALID,
                                 "Only done=true and done=false are supported.")
      .With("field", "filter");
}

}  // namespace

grpc::ServerUnaryReactor* OperationsService::ListOperations(grpc::CallbackServerContext* context,
                                                            const ListOperationsRequest* request,
                                                            ListOperationsResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return List(call, *request);
  });
}

grpc::ServerUnaryReactor* OperationsService::GetOperation(grpc::CallbackServerContext* context,
                                                          const GetOperationRequest* request,
                                                          Operation* response) {
  return pipeline_.Unary(context,
                         request,
                         response,
                         [this, request](const CallContext& call) -> absl::StatusOr<Operation> {
                           ASSIGN_OR_RETURN(Seen seen, Get(call, request->name()));
                           return std::move(seen.operation);
                         });
}

grpc::ServerUnaryReactor* OperationsService::CancelOperation(grpc::CallbackServerContext* context,
                                                             const CancelOperationRequest* request,
                                                             google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        RETURN_IF_ERROR(Get(call, request->name()).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::protobuf::Empty> {
              OperationStore(tx, service_).Cancel(IdOf(request->name(), service_));
              tx.Audit({.agency = call.principal().agency.value(),
                        .resource = request->name(),
                        .type = "operation.cancelRequested"});
              return google::protobuf::Empty();
            });
      });
}

grpc::ServerUnaryReactor* OperationsService::WaitOperation(grpc::CallbackServerContext* context,
                                                           const WaitOperationRequest* request,
                                                           Operation* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Wait(call, *request);
  });
}

absl::StatusOr<Seen> OperationsService::Get(const CallContext& call, const std::string& name) {
  const std::string id = IdOf(name, service_);
  std::optional<Seen> seen;
  if (!id.empty()) {
    RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) {
      seen = OperationStore(tx, service_).Find(id);
      return absl::OkStatus();
    }));
  }
  auth::Object object{.resource = name};
  if (seen.has_value()) {
    object.agency = AgencyId(seen->agency);
    object.person = seen->starter;
  }
  RETURN_IF_ERROR(call.Authorize(object));
  RETURN_IF_ERROR(kName.Parse(name, "name").status());
  if (!seen.has_value()) return errors::ResourceNotFound(name);
  return *std::move(seen);
}

absl::StatusOr<ListOperationsResponse> OperationsService::List(
    const CallContext& call, const ListOperationsRequest& request) {
  const AgencyId& agency = call.principal().agency;
  ASSIGN_OR_RETURN(const auth::Scope scope, call.AuthorizeList(agency, request.name()));
  ASSIGN_OR_RETURN(const auto name, kCollection.Parse(request.name(), "name"));
  if (name[0] != service_) return errors::ResourceNotFound(request.name());
  ASSIGN_OR_RETURN(const std::optional<bool> done, ParseFilter(request.filter()));
  ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(request));
  // Operations belong to no unit: who reaches less than the agency sees his own.
  const ListQuery query{.agency = agency.value(),
                        .starter = scope.agency ? "" : call.principal().subject,
                        .done = done,
                        .before_id = page.after_or_empty(0),
                        .size = page.limit()};
  std::vector<Operation> operations;
  RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) {
    operations.clear();
    for (Seen& seen : OperationStore(tx, service_).List(query))
      operations.push_back(std::move(seen.operation));
    return absl::OkStatus();
  }));
  ListOperationsResponse response;
  api::FinishListPage(
      request,
      page,
      std::move(operations),
      response.mutable_operations(),
      response,
      [this](const Operation& last) { return std::vector{IdOf(last.name(), service_)}; });
  return response;
}

absl::StatusOr<Operation> OperationsService::Wait(const CallContext& call,
                                                  const WaitOperationRequest& request) {
  const absl::Duration asked = request.has_timeout()
                                   ? absl::Seconds(request.timeout().seconds()) +
                                         absl::Nanoseconds(request.timeout().nanos())
                                   : kLongestWait;
  const absl::Time until =
      std::min(absl::Now() + std::min(asked, kLongestWait), call.deadline() - kMargin);
  for (;;) {
    ASSIGN_OR_RETURN(Seen seen, Get(call, request.name()));
    const absl::Duration left = until - absl::Now();
    if (seen.operation.done() || left <= absl::ZeroDuration() || call.cancelled())
      return std::move(seen.operation);
    absl::SleepFor(std::min(kLook, left));
  }
}

}  // namespace teraju::operations
