#include "services/training/api/needs_service.h"

#include "common/api/list_page.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "common/postgres/record_change.h"
#include "common/time/western_day.h"
#include "services/training/api/authorized_read.h"
#include "services/training/api/needs_derivation.h"
#include "services/training/domain/lifecycle.h"
#include "services/training/store/need_store.h"

namespace teraju::training {

grpc::ServerUnaryReactor* NeedsService::ListNeeds(grpc::CallbackServerContext* context,
                                                  const v1::ListNeedsRequest* request,
                                                  v1::ListNeedsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListNeedsResponse> {
        NeedQuery query;
        ASSIGN_OR_RETURN(query.agency, api::ParseAgencyName(request->parent(), "parent"));
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(query.agency, request->parent()));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        query.fiscal_year = request->fiscal_year();
        query.employee = request->employee();
        query.unit = request->unit();
        query.state = request->state();
        query.after = page.after;
        query.limit = page.limit();
        ASSIGN_OR_RETURN(auto needs, database_.Read(call, [&](postgres::Transaction& tx) {
          return NeedStore(tx).List(query);
        }));
        v1::ListNeedsResponse list;
        api::FinishListPage(
            *request, page, std::move(needs), list.mutable_needs(), list, [](const v1::Need& last) {
              return std::vector<std::string>{last.weight().value(), api::IdOf(last.name())};
            });
        return list;
      });
}

grpc::ServerUnaryReactor* NeedsService::CreateNeed(grpc::CallbackServerContext* context,
                                                   const v1::CreateNeedRequest* request,
                                                   v1::Need* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Need> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        v1::Need need = request->need();
        RETURN_IF_ERROR(kEmployeeName.Parse(need.employee(), "need.employee").status());
        const auto line =
            identity_.ReportingLineOf(call, agency, need.employee(), time::WesternDay(call.time()));
        if (line.ok()) {
          need.mutable_unit_path()->Assign(line->unit_path.begin(), line->unit_path.end());
          need.set_appraiser(line->appraiser);
        }
        const NeedKey key{agency, StrongId<NeedTag>(NewUuid7(call.time()))};
        need.set_name(request->parent());
        RETURN_IF_ERROR(call.Authorize(PersonObject(agency, need)));
        RETURN_IF_ERROR(line.status());
        const bool self = call.principal().subject == SubjectOf(agency, need.employee());
        domain::EnterNeed(need, self ? v1::Need::SELF : v1::Need::SUPERIOR);
        need.set_fiscal_year(request->fiscal_year());
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "need.created");
          return NeedStore(tx).Insert(key, need);
        });
      });
}

grpc::ServerUnaryReactor* NeedsService::DeriveNeeds(grpc::CallbackServerContext* context,
                                                    const v1::DeriveNeedsRequest* request,
                                                    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(NeedsDerivation::CheckAgency(*request, agency));
        RETURN_IF_ERROR(evaluation_.CheckPublished(call, request->period()));
        const std::string key =
            request->parent() + "/needs/" + std::to_string(request->fiscal_year());
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return operations::Start(
              tx, "training", NeedsDerivation::kKind, agency.value(), key, *request);
        });
      });
}

grpc::ServerUnaryReactor* NeedsService::DismissNeed(grpc::CallbackServerContext* context,
                                                    const v1::DismissNeedRequest* request,
                                                    v1::Need* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Need> {
        ASSIGN_OR_RETURN(const NeedKey key, NeedKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(AuthorizedRead(
                            call,
                            database_,
                            key,
                            [&](postgres::Transaction& tx) { return NeedStore(tx).Get(key); },
                            [&](const v1::Need& need) { return PersonObject(key.agency, need); })
                            .status());
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "need.dismissed");
          return NeedStore(tx).Update(
              key, api::Precondition::FromEtag(request->etag()), [&](v1::Need& need) {
                return domain::DismissNeed(need, request->comment());
              });
        });
      });
}

}  // namespace teraju::training
