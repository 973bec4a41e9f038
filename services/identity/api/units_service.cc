#include "services/identity/api/units_service.h"

#include "absl/strings/str_join.h"
#include "common/api/field_mask.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/line_watch.h"
#include "services/identity/store/agency_store.h"
#include "services/identity/store/day_text.h"
#include "services/identity/store/names.h"
#include "services/identity/store/unit_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

// The day of the request, or today in the agency's time zone.
template <typename Request>
absl::StatusOr<AsOf> ReadUnitAsOf(postgres::Transaction& tx,
                                  const AgencyId& agency,
                                  const Request& request) {
  ASSIGN_OR_RETURN(AsOf as_of, ReadAsOf(request));
  if (!as_of.day) as_of.day = DayText(Today(tx, agency));
  return as_of;
}

// The ids of units of the agency.
absl::StatusOr<std::vector<std::string>> ReadUnits(
    const AgencyId& agency,
    const google::protobuf::RepeatedPtrField<std::string>& names,
    std::string_view field) {
  std::vector<std::string> ids;
  for (const std::string& name : names) {
    RETURN_IF_ERROR(CheckUnitName(agency, name, field));
    ids.push_back(LastSegment(name));
  }
  return ids;
}

absl::StatusOr<v1::Unit> Abolish(postgres::Transaction& tx,
                                 const UnitKey& key,
                                 absl::CivilDay day,
                                 const std::vector<std::string>& successors,
                                 const std::string& reason) {
  const std::vector<std::string> below = UnitStore(tx).ChildrenOf(key, day);
  const Recorded recorded{tx.call().actor(), reason};
  RETURN_IF_ERROR(UnitStore(tx).Abolish(key, day, successors, recorded));
  ASSIGN_OR_RETURN(v1::Unit unit, UnitStore(tx).Get(key, {.day = DayText(day), .known = {}}));
  postgres::RecordChange(tx, unit.name(), "unit.abolished");
  for (const std::string& child : below) {
    const std::string name = kUnitName.Format({key.agency.value(), child});
    tx.Emit({.agency = key.agency.value(), .resource = name, .type = "unit.changed"});
  }
  return unit;
}

absl::StatusOr<v1::Unit> Merge(postgres::Transaction& tx,
                               const AgencyId& agency,
                               const v1::MergeUnitsRequest& request) {
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   domain::ParseDate(request.effective_date(), "effectiveDate"));
  ASSIGN_OR_RETURN(const auto units, ReadUnits(agency, request.units(), "units"));
  RETURN_IF_ERROR(CheckUnitName(agency, request.successor(), "successor"));
  const std::string successor = LastSegment(request.successor());
  for (const std::string& unit : units) {
    if (unit == successor) continue;
    RETURN_IF_ERROR(
        Abolish(tx, {agency, UnitId(unit)}, day, {successor}, request.reason()).status());
  }
  return UnitStore(tx).Get({agency, UnitId(successor)}, {.day = DayText(day), .known = {}});
}

// The units below that no part takes.
std::string Unplaced(const std::vector<std::string>& below, const v1::SplitUnitRequest& request) {
  std::vector<std::string> left;
  for (const std::string& child : below) {
    const bool taken = std::any_of(
        request.parts().begin(),
        request.parts().end(),
        [&](const v1::SplitUnitRequest::Part& part) {
          return std::any_of(part.child_units().begin(),
                             part.child_units().end(),
                             [&](const std::string& name) { return LastSegment(name) == child; });
        });
    if (!taken) left.push_back(child);
  }
  return absl::StrJoin(left, ", ");
}

