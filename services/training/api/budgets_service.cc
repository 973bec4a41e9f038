#include "services/training/api/budgets_service.h"

#include "common/api/list_page.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/api/objects.h"
#include "services/training/domain/course.h"
#include "services/training/store/budget_store.h"

namespace teraju::training {

grpc::ServerUnaryReactor* BudgetsService::ListBudgets(grpc::CallbackServerContext* context,
                                                      const v1::ListBudgetsRequest* request,
                                                      v1::ListBudgetsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListBudgetsResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        ASSIGN_OR_RETURN(auto budgets, database_.Read(call, [&](postgres::Transaction& tx) {
          return BudgetStore(tx).List(
              agency, request->fiscal_year(), page.after_or_empty(0), page.limit());
        }));
        v1::ListBudgetsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(budgets),
                            list.mutable_budgets(),
                            list,
                            [](const v1::Budget& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* BudgetsService::CreateBudget(grpc::CallbackServerContext* context,
                                                       const v1::CreateBudgetRequest* request,
                                                       v1::Budget* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Budget> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(domain::CheckBudget(request->budget()));
        const BudgetKey key{agency, StrongId<BudgetTag>(NewUuid7(call.time()))};
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Budget> {
          RecordChange(tx, key.Name(), "budget.created");
          return BudgetStore(tx).Insert(key, request->budget());
        });
      });
}

}  // namespace teraju::training
