#include "services/evaluation/api/plan_templates_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "absl/strings/str_cat.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/plan_amendment.h"
#include "services/evaluation/store/cycle_store.h"
#include "services/evaluation/store/plan_change_store.h"

namespace teraju::evaluation {

grpc::ServerUnaryReactor* PlanTemplatesService::ListPlanTemplates(
    grpc::CallbackServerContext* context,
    const v1::ListPlanTemplatesRequest* request,
    v1::ListPlanTemplatesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListPlanTemplatesResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.AuthorizeList(AgencyId(agency), request->parent()).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Templates = std::vector<v1::PlanTemplate>;
        ASSIGN_OR_RETURN(
            Templates templates,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Templates> {
              return PlanTemplateStore(tx).List(agency, page);
            }));
        v1::ListPlanTemplatesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(templates), *reply.mutable_plan_templates()));
        return reply;
      });
}

grpc::ServerUnaryReactor* PlanTemplatesService::CreatePlanTemplate(
    grpc::CallbackServerContext* context,
    const v1::CreatePlanTemplateRequest* request,
    v1::PlanTemplate* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PlanTemplate> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        v1::PlanTemplate plan_template = request->plan_template();
        RETURN_IF_ERROR(domain::CheckTemplate(plan_template));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::PlanTemplate> {
              v1::PlanTemplate made =
                  PlanTemplateStore(tx).Insert({agency, NewUuid7(call.time())}, plan_template);
              RecordChange(tx, made.name(), "planTemplate.created");
              return made;
            });
      });
}

grpc::ServerUnaryReactor* PlanTemplatesService::DeletePlanTemplate(
    grpc::CallbackServerContext* context,
    const v1::DeletePlanTemplateRequest* request,
    google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kPlanTemplateName, request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::protobuf::Empty> {
              PlanTemplateStore(tx).Delete(key);
              RecordChange(tx, request->name(), "planTemplate.deleted");
              return google::protobuf::Empty();
            });
      });
}

grpc::ServerUnaryReactor* PlanTemplatesService::ApplyPlanTemplate(
    grpc::CallbackServerContext* context,
    const v1::ApplyPlanTemplateRequest* request,
    v1::ApplyPlanTemplateResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ApplyPlanTemplateResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kPlanTemplateName, request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        ASSIGN_OR_RETURN(const CycleKey cycle, ParseCycle(request->cycle(), "cycle"));
        if (cycle.agency != key.agency) return errors::Denied(call.permission(), request->cycle());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ApplyPlanTemplateResponse> {
              PlanTemplateStore store(tx);
              const std::optional<v1::PlanTemplate> found = store.Find(key);
              if (!found.has_value()) return errors::ResourceNotFound(request->name());
              ASSIGN_OR_RETURN(const v1::Cycle opened, CycleStore(tx).Get(cycle));
              RETURN_IF_ERROR(domain::CheckCycleOpen(opened.state(), opened.name()));
              v1::ApplyPlanTemplateResponse reply;
              reply.set_plans(store.Apply(*found, cycle, IdOf(request->unit())));
              RecordChange(tx,
                           found->name(),
                           "planTemplate.applied",
                           absl::StrCat(R"({"plans":)", reply.plans(), "}"));
              return reply;
            });
      });
}

}  // namespace teraju::evaluation
