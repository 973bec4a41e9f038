// Methods of WorkPlansService about what a plan contains: copying, expectations, links, the form.
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/supported_goals.h"
#include "services/evaluation/api/work_plans_service.h"
#include "services/evaluation/domain/page.h"
#include "services/evaluation/domain/plan_amendment.h"
#include "services/evaluation/domain/plan_form.h"
#include "services/evaluation/domain/work_plan.h"
#include "services/evaluation/store/plan_change_store.h"
#include "services/evaluation/store/reminder_store.h"
#include "services/evaluation/store/work_plan_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {

absl::StatusOr<v1::WorkPlan> WorkPlansService::SourceOf(const CallContext& call,
                                                        const Key& target,
                                                        const std::string& source) {
  if (kPlanTemplateName.Matches(source)) {
    ASSIGN_OR_RETURN(const Key key, ParseKey(kPlanTemplateName, source, "source"));
    if (key.agency != target.agency) return errors::Denied(call.permission(), source);
    using Found = std::optional<v1::PlanTemplate>;
    ASSIGN_OR_RETURN(const Found found,
                     database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                       return PlanTemplateStore(tx).Find(key);
                     }));
    if (!found.has_value()) return errors::ResourceNotFound(source);
    return found->contents();
  }
  ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, source, "source"));
  using Found = std::optional<v1::WorkPlan>;
  ASSIGN_OR_RETURN(Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return WorkPlanStore(tx).Find(key);
                   }));
  const auth::Object object = found.has_value() ? SnapshotObject(found->snapshot(), source)
                                                : AgencyObject(key.agency, source);
  RETURN_IF_ERROR(call.Authorize("evaluation.workPlans.get", object));
  if (!found.has_value()) return errors::ResourceNotFound(source);
  return *std::move(found);
}

grpc::ServerUnaryReactor* WorkPlansService::CopyWorkPlan(grpc::CallbackServerContext* context,
                                                         const v1::CopyWorkPlanRequest* request,
                                                         v1::WorkPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        ASSIGN_OR_RETURN(const v1::WorkPlan source, SourceOf(call, key, request->source()));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::WorkPlan> {
              RecordChange(tx, request->name(), "workPlan.updated");
              return WorkPlanStore(tx).Update(
                  key, api::Precondition::FromEtag(request->etag()), [&](v1::WorkPlan& plan) {
                    domain::CopyContents(source, plan);
                    return domain::EditWorkPlan(plan);
                  });
            });
      });
}

grpc::ServerUnaryReactor* WorkPlansService::OfferHelp(grpc::CallbackServerContext* context,
                                                      const v1::OfferHelpRequest* request,
                                                      v1::WorkPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        v1::HelpOffer offer;
        offer.set_helper(request->helper());
        offer.set_course(request->course());
        offer.set_note(request->note());
        offer.set_offered_by(PersonName(key.agency, call.principal().subject));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::WorkPlan> {
              RecordChange(tx, request->name(), "workPlan.helpOffered");
              ASSIGN_OR_RETURN(
                  v1::WorkPlan plan,
                  WorkPlanStore(tx).Update(key,
                                           api::Precondition::FromEtag(request->etag()),
                                           [&](v1::WorkPlan& changed) {
                                             return domain::OfferHelp(changed, offer, call.time());
                                           }));
              ReminderStore(tx).Queue(
                  key.agency, {SubjectOf(plan.snapshot().employee())}, domain::ReminderKind::kHelp);
              return plan;
            });
      });
}

grpc::ServerUnaryReactor* WorkPlansService::SetExpectations(
    grpc::CallbackServerContext* context,
    const v1::SetExpectationsRequest* request,
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
              RecordChange(tx, request->name(), "workPlan.expectationsSet");
              return WorkPlanStore(tx).Update(
                  key, api::Precondition::FromEtag(request->etag()), [&](v1::WorkPlan& plan) {
                    *plan.mutable_behavior_expectations() = request->behavior_expectations();
                    return domain::SetExpectations(plan);
                  });
            });
      });
}

grpc::ServerUnaryReactor* WorkPlansService::ConfirmSupport(grpc::CallbackServerContext* context,
                                                           const v1::ConfirmSupportRequest* request,
                                                           v1::WorkPlan* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::WorkPlan> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->name(), "name"));
        ASSIGN_OR_RETURN(v1::WorkPlan asked, AuthorizePlan(database_, call, key));
        RETURN_IF_ERROR(domain::ConfirmSupport(asked, *request, {}));
        ASSIGN_OR_RETURN(const SupportedGoals known, AskCatalog(catalog_, call, asked));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::WorkPlan> {
              RecordChange(tx, request->name(), "workPlan.supportConfirmed");
              return WorkPlanStore(tx).Update(
                  key,
                  api::Precondition::FromEtag(request->etag()),
                  [&](v1::WorkPlan& plan) -> absl::Status {
                    RETURN_IF_ERROR(domain::ConfirmSupport(plan, *request, known.indicators));
                    return CheckSupports(tx, plan, known);
                  });
            });
      });
}

absl::StatusOr<std::map<std::string, std::string>> WorkPlansService::TitlesOf(
    const CallContext& call, const v1::WorkPlan& plan) {
  std::map<std::string, std::string> titles;
  std::vector<std::string> items;
  for (const v1::WorkPlanItem& item : plan.items()) {
    if (item.supports().empty() || titles.contains(item.supports())) continue;
    if (kItemName.Matches(item.supports())) {
      items.push_back(item.supports());
      continue;
    }
    ASSIGN_OR_RETURN(const std::optional<std::string> title,
                     catalog_.FindTitle(call, item.supports()));
    if (title.has_value()) titles[item.supports()] = *title;
  }
  if (items.empty()) return titles;
  using Found = std::map<std::string, WorkPlanStore::ItemFacts>;
  ASSIGN_OR_RETURN(const Found found,
                   database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
                     return WorkPlanStore(tx).FindItems(std::string(api::AgencyOf(plan.name())),
                                                        items);
                   }));
  for (const auto& [name, facts] : found) titles[name] = facts.title;
  return titles;
}

grpc::ServerUnaryReactor* WorkPlansService::PrintWorkPlan(grpc::CallbackServerContext* context,
                                                          const v1::PrintWorkPlanRequest* request,
                                                          google::api::HttpBody* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::api::HttpBody> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::WorkPlan plan, AuthorizePlan(database_, call, key));
        ASSIGN_OR_RETURN(const Language language, domain::ParseLanguage(request->language_code()));
        domain::PlanForm form{.plan = plan, .language = language};
        const v1::Snapshot& snapshot = plan.snapshot();
        // As they were when the segment ended: both may have gone elsewhere since.
        ASSIGN_OR_RETURN(
            form.person,
            people_.GetCard(call, snapshot.employee(), snapshot.unit(), snapshot.end_date()));
        ASSIGN_OR_RETURN(form.appraiser,
                         people_.GetCard(call, snapshot.appraiser(), "", snapshot.end_date()));
        ASSIGN_OR_RETURN(form.titles, TitlesOf(call, plan));
        ASSIGN_OR_RETURN(form.behaviors, catalog_.ListBehaviors(call, key.agency));
        // The form bears the person's NIP.
        RETURN_IF_ERROR(RecordReading(database_, call, snapshot, plan.name(), "workPlan.read"));
        google::api::HttpBody body;
        body.set_content_type("text/html; charset=utf-8");
        body.set_data(domain::RenderPlanForm(form));
        return body;
      });
}

}  // namespace teraju::evaluation
