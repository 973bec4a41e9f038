#include "services/identity/api/delegations_service.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/store/delegation_store.h"
#include "services/identity/store/names.h"
#include "services/identity/store/official_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

// A delegation belongs to who delegates.
auth::Object DelegationObject(const AgencyId& agency,
                              const std::string& delegator,
                              std::string_view resource) {
  auth::Object object = AgencyObject(agency, resource);
  object.person = SubjectOf(delegator);
  return object;
}

absl::Status PersonUnknown(const std::string& person) {
  return errors::FailedPrecondition(v1::PERSON_UNKNOWN, "The person is not known.")
      .With("person", person);
}

// Both must be persons of the agency.
absl::Status CheckPersons(postgres::Transaction& tx,
                          const AgencyId& agency,
                          const v1::Delegation& delegation) {
  for (const std::string& person : {delegation.delegator(), delegation.delegate()}) {
    const auto employee = kEmployeeName.Parse(person, "delegation");
    const auto official = kOfficialName.Parse(person, "delegation");
    const bool known =
        (employee.ok() && (*employee)[0] == agency.value() &&
         EmployeeStore(tx).Exists({agency, EmployeeId((*employee)[1])})) ||
        (official.ok() && (*official)[0] == agency.value() && person == delegation.delegator() &&
         OfficialStore(tx).Exists(agency, (*official)[1]));
    if (!known) return PersonUnknown(person);
  }
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* DelegationsService::GetDelegation(grpc::CallbackServerContext* context,
                                                            const v1::GetDelegationRequest* request,
                                                            v1::Delegation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Delegation> {
        ASSIGN_OR_RETURN(const auto ids, kDelegationName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Delegation> {
              auto found = DelegationStore(tx).Get(agency, ids[1]);
              // Whoever gave or got it may read it.
              if (found.ok() &&
                  call.Allowed(call.permission(),
                               DelegationObject(agency, found->delegate(), request->name()))) {
                RETURN_IF_ERROR(
                    call.Authorize(DelegationObject(agency, found->delegate(), request->name())));
                return found;
              }
              RETURN_IF_ERROR(call.Authorize(
                  DelegationObject(agency, found.ok() ? found->delegator() : "", request->name())));
              return found;
            });
      });
}

grpc::ServerUnaryReactor* DelegationsService::ListDelegations(
    grpc::CallbackServerContext* context,
    const v1::ListDelegationsRequest* request,
    v1::ListDelegationsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListDelegationsResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        ASSIGN_OR_RETURN(const auth::Scope scope, call.AuthorizeList(agency, request->parent()));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(*request));
        const std::string person = scope.agency ? "" : call.principal().subject;
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListDelegationsResponse> {
              Page<v1::Delegation> page = DelegationStore(tx).List(agency, person, as_of, query);
              v1::ListDelegationsResponse list;
              for (v1::Delegation& delegation : page.items)
                *list.add_delegations() = std::move(delegation);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* DelegationsService::CreateDelegation(
    grpc::CallbackServerContext* context,
    const v1::CreateDelegationRequest* request,
    v1::Delegation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Delegation> {
        const v1::Delegation& delegation = request->delegation();
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(
            call.Authorize(DelegationObject(agency, delegation.delegator(), request->parent())));
        RETURN_IF_ERROR(domain::CheckDelegation(delegation));
        const std::string id = NewUuid7(call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Delegation> {
              RETURN_IF_ERROR(CheckPersons(tx, agency, delegation));
              ASSIGN_OR_RETURN(v1::Delegation stored,
                               DelegationStore(tx).Insert(agency, id, delegation, call.actor()));
              postgres::RecordChange(tx, stored.name(), "delegation.created");
              return stored;
            });
      });
}

grpc::ServerUnaryReactor* DelegationsService::RevokeDelegation(
    grpc::CallbackServerContext* context,
    const v1::RevokeDelegationRequest* request,
    v1::Delegation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Delegation> {
        ASSIGN_OR_RETURN(const auto ids, kDelegationName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Delegation> {
              DelegationStore store(tx);
              const auto found = store.Get(agency, ids[1]);
              RETURN_IF_ERROR(call.Authorize(
                  DelegationObject(agency, found.ok() ? found->delegator() : "", request->name())));
              RETURN_IF_ERROR(found.status());
              v1::Delegation ended = *found;
              *ended.mutable_end_date() = request->end_date();
              RETURN_IF_ERROR(domain::CheckDelegation(ended));
              ASSIGN_OR_RETURN(v1::Delegation stored,
                               store.UpdateEnd(agency,
                                               ids[1],
                                               api::Precondition::FromEtag(request->etag()),
                                               request->end_date()));
              postgres::RecordChange(tx, stored.name(), "delegation.ended");
              return stored;
            });
      });
}

}  // namespace teraju::identity
