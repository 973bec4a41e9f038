#include "services/evaluation/api/work_plans_service.h"

#include <limits>
#include <optional>
#include <utility>

#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/api/field_mask.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/deadline_keeping.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/api/supported_goals.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/work_plan.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/work_plan_store.h"

namespace teraju::evaluation {
namespace {

absl::StatusOr<WorkPlanQuery> QueryOf(const CallContext& call,
                                      const v1::ListWorkPlansRequest& request) {
  ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request.parent(), "parent"));
  WorkPlanQuery query;
  ASSIGN_OR_RETURN(query.snapshot.scope, call.AuthorizeList(AgencyId(agency), request.parent()));
  ASSIGN_OR_RETURN(query.page, PageOf(request));
  query.snapshot.caller = call.principal().subject;
  query.snapshot.employee = SubjectOf(request.employee());
  query.snapshot.appraiser = SubjectOf(request.appraiser());
  query.snapshot.unit = IdOf(request.unit());
  query.cycle = IdOf(request.cycle());
  query.state = request.state();
  query.idle_days = request.idle_days();
  query.supports = request.supports();
  query.without_segment = request.without_segment();
  return query;
}

// Nothing in a closed cycle changes. Read in the transaction of the change.
absl::Status CheckCycle(postgres::Transaction& tx, const v1::WorkPlan& plan) {
  ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(plan.cycle(), "cycle"));
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(key));
  // A draft: the opening is still adding plans.
  return cycle.state() == v1::Cycle::DRAFT ? absl::OkStatus()
                                           : domain::CheckCycleOpen(cycle.state(), cycle.name());
}

absl::Status CheckInTime(postgres::Transaction& tx, const v1::WorkPlan& plan) {
  ASSIGN_OR_RETURN(const CycleKey key, ParseCycle(plan.cycle(), "cycle"));
  return CheckDeadline(tx,
                       {key.agency, key.cycle, domain::kWorkPlansDeadline},
                       [&plan](absl::Time due_time) { return domain::Binds(due_time, plan); });
}

std::string RevisionDetails(const v1::WorkPlan& plan) {
  return absl::StrCat(R"({"revision":)", plan.revision(), "}");
}

}  // namespace

grpc::ServerUnaryReactor* WorkPlansService::GetWorkPlan(grpc::CallbackServerContext* context,
                                                        const v1::GetWorkPlanRequest* request,
                                                        v1::WorkPlan* response) {
  return pipeline_.Unary(context,
                         request,
                         response,
                         [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
                           ASSIGN_OR_RETURN(const Key key,
                                            ParseKey(kWorkPlanName, request->name(), "name"));
                           return AuthorizePlan(database_, call, key);
                         });
}

grpc::ServerUnaryReactor* WorkPlansService::ListWorkPlans(grpc::CallbackServerContext* context,
                                                          const v1::ListWorkPlansRequest* request,
                                                          v1::ListWorkPlansResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListWorkPlansResponse> {
        ASSIGN_OR_RETURN(const WorkPlanQuery query, QueryOf(call, *request));
        const std::string agency = IdOf(request->parent());
        ASSIGN_OR_RETURN(
            std::vector<v1::WorkPlan> plans,
            database_.Read(
                call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<v1::WorkPlan>> {
                  return WorkPlanStore(tx).List(agency, query);
                }));
        v1::ListWorkPlansResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(plans), *reply.mutable_work_plans()));
        return reply;
      });
}

grpc::ServerUnaryReactor* WorkPlansService::UpdateWorkPlan(grpc::CallbackServerContext* context,
                                                           const v1::UpdateWorkPlanRequest* request,
                                                           v1::WorkPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
        const v1::WorkPlan& update = request->work_plan();
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, update.name(), "workPlan.name"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::WorkPlan> {
              RecordChange(tx, update.name(), "workPlan.updated");
              return WorkPlanStore(tx).Update(
                  key,
                  api::Precondition::FromEtag(update.etag()),
                  [&](v1::WorkPlan& plan) -> absl::Status {
                    RETURN_IF_ERROR(CheckCycle(tx, plan));
                    RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, plan));
                    return domain::EditWorkPlan(plan);
                  });
            });
      });
}

