#include "services/identity/api/units_service.h"

#include "common/api/field_mask.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/store/names.h"
#include "services/identity/store/unit_store.h"

namespace teraju::identity {
grpc::ServerUnaryReactor* UnitsService::GetUnit(grpc::CallbackServerContext* context,
                                                const v1::GetUnitRequest* request,
                                                v1::Unit* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Unit> {
        ASSIGN_OR_RETURN(const auto ids, kUnitName.Parse(request->name(), "name"));
        const UnitKey key{AgencyId(ids[0]), UnitId(ids[1])};
        return database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Unit> {
          RETURN_IF_ERROR(call.Authorize(UnitObject(tx, key.agency, ids[1], request->name())));
          return UnitStore(tx).Get(key);
        });
      });
}

grpc::ServerUnaryReactor* UnitsService::ListUnits(grpc::CallbackServerContext* context,
                                                  const v1::ListUnitsRequest* request,
                                                  v1::ListUnitsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListUnitsResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.AuthorizeList(agency, request->parent()).status());
        RETURN_IF_ERROR(CheckUnitName(agency, request->subtree_of(), "subtreeOf"));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListUnitsResponse> {
              Page<v1::Unit> page =
                  UnitStore(tx).List(agency, UnitId(LastSegment(request->subtree_of())), query);
              v1::ListUnitsResponse list;
              for (v1::Unit& unit : page.items) *list.add_units() = std::move(unit);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* UnitsService::CreateUnit(grpc::CallbackServerContext* context,
                                                   const v1::CreateUnitRequest* request,
                                                   v1::Unit* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Unit> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const UnitKey key{AgencyId(ids[0]), UnitId(request->unit_id())};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->parent())));
        RETURN_IF_ERROR(
            CheckUnitName(key.agency, request->unit().parent_unit(), "unit.parentUnit"));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Unit> {
          ASSIGN_OR_RETURN(v1::Unit stored, UnitStore(tx).Insert(key, request->unit()));
          tx.Emit({.agency = ids[0], .resource = stored.name(), .type = "unit.changed"});
          return stored;
        });
      });
}

grpc::ServerUnaryReactor* UnitsService::UpdateUnit(grpc::CallbackServerContext* context,
                                                   const v1::UpdateUnitRequest* request,
                                                   v1::Unit* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Unit> {
        ASSIGN_OR_RETURN(const auto ids, kUnitName.Parse(request->unit().name(), "unit.name"));
        const UnitKey key{AgencyId(ids[0]), UnitId(ids[1])};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->unit().name())));
        RETURN_IF_ERROR(
            CheckUnitName(key.agency, request->unit().parent_unit(), "unit.parentUnit"));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Unit> {
          ASSIGN_OR_RETURN(
              v1::Unit stored,
              UnitStore(tx).Update(
                  key, api::Precondition::FromEtag(request->unit().etag()), [&](v1::Unit& unit) {
                    return api::MergeByMask(request->update_mask(), request->unit(), unit);
                  }));
          tx.Emit({.agency = ids[0], .resource = stored.name(), .type = "unit.changed"});
          return stored;
        });
      });
}

}  // namespace teraju::identity
