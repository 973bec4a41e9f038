#include "services/evaluation/api/plan_amendments_service.h"

#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/field_mask.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/api/supported_goals.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/plan_amendment.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/domain/work_plan.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/plan_change_store.h"
#include "services/evaluation/store/work_plan_store.h"

namespace teraju::evaluation {
namespace {

// A plan as it would be with the contents of the amendment.
v1::WorkPlan Proposed(const v1::WorkPlan& plan, const v1::PlanAmendment& amendment) {
  v1::WorkPlan proposed = plan;
  *proposed.mutable_items() = amendment.contents().items();
  return proposed;
}

// Checks a proposal against the plan as it is; that a plan has one open proposal, the database
// keeps.
absl::Status CheckProposal(postgres::Transaction& tx,
                           const Key& key,
                           const SupportedGoals& known,
                           v1::PlanAmendment& amendment) {
  const std::optional<v1::WorkPlan> plan = WorkPlanStore(tx).Find(key);
  if (!plan.has_value())
    return errors::ResourceNotFound(kWorkPlanName.Format({key.agency, key.id}));
  ASSIGN_OR_RETURN(const CycleKey cycle_key, ParseCycle(plan->cycle(), "cycle"));
  ASSIGN_OR_RETURN(const v1::Cycle cycle, CycleStore(tx).Get(cycle_key));
  RETURN_IF_ERROR(domain::CheckCycleOpen(cycle.state(), cycle.name()));
  RETURN_IF_ERROR(domain::CheckAmendment(*plan, PlanAmendmentStore(tx).FindUsed(key), amendment));
  return CheckSupports(tx, Proposed(*plan, amendment), known);
}

absl::StatusOr<PlanChildKey> AmendmentKey(const std::string& name, std::string_view field) {
  return ParsePlanChild(kAmendmentName, name, field);
}

}  // namespace

absl::StatusOr<v1::PlanAmendment> PlanAmendmentsService::Change(const CallContext& call,
                                                                const std::string& name,
                                                                const std::string& etag,
                                                                const std::string& type,
                                                                Rule rule) {
  ASSIGN_OR_RETURN(const PlanChildKey key, AmendmentKey(name, "name"));
  RETURN_IF_ERROR(AuthorizePlan(database_, call, key.plan_key()).status());
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::PlanAmendment> {
    RecordChange(tx, name, type);
    return PlanAmendmentStore(tx).Update(
        key, api::Precondition::FromEtag(etag), [&](v1::PlanAmendment& amendment) {
          return rule(tx, amendment);
        });
  });
}

grpc::ServerUnaryReactor* PlanAmendmentsService::ListPlanAmendments(
    grpc::CallbackServerContext* context,
    const v1::ListPlanAmendmentsRequest* request,
    v1::ListPlanAmendmentsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListPlanAmendmentsResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Amendments = std::vector<v1::PlanAmendment>;
        ASSIGN_OR_RETURN(
            Amendments amendments,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Amendments> {
              return PlanAmendmentStore(tx).List(key, page);
            }));
        v1::ListPlanAmendmentsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(amendments), *reply.mutable_amendments()));
        return reply;
      });
}

grpc::ServerUnaryReactor* PlanAmendmentsService::CreatePlanAmendment(
    grpc::CallbackServerContext* context,
    const v1::CreatePlanAmendmentRequest* request,
    v1::PlanAmendment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PlanAmendment> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        ASSIGN_OR_RETURN(const v1::WorkPlan seen, AuthorizePlan(database_, call, key));
        ASSIGN_OR_RETURN(const SupportedGoals known,
                         AskCatalog(catalog_, call, Proposed(seen, request->amendment())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::PlanAmendment> {
              v1::PlanAmendment amendment = request->amendment();
              amendment.set_state(v1::PlanAmendment::SUBMITTED);
              domain::SetTime(*amendment.mutable_create_time(), call.time());
              RETURN_IF_ERROR(CheckProposal(tx, key, known, amendment));
              ASSIGN_OR_RETURN(v1::PlanAmendment made,
                               PlanAmendmentStore(tx).Insert(
                                   {key.agency, key.id, NewUuid7(call.time())}, amendment));
              RecordChange(tx, made.name(), "amendment.submitted");
              return made;
            });
      });
}