absl::StatusOr<v1::SplitUnitResponse> Split(postgres::Transaction& tx,
                                            const UnitKey& key,
                                            const v1::SplitUnitRequest& request) {
  ASSIGN_OR_RETURN(const absl::CivilDay day,
                   domain::ParseDate(request.effective_date(), "effectiveDate"));
  UnitStore store(tx);
  const AsOf as_of{.day = DayText(day), .known = {}};
  ASSIGN_OR_RETURN(const v1::Unit old, store.Get(key, as_of));
  const std::string left = Unplaced(store.ChildrenOf(key, day), request);
  if (!left.empty()) {
    return errors::FailedPrecondition(v1::UNIT_CHILD_UNPLACED, "Units below would have no place.")
        .With("units", left);
  }
  const Recorded recorded{tx.call().actor(), request.reason()};
  std::vector<std::string> successors;
  for (const v1::SplitUnitRequest::Part& part : request.parts()) {
    const UnitKey mine{key.agency, UnitId(part.unit_id())};
    v1::Unit unit;
    unit.set_display_name(part.display_name());
    unit.set_parent_unit(old.parent_unit());
    *unit.mutable_start_date() = request.effective_date();
    ASSIGN_OR_RETURN(const v1::Unit stored, store.Insert(mine, unit, recorded.by));
    postgres::RecordChange(tx, stored.name(), "unit.changed");
    ASSIGN_OR_RETURN(const auto children, ReadUnits(key.agency, part.child_units(), "childUnits"));
    for (const std::string& child : children) {
      ASSIGN_OR_RETURN(const v1::Unit moved,
                       store.Update({key.agency, UnitId(child)},
                                    api::Precondition::FromEtag(""),
                                    day,
                                    true,
                                    recorded,
                                    [&](v1::Unit& below) {
                                      below.set_parent_unit(stored.name());
                                      return absl::OkStatus();
                                    }));
      postgres::RecordChange(tx, moved.name(), "unit.changed");
    }
    successors.push_back(part.unit_id());
  }
  RETURN_IF_ERROR(Abolish(tx, key, day, successors, request.reason()).status());
  v1::SplitUnitResponse response;
  for (const std::string& part : successors) {
    ASSIGN_OR_RETURN(*response.add_units(), store.Get({key.agency, UnitId(part)}, as_of));
  }
  return response;
}

}  // namespace

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
          ASSIGN_OR_RETURN(const AsOf as_of, ReadUnitAsOf(tx, key.agency, *request));
          return UnitStore(tx).Get(key, as_of);
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
              ASSIGN_OR_RETURN(const AsOf as_of, ReadUnitAsOf(tx, agency, *request));
              Page<v1::Unit> page = UnitStore(tx).List(agency,
                                                       UnitId(LastSegment(request->subtree_of())),
                                                       request->show_abolished(),
                                                       as_of,
                                                       query);
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
        const v1::Unit& unit = request->unit();
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const UnitKey key{AgencyId(ids[0]), UnitId(request->unit_id())};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->parent())));
        RETURN_IF_ERROR(CheckUnitName(key.agency, unit.parent_unit(), "unit.parentUnit"));
        if (unit.has_start_date())
          RETURN_IF_ERROR(domain::ParseDate(unit.start_date(), "unit.startDate").status());
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Unit> {
          RETURN_IF_ERROR(AgencyStore(tx).Lock(key.agency));
          ASSIGN_OR_RETURN(v1::Unit stored, UnitStore(tx).Insert(key, unit, call.actor()));
          postgres::RecordChange(tx, stored.name(), "unit.changed");
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
        const v1::Unit& update = request->unit();
        ASSIGN_OR_RETURN(const auto ids, kUnitName.Parse(update.name(), "unit.name"));
        const UnitKey key{AgencyId(ids[0]), UnitId(ids[1])};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, update.name())));
        RETURN_IF_ERROR(CheckUnitName(key.agency, update.parent_unit(), "unit.parentUnit"));
        std::optional<absl::CivilDay> day;
        if (request->has_effective_date()) {
          ASSIGN_OR_RETURN(day, domain::ParseDate(request->effective_date(), "effectiveDate"));
        }
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Unit> {
          const auto change = [&] {
            return UnitStore(tx).Update(key,
                                        api::Precondition::FromEtag(update.etag()),
                                        day ? *day : Today(tx, key.agency),
                                        day.has_value(),
                                        {call.actor(), request->reason()},
                                        [&](v1::Unit& unit) {
                                          return api::MergeByMask(
                                              request->update_mask(), update, unit);
                                        });
          };
          ASSIGN_OR_RETURN(v1::Unit stored, WithLineChanges(tx, key.agency, Everybody, change));
          postgres::RecordChange(tx, stored.name(), "unit.changed");
          return stored;
        });
      });
}

grpc::ServerUnaryReactor* UnitsService::AbolishUnit(grpc::CallbackServerContext* context,
                                                    const v1::AbolishUnitRequest* request,
                                                    v1::Unit* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Unit> {
        ASSIGN_OR_RETURN(const auto ids, kUnitName.Parse(request->name(), "name"));
        const UnitKey key{AgencyId(ids[0]), UnitId(ids[1])};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        ASSIGN_OR_RETURN(const absl::CivilDay day,
                         domain::ParseDate(request->effective_date(), "effectiveDate"));
        ASSIGN_OR_RETURN(const auto successors,
                         ReadUnits(key.agency, request->successors(), "successors"));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Unit> {
          return WithLineChanges(tx, key.agency, Everybody, [&] {
            return Abolish(tx, key, day, successors, request->reason());
          });
        });
      });
}

grpc::ServerUnaryReactor* UnitsService::MergeUnits(grpc::CallbackServerContext* context,
                                                   const v1::MergeUnitsRequest* request,
                                                   v1::Unit* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Unit> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return WithLineChanges(
              tx, agency, Everybody, [&] { return Merge(tx, agency, *request); });
        });
      });
}

grpc::ServerUnaryReactor* UnitsService::SplitUnit(grpc::CallbackServerContext* context,
                                                  const v1::SplitUnitRequest* request,
                                                  v1::SplitUnitResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SplitUnitResponse> {
        ASSIGN_OR_RETURN(const auto ids, kUnitName.Parse(request->name(), "name"));
        const UnitKey key{AgencyId(ids[0]), UnitId(ids[1])};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(call,
                               [&](postgres::Transaction& tx) { return Split(tx, key, *request); });
      });
}

}  // namespace teraju::identity
