#include "services/identity/api/assignments_service.h"

#include "common/api/field_mask.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/line_watch.h"
#include "services/identity/domain/records.h"
#include "services/identity/store/assignment_store.h"
#include "services/identity/store/names.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

// Changes one assignment that is there, and tells who follows.
template <typename Change>
absl::StatusOr<v1::Assignment> ChangeAssignment(postgres::Transaction& tx,
                                                const EmployeeKey& key,
                                                const std::string& id,
                                                const v1::Assignment* right,
                                                Change change) {
  const auto scope = [&] {
    LineScope lines = ScopeOf(tx, key, right);
    // It may come to lead the unit that it names already.
    const auto before = AssignmentStore(tx).Get(key, id);
    if (right != nullptr && before.ok()) lines.units.push_back(LastSegment(before->unit()));
    return lines;
  };
  ASSIGN_OR_RETURN(v1::Assignment stored, WithLineChanges(tx, key.agency, scope, change));
  postgres::RecordChange(tx, stored.name(), "assignment.changed");
  return stored;
}

// FAILED_PRECONDITION (PERSON_UNKNOWN).
absl::StatusOr<EmployeeKey> FindPerson(postgres::Transaction& tx,
                                       const AgencyId& agency,
                                       const std::string& external_id) {
  const auto key = EmployeeStore(tx).FindByExternalId(agency, external_id);
  if (key) return *key;
  return errors::FailedPrecondition(v1::PERSON_UNKNOWN, "Nobody has this external id.")
      .With("person", external_id);
}

}  // namespace

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
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return ChangeAssignment(tx, key, id, &request->assignment(), [&] {
            return AssignmentStore(tx).Insert(key, id, request->assignment(), call.actor());
          });
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
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return ChangeAssignment(tx, key, ids[2], nullptr, [&] {
            return AssignmentStore(tx).Update(key,
                                              ids[2],
                                              api::Precondition::FromEtag(request->etag()),
                                              {call.actor(), ""},
                                              [&](v1::Assignment& assignment) {
                                                return domain::EndAssignment(assignment,
                                                                             request->end_date());
                                              });
          });
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
        const auto merge = [&](v1::Assignment& assignment) -> absl::Status {
          const v1::Assignment before = assignment;
          RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), right, assignment));
          return domain::CheckCorrection(before, assignment, right.has_leads_unit());
        };
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return ChangeAssignment(tx, key, ids[2], &right, [&] {
            return AssignmentStore(tx).Update(key,
                                              ids[2],
                                              api::Precondition::FromEtag(right.etag()),
                                              {call.actor(), request->reason()},
                                              merge);
          });
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
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return ChangeAssignment(tx, key, ids[2], nullptr, [&] {
            return AssignmentStore(tx).Withdraw(key,
                                                ids[2],
                                                api::Precondition::FromEtag(request->etag()),
                                                {call.actor(), request->reason()});
          });
        });
      });
}

grpc::ServerUnaryReactor* AssignmentsService::PlaceEmployee(grpc::CallbackServerContext* context,
                                                            const v1::PlaceEmployeeRequest* request,
                                                            v1::Assignment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Assignment> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(CheckUnitName(agency, request->unit(), "unit"));
        RETURN_IF_ERROR(domain::ParseDate(request->start_date(), "startDate").status());
        v1::Assignment post;
        post.set_unit(request->unit());
        post.set_position_title(request->position_title());
        post.set_kind(v1::Assignment::DEFINITIVE);
        *post.mutable_start_date() = request->start_date();
        post.set_decree_number(request->decree_number());
        const std::string id = NewUuid7(call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Assignment> {
              ASSIGN_OR_RETURN(const EmployeeKey key,
                               FindPerson(tx, agency, request->external_id()));
              ASSIGN_OR_RETURN(
                  AssignmentStore::Placed placed,
                  WithLineChanges(
                      tx,
                      agency,
                      [&] { return ScopeOf(tx, key, &post); },
                      [&] { return AssignmentStore(tx).Place(key, id, post, call.actor()); }));
              if (placed.changed)
                postgres::RecordChange(tx, placed.assignment.name(), "assignment.changed");
              return std::move(placed.assignment);
            });
      });
}

grpc::ServerUnaryReactor* AssignmentsService::ReleaseEmployee(
    grpc::CallbackServerContext* context,
    const v1::ReleaseEmployeeRequest* request,
    v1::ReleaseEmployeeResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ReleaseEmployeeResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(domain::ParseDate(request->end_date(), "endDate").status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ReleaseEmployeeResponse> {
              ASSIGN_OR_RETURN(const EmployeeKey key,
                               FindPerson(tx, agency, request->external_id()));
              ASSIGN_OR_RETURN(std::vector<v1::Assignment> ended,
                               WithLineChanges(
                                   tx,
                                   agency,
                                   [&] { return ScopeOf(tx, key, nullptr); },
                                   [&] {
                                     return AssignmentStore(tx).Release(
                                         key, request->end_date(), call.actor());
                                   }));
              v1::ReleaseEmployeeResponse list;
              for (v1::Assignment& assignment : ended) {
                postgres::RecordChange(tx, assignment.name(), "assignment.changed");
                *list.add_assignments() = std::move(assignment);
              }
              return list;
            });
      });
}

}  // namespace teraju::identity
