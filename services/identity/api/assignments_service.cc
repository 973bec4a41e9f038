#include "services/identity/api/assignments_service.h"

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/domain/records.h"
#include "services/identity/store/assignment_store.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
grpc::ServerUnaryReactor* AssignmentsService::GetAssignment(grpc::CallbackServerContext* context,
                                                            const v1::GetAssignmentRequest* request,
                                                            v1::Assignment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Assignment> {
        ASSIGN_OR_RETURN(const auto ids, kAssignmentName.Parse(request->name(), "name"));
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Assignment> {
              RETURN_IF_ERROR(call.Authorize(PersonObject(tx, key, request->name())));
              return AssignmentStore(tx).Get(key, ids[2]);
            });
      });
}

grpc::ServerUnaryReactor* AssignmentsService::ListAssignments(
    grpc::CallbackServerContext* context,
    const v1::ListAssignmentsRequest* request,
    v1::ListAssignmentsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListAssignmentsResponse> {
        ASSIGN_OR_RETURN(const auto ids, kEmployeeName.Parse(request->parent(), "parent"));
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListAssignmentsResponse> {
              RETURN_IF_ERROR(call.Authorize(PersonObject(tx, key, request->parent())));
              std::optional<google::type::Date> day;
              if (request->has_as_of_date()) {
                RETURN_IF_ERROR(domain::ParseDate(request->as_of_date(), "asOfDate").status());
                day = request->as_of_date();
              }
              ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
              Page<v1::Assignment> page = AssignmentStore(tx).List(key, day, query);
              v1::ListAssignmentsResponse list;
              for (v1::Assignment& assignment : page.items)
                *list.add_assignments() = std::move(assignment);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* AssignmentsService::CreateAssignment(
    grpc::CallbackServerContext* context,
    const v1::CreateAssignmentRequest* request,
    v1::Assignment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Assignment> {
        ASSIGN_OR_RETURN(const auto ids, kEmployeeName.Parse(request->parent(), "parent"));
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->parent())));
        RETURN_IF_ERROR(CheckUnitName(key.agency, request->assignment().unit(), "assignment.unit"));
        RETURN_IF_ERROR(domain::CheckAssignment(request->assignment()));
        const std::string id = NewUuid7(call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Assignment> {
              ASSIGN_OR_RETURN(v1::Assignment stored,
                               AssignmentStore(tx).Insert(key, id, request->assignment()));
              // Those who follow ask for the segments or lines that they hold.
              postgres::RecordChange(tx, stored.name(), "assignment.changed");
              return stored;
            });
      });
}

grpc::ServerUnaryReactor* AssignmentsService::EndAssignment(grpc::CallbackServerContext* context,
                                                            const v1::EndAssignmentRequest* request,
                                                            v1::Assignment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Assignment> {
        ASSIGN_OR_RETURN(const auto ids, kAssignmentName.Parse(request->name(), "name"));
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Assignment> {
              ASSIGN_OR_RETURN(v1::Assignment stored,
                               AssignmentStore(tx).UpdateEnd(
                                   key,
                                   ids[2],
                                   api::Precondition::FromEtag(request->etag()),
                                   [&](v1::Assignment& assignment) {
                                     return domain::EndAssignment(assignment, request->end_date());
                                   }));
              // Those who follow ask for the segments or lines that they hold.
              postgres::RecordChange(tx, stored.name(), "assignment.changed");
              return stored;
            });
      });
}

}  // namespace teraju::identity