grpc::ServerUnaryReactor* PlanAmendmentsService::UpdatePlanAmendment(
    grpc::CallbackServerContext* context,
    const v1::UpdatePlanAmendmentRequest* request,
    v1::PlanAmendment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PlanAmendment> {
        const v1::PlanAmendment& update = request->amendment();
        ASSIGN_OR_RETURN(const PlanChildKey key, AmendmentKey(update.name(), "amendment.name"));
        ASSIGN_OR_RETURN(const v1::WorkPlan seen, AuthorizePlan(database_, call, key.plan_key()));
        ASSIGN_OR_RETURN(v1::PlanAmendment merged, FindAmendment(call, key));
        RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, merged));
        ASSIGN_OR_RETURN(const SupportedGoals known,
                         AskCatalog(catalog_, call, Proposed(seen, merged)));
        return Change(
            call,
            update.name(),
            update.etag(),
            "amendment.submitted",
            [&](postgres::Transaction& tx, v1::PlanAmendment& amendment) -> absl::Status {
              RETURN_IF_ERROR(domain::ChangeAmendment(amendment, domain::AmendmentAction::kSubmit));
              RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, amendment));
              return CheckProposal(tx, key.plan_key(), known, amendment);
            });
      });
}

absl::StatusOr<v1::PlanAmendment> PlanAmendmentsService::FindAmendment(const CallContext& call,
                                                                       const PlanChildKey& key) {
  using Found = std::optional<v1::PlanAmendment>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return PlanAmendmentStore(tx).Find(key);
                   }));
  if (found.has_value()) return *std::move(found);
  return errors::ResourceNotFound(kAmendmentName.Format({key.agency, key.plan, key.id}));
}

absl::StatusOr<v1::PlanAmendment> PlanAmendmentsService::Approve(
    const CallContext& call, const v1::ApprovePlanAmendmentRequest& request) {
  ASSIGN_OR_RETURN(const PlanChildKey key, AmendmentKey(request.name(), "name"));
  ASSIGN_OR_RETURN(const v1::WorkPlan seen, AuthorizePlan(database_, call, key.plan_key()));
  ASSIGN_OR_RETURN(const v1::PlanAmendment proposal, FindAmendment(call, key));
  ASSIGN_OR_RETURN(const SupportedGoals known,
                   AskCatalog(catalog_, call, Proposed(seen, proposal)));
  return Change(
      call,
      request.name(),
      request.etag(),
      "amendment.approved",
      [&](postgres::Transaction& tx, v1::PlanAmendment& amendment) -> absl::Status {
        RETURN_IF_ERROR(domain::ChangeAmendment(amendment, domain::AmendmentAction::kApprove));
        RETURN_IF_ERROR(CheckProposal(tx, key.plan_key(), known, amendment));
        WorkPlanStore plans(tx);
        ASSIGN_OR_RETURN(
            const v1::WorkPlan plan,
            plans.Update(key.plan_key(), api::Precondition::None(), [&](v1::WorkPlan& changed) {
              domain::AmendPlan(amendment, changed);
              SettleSupports(tx, known, changed);
              AskForResources(tx, key.plan_key(), changed);
              return absl::OkStatus();
            }));
        plans.InsertRevision(key.plan_key(), plan);
        plans.DecideRevision(key.plan_key(), plan, amendment.reason());
        amendment.set_decided_by(PersonName(key.agency, call.principal().subject));
        domain::SetTime(*amendment.mutable_decide_time(), call.time());
        RecordChange(tx,
                     plan.name(),
                     "workPlan.amended",
                     absl::StrCat(R"({"revision":)", plan.revision(), "}"));
        return absl::OkStatus();
      });
}

grpc::ServerUnaryReactor* PlanAmendmentsService::ApprovePlanAmendment(
    grpc::CallbackServerContext* context,
    const v1::ApprovePlanAmendmentRequest* request,
    v1::PlanAmendment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Approve(call, *request);
  });
}

grpc::ServerUnaryReactor* PlanAmendmentsService::ReturnPlanAmendment(
    grpc::CallbackServerContext* context,
    const v1::ReturnPlanAmendmentRequest* request,
    v1::PlanAmendment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "amendment.returned",
                  [&](postgres::Transaction&, v1::PlanAmendment& amendment) {
                    amendment.set_comment(request->comment());
                    return domain::ChangeAmendment(amendment, domain::AmendmentAction::kReturn);
                  });
  });
}

grpc::ServerUnaryReactor* PlanAmendmentsService::WithdrawPlanAmendment(
    grpc::CallbackServerContext* context,
    const v1::WithdrawPlanAmendmentRequest* request,
    v1::PlanAmendment* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "amendment.withdrawn",
                  [](postgres::Transaction&, v1::PlanAmendment& amendment) {
                    return domain::ChangeAmendment(amendment, domain::AmendmentAction::kWithdraw);
                  });
  });
}

}  // namespace teraju::evaluation
