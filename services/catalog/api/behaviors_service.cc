#include "services/catalog/api/behaviors_service.h"

#include "common/api/list_page.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/catalog/api/objects.h"
#include "services/catalog/domain/national_sets.h"
#include "services/catalog/store/behavior_store.h"

namespace teraju::catalog {

grpc::ServerUnaryReactor* BehaviorsService::ListBehaviors(grpc::CallbackServerContext* context,
                                                          const v1::ListBehaviorsRequest* request,
                                                          v1::ListBehaviorsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListBehaviorsResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        ASSIGN_OR_RETURN(auto behaviors, database_.Read(call, [&](postgres::Transaction& tx) {
          return BehaviorStore(tx).List(agency, page.after_or_empty(0), page.limit());
        }));
        v1::ListBehaviorsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(behaviors),
                            list.mutable_behaviors(),
                            list,
                            [](const v1::Behavior& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* BehaviorsService::CreateBehavior(grpc::CallbackServerContext* context,
                                                           const v1::CreateBehaviorRequest* request,
                                                           v1::Behavior* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Behavior> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        const BehaviorKey key{
            agency,
            StrongId<BehaviorTag>(request->behavior_id().empty() ? NewUuid7(call.time())
                                                                 : request->behavior_id())};
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "behavior.created");
          return BehaviorStore(tx).Insert(key, request->behavior());
        });
      });
}

grpc::ServerUnaryReactor* BehaviorsService::AdoptBehaviors(grpc::CallbackServerContext* context,
                                                           const v1::AdoptBehaviorsRequest* request,
                                                           v1::AdoptBehaviorsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AdoptBehaviorsResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const auto set, domain::NationalBehaviors(request->set()));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::AdoptBehaviorsResponse> {
              v1::AdoptBehaviorsResponse adopted;
              BehaviorStore behaviors(tx);
              for (const v1::Behavior& behavior : set) {
                const BehaviorKey key{agency, StrongId<BehaviorTag>(behavior.name())};
                auto stored = behaviors.Insert(key, behavior);
                if (stored.ok()) {
                  RecordChange(tx, key.Name(), "behavior.created");
                } else if (absl::IsAlreadyExists(stored.status())) {
                  stored = behaviors.Get(key);
                }
                RETURN_IF_ERROR(stored.status());
                *adopted.add_behaviors() = *std::move(stored);
              }
              return adopted;
            });
      });
}

}  // namespace teraju::catalog
