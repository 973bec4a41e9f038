#include "services/identity/api/officials_service.h"

#include "common/api/field_mask.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/line_watch.h"
#include "services/identity/domain/records.h"
#include "services/identity/store/names.h"
#include "services/identity/store/official_store.h"

namespace teraju::identity {

grpc::ServerUnaryReactor* OfficialsService::GetOfficial(grpc::CallbackServerContext* context,
                                                        const v1::GetOfficialRequest* request,
                                                        v1::Official* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Official> {
        ASSIGN_OR_RETURN(const auto ids, kOfficialName.Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(AgencyId(ids[0]), request->name())));
        ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(*request));
        return database_.Read(call, [&](postgres::Transaction& tx) {
          return OfficialStore(tx).Get(AgencyId(ids[0]), ids[1], as_of);
        });
      });
}

grpc::ServerUnaryReactor* OfficialsService::ListOfficials(grpc::CallbackServerContext* context,
                                                          const v1::ListOfficialsRequest* request,
                                                          v1::ListOfficialsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListOfficialsResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.AuthorizeList(agency, request->parent()).status());
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(*request));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListOfficialsResponse> {
              Page<v1::Official> page = OfficialStore(tx).List(agency, as_of, query);
              v1::ListOfficialsResponse list;
              for (v1::Official& official : page.items) *list.add_officials() = std::move(official);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* OfficialsService::CreateOfficial(grpc::CallbackServerContext* context,
                                                           const v1::CreateOfficialRequest* request,
                                                           v1::Official* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Official> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(CheckUnitName(agency, request->official().unit(), "official.unit"));
        RETURN_IF_ERROR(domain::CheckOfficial(request->official()));
        const std::string id = NewUuid7(call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Official> {
              ASSIGN_OR_RETURN(v1::Official stored,
                               WithLineChanges(
                                   tx,
                                   agency,
                                   [&] {
                                     return LineScope{
                                         .persons = {},
                                         .units = {LastSegment(request->official().unit())}};
                                   },
                                   [&] {
                                     return OfficialStore(tx).Insert(
                                         agency, id, request->official(), call.actor());
                                   }));
              postgres::RecordChange(tx, stored.name(), "official.created");
              return stored;
            });
      });
}

grpc::ServerUnaryReactor* OfficialsService::UpdateOfficial(grpc::CallbackServerContext* context,
                                                           const v1::UpdateOfficialRequest* request,
                                                           v1::Official* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Official> {
        const v1::Official& right = request->official();
        ASSIGN_OR_RETURN(const auto ids, kOfficialName.Parse(right.name(), "official.name"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, right.name())));
        RETURN_IF_ERROR(CheckUnitName(agency, right.unit(), "official.unit"));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Official> {
              const auto update = [&] {
                return OfficialStore(tx).Update(
                    agency,
                    ids[1],
                    api::Precondition::FromEtag(right.etag()),
                    {call.actor(), request->reason()},
                    [&](v1::Official& official) -> absl::Status {
                      RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), right, official));
                      return domain::CheckOfficial(official);
                    });
              };
              const auto scope = [&] {
                LineScope units;
                const auto before = OfficialStore(tx).Get(agency, ids[1]);
                if (before.ok()) units.units.push_back(LastSegment(before->unit()));
                if (!right.unit().empty()) units.units.push_back(LastSegment(right.unit()));
                return units;
              };
              ASSIGN_OR_RETURN(v1::Official stored, WithLineChanges(tx, agency, scope, update));
              postgres::RecordChange(tx, stored.name(), "official.changed");
              return stored;
            });
      });
}

}  // namespace teraju::identity
