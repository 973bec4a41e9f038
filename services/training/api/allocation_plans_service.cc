#include "services/training/api/allocation_plans_service.h"

#include <charconv>

#include "common/api/list_page.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "common/postgres/record_change.h"
#include "services/training/api/authorized_read.h"
#include "services/training/api/plan_approval.h"
#include "services/training/api/plan_simulation.h"
#include "services/training/api/plan_solver.h"
#include "services/training/domain/allocation.h"
#include "services/training/store/budget_store.h"
#include "services/training/store/course_store.h"
#include "services/training/store/plan_store.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training {
grpc::ServerUnaryReactor* AllocationPlansService::GetAllocationPlan(
    grpc::CallbackServerContext* context,
    const v1::GetAllocationPlanRequest* request,
    v1::AllocationPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AllocationPlan> {
        ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request->name(), "name"));
        return AuthorizedRead(call, database_, key, [&](postgres::Transaction& tx) {
          return PlanStore(tx).Get(key);
        });
      });
}

grpc::ServerUnaryReactor* AllocationPlansService::ListAllocationPlans(
    grpc::CallbackServerContext* context,
    const v1::ListAllocationPlansRequest* request,
    v1::ListAllocationPlansResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListAllocationPlansResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        ASSIGN_OR_RETURN(auto plans, database_.Read(call, [&](postgres::Transaction& tx) {
          return PlanStore(tx).List(agency, page.after_or_empty(0), page.limit());
        }));
        v1::ListAllocationPlansResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(plans),
                            list.mutable_allocation_plans(),
                            list,
                            [](const v1::AllocationPlan& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* AllocationPlansService::CreateAllocationPlan(
    grpc::CallbackServerContext* context,
    const v1::CreateAllocationPlanRequest* request,
    v1::AllocationPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AllocationPlan> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        const PlanKey key{agency, StrongId<PlanTag>(NewUuid7(call.time()))};
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::AllocationPlan> {
              RecordChange(tx, key.Name(), "allocationPlan.created");
              return PlanStore(tx).Insert(key, request->allocation_plan());
            });
      });
}

grpc::ServerUnaryReactor* AllocationPlansService::SolveAllocationPlan(
    grpc::CallbackServerContext* context,
    const v1::SolveAllocationPlanRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
              ASSIGN_OR_RETURN(const v1::AllocationPlan plan, PlanStore(tx).Get(key));
              RETURN_IF_ERROR(domain::CheckSolvable(plan));
              ASSIGN_OR_RETURN(const auto budgets,
                               BudgetStore(tx).List(key.agency, plan.fiscal_year(), "", 1));
              if (budgets.empty()) {
                return errors::FailedPrecondition(v1::BUDGET_MISSING, "There is no budget.")
                    .With("fiscal_year", std::to_string(plan.fiscal_year()));
              }
              return operations::Start(
                  tx, "training", PlanSolver::kKind, key.agency.value(), key.Name(), *request);
            });
      });
}

grpc::ServerUnaryReactor* AllocationPlansService::ApproveAllocationPlan(
    grpc::CallbackServerContext* context,
    const v1::ApproveAllocationPlanRequest* request,
    v1::AllocationPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AllocationPlan> {
        ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::AllocationPlan> {
              PlanStore plans(tx);
              const auto approve = [&](v1::AllocationPlan& plan) {
                CourseStore(tx).LockYear(key.agency, plan.fiscal_year());
                BudgetStore(tx).LockYear(key.agency, plan.fiscal_year());
                return domain::ApprovePlan(
                    plan, plans.BasisNow(key.agency, plan.fiscal_year()) == plans.BasisOf(key));
              };
              ASSIGN_OR_RETURN(
                  v1::AllocationPlan plan,
                  plans.Update(key, api::Precondition::FromEtag(request->etag()), approve));
              RecordChange(tx, key.Name(), "allocationPlan.approved");
              RETURN_IF_ERROR(Enact(tx, key, plan));
              return plan;
            });
      });
}

grpc::ServerUnaryReactor* AllocationPlansService::SimulateAllocationPlan(
    grpc::CallbackServerContext* context,
    const v1::SimulateAllocationPlanRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::longrunning::Operation> {
              // What is wrong with the request is told at once.
              RETURN_IF_ERROR(PlanSimulation::Prepare(tx, *request).status());
              return operations::Start(tx,
                                       "training",
                                       PlanSimulation::kKind,
                                       key.agency.value(),
                                       key.Name() + ":simulate",
                                       *request);
            });
      });
}

grpc::ServerUnaryReactor* AllocationPlansService::RepairAllocationPlan(
    grpc::CallbackServerContext* context,
    const v1::RepairAllocationPlanRequest* request,
    v1::AllocationPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AllocationPlan> {
        ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        const PlanKey repair{key.agency, StrongId<PlanTag>(NewUuid7(call.time()))};
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::AllocationPlan> {
              ASSIGN_OR_RETURN(const v1::AllocationPlan approved, PlanStore(tx).Get(key));
              ASSIGN_OR_RETURN(const v1::AllocationPlan draft, domain::RepairPlan(approved));
              RecordChange(tx, repair.Name(), "allocationPlan.created");
              return PlanStore(tx).Insert(repair, draft);
            });
      });
}

grpc::ServerUnaryReactor* AllocationPlansService::ListAllocationDecisions(
    grpc::CallbackServerContext* context,
    const v1::ListAllocationDecisionsRequest* request,
    v1::ListAllocationDecisionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListAllocationDecisionsResponse> {
        ASSIGN_OR_RETURN(const PlanKey key, PlanKey::Parse(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        const std::string after = page.after_or_empty(0);
        int position = 0;
        std::from_chars(after.data(), after.data() + after.size(), position);
        ASSIGN_OR_RETURN(auto decisions, database_.Read(call, [&](postgres::Transaction& tx) {
          return PlanStore(tx).ListDecisions(key, request->refused_only(), position, page.limit());
        }));
        v1::ListAllocationDecisionsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(decisions),
                            list.mutable_decisions(),
                            list,
                            [](const v1::AllocationDecision& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

}  // namespace teraju::training
