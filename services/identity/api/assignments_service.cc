#include "services/identity/api/assignments_service.h"

#include "common/api/field_mask.h"
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
              ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(*request));
              return AssignmentStore(tx).Get(key, ids[2], as_of);
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
              ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(*request));
              ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
              Page<v1::Assignment> page = AssignmentStore(tx).List(key, as_of, query);
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
                               AssignmentStore(tx).Insert(
                                   key, id, request->assignment(), call.principal().subject));
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
                               AssignmentStore(tx).Update(
                                   key,
                                   ids[2],
                                   api::Precondition::FromEtag(request->etag()),
                                   {call.principal().subject, ""},
                                   [&](v1::Assignment& assignment) {
                                     return domain::EndAssignment(assignment, request->end_date());
                                   }));
              // Those who follow ask for the segments or lines that they hold.
              postgres::RecordChange(tx, stored.name(), "assignment.changed");
              return stored;
            });
      });
}

grpc::ServerUnaryReactor* AssignmentsService::CorrectAssignment(
    grpc::CallbackServerContext* context,
    const v1::CorrectAssignmentRequest* request,
    v1::Assignment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Assignment> {
        const v1::Assignment& right = request->assignment();
        ASSIGN_OR_RETURN(const auto ids, kAssignmentName.Parse(right.name(), "assignment.name"));
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, right.name())));
        RETURN_IF_ERROR(CheckUnitName(key.agency, right.unit(), "assignment.unit"));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Assignment> {
              ASSIGN_OR_RETURN(
                  v1::Assignment stored,
                  AssignmentStore(tx).Update(key,
                                             ids[2],
                                             api::Precondition::FromEtag(right.etag()),
                                             {call.principal().subject, request->reason()},
                                             [&](v1::Assignment& assignment) -> absl::Status {
                                               const v1::Assignment before = assignment;
                                               RETURN_IF_ERROR(api::MergeByMask(
                                                   request->update_mask(), right, assignment));
                                               return domain::CheckCorrection(
                                                   before, assignment, right.has_leads_unit());
                                             }));
              postgres::RecordChange(tx, stored.name(), "assignment.changed");
              return stored;
            });
      });
}

grpc::ServerUnaryReactor* AssignmentsService::WithdrawAssignment(
    grpc::CallbackServerContext* context,
    const v1::WithdrawAssignmentRequest* request,
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
              ASSIGN_OR_RETURN(
                  v1::Assignment stored,
                  AssignmentStore(tx).Withdraw(key,
                                               ids[2],
                                               api::Precondition::FromEtag(request->etag()),
                                               {call.principal().subject, request->reason()}));
              postgres::RecordChange(tx, stored.name(), "assignment.changed");
              return stored;
            });
      });
}

}  // namespace teraju::identity
