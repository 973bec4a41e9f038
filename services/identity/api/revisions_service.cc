#include "services/identity/api/revisions_service.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/personal_data.h"
#include "services/identity/store/assignment_store.h"
#include "services/identity/store/names.h"
#include "services/identity/store/official_store.h"
#include "services/identity/store/unit_store.h"

namespace teraju::identity {
namespace {

// The versions of the resource that the request names, if the caller may see them.
absl::StatusOr<Page<v1::Revision>> RevisionsOf(postgres::Transaction& tx,
                                               const v1::ListRevisionsRequest& request) {
  const CallContext& call = tx.call();
  if (const auto ids = kOfficialName.Parse(request.parent(), "parent"); ids.ok()) {
    const AgencyId agency((*ids)[0]);
    RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request.parent())));
    ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(request));
    return OfficialStore(tx).Revisions(agency, (*ids)[1], query);
  }
  if (const auto ids = kUnitName.Parse(request.parent(), "parent"); ids.ok()) {
    const UnitKey key{AgencyId((*ids)[0]), UnitId((*ids)[1])};
    RETURN_IF_ERROR(call.Authorize(UnitObject(tx, key.agency, key.unit.value(), request.parent())));
    ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(request));
    return UnitStore(tx).Revisions(key, query);
  }
  const auto assignment = kAssignmentName.Parse(request.parent(), "parent");
  const auto employee = kEmployeeName.Parse(request.parent(), "parent");
  if (!assignment.ok() && !employee.ok()) return employee.status();
  const std::vector<std::string>& ids = assignment.ok() ? *assignment : *employee;
  const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
  const auth::Object object = WholePersonObject(tx, key, request.parent());
  RETURN_IF_ERROR(call.Authorize(object));
  ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(request));
  if (assignment.ok()) return AssignmentStore(tx).Revisions(key, ids[2], query);
  Page<v1::Revision> page = EmployeeStore(tx).Revisions(key, query);
  const bool shown = call.Allowed(kPersonalDataPermission, object);
  for (v1::Revision& revision : page.items) {
    const bool first = &revision == &page.items.front();
    // One record for all of them.
    if (!shown || first) ApplyView(tx, shown ? v1::FULL : v1::BASIC, *revision.mutable_employee());
  }
  return page;
}

}  // namespace

grpc::ServerUnaryReactor* RevisionsService::ListRevisions(grpc::CallbackServerContext* context,
                                                          const v1::ListRevisionsRequest* request,
                                                          v1::ListRevisionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListRevisionsResponse> {
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListRevisionsResponse> {
              ASSIGN_OR_RETURN(Page<v1::Revision> page, RevisionsOf(tx, *request));
              if (page.items.empty() && request->page_token().empty())
                return errors::ResourceNotFound(request->parent());
              v1::ListRevisionsResponse list;
              for (v1::Revision& revision : page.items) *list.add_revisions() = std::move(revision);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

}  // namespace teraju::identity