grpc::ServerUnaryReactor* WorkPlansService::SubmitWorkPlan(grpc::CallbackServerContext* context,
                                                           const v1::SubmitWorkPlanRequest* request,
                                                           v1::WorkPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::WorkPlan seen, AuthorizePlan(database_, call, key));
        ASSIGN_OR_RETURN(const SupportedGoals known, AskCatalog(catalog_, call, seen));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::WorkPlan> {
              WorkPlanStore store(tx);
              ASSIGN_OR_RETURN(
                  v1::WorkPlan plan,
                  store.Update(key,
                               api::Precondition::FromEtag(request->etag()),
                               [&](v1::WorkPlan& changed) -> absl::Status {
                                 RETURN_IF_ERROR(CheckCycle(tx, changed));
                                 RETURN_IF_ERROR(CheckInTime(tx, changed));
                                 RETURN_IF_ERROR(domain::SubmitWorkPlan(changed, call.time()));
                                 return CheckSupports(tx, changed, known);
                               }));
              store.InsertRevision(key, plan);
              RecordChange(tx, plan.name(), "workPlan.submitted", RevisionDetails(plan));
              return plan;
            });
      });
}

grpc::ServerUnaryReactor* WorkPlansService::ApproveWorkPlan(
    grpc::CallbackServerContext* context,
    const v1::ApproveWorkPlanRequest* request,
    v1::WorkPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::WorkPlan seen, AuthorizePlan(database_, call, key));
        ASSIGN_OR_RETURN(const SupportedGoals known, AskCatalog(catalog_, call, seen));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::WorkPlan> {
              WorkPlanStore store(tx);
              ASSIGN_OR_RETURN(v1::WorkPlan plan,
                               store.Update(key,
                                            api::Precondition::FromEtag(request->etag()),
                                            [&](v1::WorkPlan& changed) -> absl::Status {
                                              RETURN_IF_ERROR(CheckCycle(tx, changed));
                                              RETURN_IF_ERROR(domain::ApproveWorkPlan(
                                                  changed, known.indicators, call.time()));
                                              RETURN_IF_ERROR(CheckSupports(tx, changed, known));
                                              SettleSupports(tx, known, changed);
                                              AskForResources(tx, key, changed);
                                              return absl::OkStatus();
                                            }));
              store.DecideRevision(key, plan, "");
              RecordChange(tx, plan.name(), "workPlan.approved", RevisionDetails(plan));
              return plan;
            });
      });
}

grpc::ServerUnaryReactor* WorkPlansService::ReturnWorkPlan(grpc::CallbackServerContext* context,
                                                           const v1::ReturnWorkPlanRequest* request,
                                                           v1::WorkPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::WorkPlan> {
              WorkPlanStore store(tx);
              ASSIGN_OR_RETURN(v1::WorkPlan plan,
                               store.Update(key,
                                            api::Precondition::FromEtag(request->etag()),
                                            [&](v1::WorkPlan& changed) -> absl::Status {
                                              RETURN_IF_ERROR(CheckCycle(tx, changed));
                                              return domain::ReturnWorkPlan(changed,
                                                                            request->comment());
                                            }));
              store.DecideRevision(key, plan, request->comment());
              RecordChange(tx, plan.name(), "workPlan.returned", RevisionDetails(plan));
              return plan;
            });
      });
}

grpc::ServerUnaryReactor* WorkPlansService::ListWorkPlanRevisions(
    grpc::CallbackServerContext* context,
    const v1::ListWorkPlanRevisionsRequest* request,
    v1::ListWorkPlanRevisionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListWorkPlanRevisionsResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        int before = 0;
        if (!page.after.empty() && !absl::SimpleAtoi(page.after, &before))
          before = std::numeric_limits<int>::max();
        using Revisions = std::vector<v1::WorkPlanRevision>;
        ASSIGN_OR_RETURN(
            Revisions revisions,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Revisions> {
              return WorkPlanStore(tx).ListRevisions(key, before, page.size);
            }));
        v1::ListWorkPlanRevisionsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(revisions), *reply.mutable_revisions()));
        return reply;
      });
}

}  // namespace teraju::evaluation
