#include "services/identity/api/officials_service.h"

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
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
        return database_.Read(call, [&](postgres::Transaction& tx) {
          return OfficialStore(tx).Get(AgencyId(ids[0]), ids[1]);
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
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListOfficialsResponse> {
              Page<v1::Official> page = OfficialStore(tx).List(agency, query);
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
                               OfficialStore(tx).Insert(agency, id, request->official()));
              postgres::RecordChange(tx, stored.name(), "official.created");
              return stored;
            });
      });
}

}  // namespace teraju::identity
