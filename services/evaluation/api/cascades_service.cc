#include "services/evaluation/api/cascades_service.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/cascade.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/scoring_store.h"
#include "services/evaluation/store/work_plan_store.h"

namespace teraju::evaluation {
namespace {

using Plans = std::vector<v1::WorkPlan>;

// The person's earlier plans with what was reached in the end.
std::vector<domain::PastPlan> PastOf(postgres::Transaction& tx, const v1::WorkPlan& plan) {
  const std::string agency(api::AgencyOf(plan.name()));
  std::vector<domain::PastPlan> past;
  std::vector<std::string> ids;
  for (v1::WorkPlan& one : WorkPlanStore(tx).FindPast(plan)) {
    ids.push_back(IdOf(one.name()));
    past.push_back({std::move(one), {}});
  }
  if (past.empty()) return past;
  const auto activities =
      ScoringStore(tx).Activities(agency, ids, past.front().plan.snapshot().end_date());
  for (std::size_t i = 0; i < past.size(); ++i) {
    const auto found = activities.find(ids[i]);
    if (found == activities.end()) continue;
    for (const domain::Activity& activity : found->second) {
      if (activity.realisation.has_value())
        past[i].realised[activity.item_id + "/" + activity.indicator_id] = *activity.realisation;
    }
  }
  return past;
}

}  // namespace

grpc::ServerUnaryReactor* CascadesService::GetCascadeReport(
    grpc::CallbackServerContext* context,
    const v1::GetCascadeReportRequest* request,
    v1::CascadeReport* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::CascadeReport> {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         kCascadeReportName.Parse(request->name(), "name"));
        const CycleKey cycle{ids[0], ids[1]};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(cycle.agency, request->name())));
        std::vector<domain::CascadeGoal> goals;
        if (request->unit().empty()) {
          ASSIGN_OR_RETURN(goals, catalog_.ListGoals(call, cycle.agency));
        }
        ASSIGN_OR_RETURN(
            const Plans plans,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Plans> {
              RETURN_IF_ERROR(CycleStore(tx).Get(cycle).status());
              return WorkPlanStore(tx).ListWritten(cycle, IdOf(request->unit()));
            }));
        v1::CascadeReport report = domain::MakeCascadeReport(plans, goals);
        report.set_name(request->name());
        return report;
      });
}

grpc::ServerUnaryReactor* CascadesService::GetTargetHints(grpc::CallbackServerContext* context,
                                                          const v1::GetTargetHintsRequest* request,
                                                          v1::TargetHints* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::TargetHints> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kTargetHintsName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::WorkPlan plan, AuthorizePlan(database_, call, key));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::TargetHints> {
              v1::TargetHints reply;
              reply.set_name(request->name());
              for (v1::TargetHint& hint : domain::MakeTargetHints(
                       plan, WorkPlanStore(tx).FindPeers(plan), PastOf(tx, plan))) {
                *reply.add_hints() = std::move(hint);
              }
              return reply;
            });
      });
}

}  // namespace teraju::evaluation
