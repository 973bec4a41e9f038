#include "services/identity/api/agencies_service.h"

#include "common/api/field_mask.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/store/agency_store.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

constexpr std::string_view kDefaultTimeZone = "Asia/Jakarta";

}  // namespace

grpc::ServerUnaryReactor* AgenciesService::GetAgency(grpc::CallbackServerContext* context,
                                                     const v1::GetAgencyRequest* request,
                                                     v1::Agency* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Agency> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->name())));
        return database_.Read(
            call, [&](postgres::Transaction& tx) { return AgencyStore(tx).Get(agency); });
      });
}

grpc::ServerUnaryReactor* AgenciesService::ListAgencies(grpc::CallbackServerContext* context,
                                                        const v1::ListAgenciesRequest* request,
                                                        v1::ListAgenciesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListAgenciesResponse> {
        const AgencyId own = call.principal().agency;  // empty for operators and services: all
        RETURN_IF_ERROR(call.AuthorizeList(own.empty() ? kEveryAgency : own, "agencies").status());
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListAgenciesResponse> {
              Page<v1::Agency> page = AgencyStore(tx).List(own, query);
              v1::ListAgenciesResponse list;
              for (v1::Agency& agency : page.items) *list.add_agencies() = std::move(agency);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* AgenciesService::CreateAgency(grpc::CallbackServerContext* context,
                                                        const v1::CreateAgencyRequest* request,
                                                        v1::Agency* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Agency> {
        const AgencyId id(request->agency_id());
        RETURN_IF_ERROR(call.Authorize(AgencyObject(id, kAgencyName.Format({id.value()}))));
        v1::Agency agency = request->agency();
        if (agency.time_zone().empty()) agency.set_time_zone(std::string(kDefaultTimeZone));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Agency> {
          ASSIGN_OR_RETURN(v1::Agency stored, AgencyStore(tx).Insert(id, agency));
          postgres::RecordChange(tx, stored.name(), "agency.created");
          return stored;
        });
      });
}

grpc::ServerUnaryReactor* AgenciesService::UpdateAgency(grpc::CallbackServerContext* context,
                                                        const v1::UpdateAgencyRequest* request,
                                                        v1::Agency* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Agency> {
        ASSIGN_OR_RETURN(const auto ids,
                         kAgencyName.Parse(request->agency().name(), "agency.name"));
        const AgencyId id(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(id, request->agency().name())));
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Agency> {
          ASSIGN_OR_RETURN(
              v1::Agency stored,
              AgencyStore(tx).Update(id,
                                     api::Precondition::FromEtag(request->agency().etag()),
                                     [&](v1::Agency& agency) -> absl::Status {
                                       RETURN_IF_ERROR(api::MergeByMask(
                                           request->update_mask(), request->agency(), agency));
                                       if (agency.time_zone().empty())
                                         agency.set_time_zone(std::string(kDefaultTimeZone));
                                       return absl::OkStatus();
                                     }));
          postgres::RecordChange(tx, stored.name(), "agency.changed");
          return stored;
        });
      });
}

}  // namespace teraju::identity
