#include "services/feedback/api/improvements_service.h"

#include <string>
#include <utility>
#include <vector>

#include "common/api/field_mask.h"
#include "common/api/list_page.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/improvement.h"
#include "services/feedback/domain/timestamp.h"
#include "services/feedback/store/improvement_store.h"
#include "services/feedback/store/survey_store.h"

namespace teraju::feedback {
namespace {

absl::Status CheckDueDate(const v1::ImprovementAction& action) {
  if (time::ToCivilDay(action.due_date()).ok()) return absl::OkStatus();
  errors::FieldViolations violations;
  violations.Add("improvementAction.dueDate",
                 "DATE_INVALID",
                 "Isi tanggal yang lengkap dan ada di kalender.",
                 "Give a whole date that the calendar has.");
  return violations.ToStatus();
}

using Actions = std::vector<v1::ImprovementAction>;

absl::StatusOr<Actions> ReadPage(postgres::Database& database,
                                 const CallContext& call,
                                 const AgencyId& agency,
                                 const std::string& unit,
                                 const api::ListPage& page) {
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Actions> {
    return ImprovementStore(tx).List(agency, unit, page.after_or_empty(0), page.limit());
  });
}

std::vector<std::string> TokenOf(const v1::ImprovementAction& last) {
  return {api::IdOf(last.name())};
}

}  // namespace

absl::Status ImprovementActionsService::AuthorizeAction(const CallContext& call,
                                                        const ImprovementKey& key) {
  auth::Object object = AgencyObject(key.agency, key.Name());
  const absl::Status read = database_.Read(call, [&](postgres::Transaction& tx) -> absl::Status {
    const auto found = ImprovementStore(tx).Get(key);
    if (!found.ok()) return absl::OkStatus();
    object.unit_path = ImprovementStore(tx).FindUnitPath(key);
    ASSIGN_OR_RETURN(object.person, ParsePerson(key.agency, found->owner(), "owner"));
    return absl::OkStatus();
  });
  RETURN_IF_ERROR(read);
  return call.Authorize(object);
}

grpc::ServerUnaryReactor* ImprovementActionsService::GetImprovementAction(
    grpc::CallbackServerContext* context,
    const v1::GetImprovementActionRequest* request,
    v1::ImprovementAction* response) {
  const auto get = [this,
                    request](const CallContext& call) -> absl::StatusOr<v1::ImprovementAction> {
    ASSIGN_OR_RETURN(const auto key, ImprovementKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.Read(call,
                          [&](postgres::Transaction& tx) { return ImprovementStore(tx).Get(key); });
  };
  return pipeline_.Unary(context, request, response, get);
}

grpc::ServerUnaryReactor* ImprovementActionsService::ListImprovementActions(
    grpc::CallbackServerContext* context,
    const v1::ListImprovementActionsRequest* request,
    v1::ListImprovementActionsResponse* response) {
  const auto list_all =
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListImprovementActionsResponse> {
    ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
    RETURN_IF_ERROR(call.AuthorizeList(agency, request->parent()).status());
    ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
    ASSIGN_OR_RETURN(Actions found, ReadPage(database_, call, agency, request->unit(), page));
    v1::ListImprovementActionsResponse list;
    api::FinishListPage(
        *request, page, std::move(found), list.mutable_improvement_actions(), list, TokenOf);
    return list;
  };
  return pipeline_.Unary(context, request, response, list_all);
}

grpc::ServerUnaryReactor* ImprovementActionsService::ListPublicImprovements(
    grpc::CallbackServerContext* context,
    const v1::ListPublicImprovementsRequest* request,
    v1::ListPublicImprovementsResponse* response) {
  const auto list_all =
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListPublicImprovementsResponse> {
    ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
    ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
    ASSIGN_OR_RETURN(Actions found, ReadPage(database_, call, agency, "", page));
    for (v1::ImprovementAction& action : found) {
      action.clear_owner();
      action.clear_etag();
    }
    v1::ListPublicImprovementsResponse list;
    api::FinishListPage(
        *request, page, std::move(found), list.mutable_improvements(), list, TokenOf);
    return list;
  };
  return pipeline_.Unary(context, request, response, list_all);
}

absl::StatusOr<v1::ImprovementAction> ImprovementActionsService::Create(
    const CallContext& call, const v1::CreateImprovementActionRequest& request) {
  ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request.parent(), "parent"));
  v1::ImprovementAction action = request.improvement_action();
  ASSIGN_OR_RETURN(const auto survey,
                   SurveyKey::Parse(action.citizen_survey(), "improvementAction.citizenSurvey"));
  RETURN_IF_ERROR(CheckUnitName(agency, action.unit(), "improvementAction.unit"));
  ASSIGN_OR_RETURN(const std::string owner,
                   ParsePerson(agency, action.owner(), "improvementAction.owner"));
  RETURN_IF_ERROR(CheckDueDate(action));
  const SurveyKey of{agency, survey.id};
  auth::Object object = AgencyObject(agency, request.parent());
  RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) {
    object.unit_path = SurveyStore(tx).FindUnitPath(of, action.unit());
    return absl::OkStatus();
  }));
  RETURN_IF_ERROR(call.Authorize(object));
  const ImprovementKey key{agency, ImprovementId(NewUuid7(call.time()))};
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ImprovementAction> {
        ImprovementStore store(tx);
        ASSIGN_OR_RETURN(const v1::SurveyResult result, store.ResultOf(of, action.unit()));
        RETURN_IF_ERROR(domain::CheckImprovement(action, result));
        action.set_citizen_survey(of.Name());
        action.set_state(v1::ImprovementAction::PLANNED);
        *action.mutable_create_time() = domain::ToTimestamp(call.time());
        RecordChange(tx, key.Name(), "improvementAction.created");
        return store.Insert(key, of, owner, action);
      });
}

grpc::ServerUnaryReactor* ImprovementActionsService::CreateImprovementAction(
    grpc::CallbackServerContext* context,
    const v1::CreateImprovementActionRequest* request,
    v1::ImprovementAction* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Create(call, *request);
  });
}

absl::StatusOr<v1::ImprovementAction> ImprovementActionsService::Update(
    const CallContext& call, const v1::UpdateImprovementActionRequest& request) {
  const v1::ImprovementAction& update = request.improvement_action();
  ASSIGN_OR_RETURN(const auto key, ImprovementKey::Parse(update.name(), "improvementAction.name"));
  RETURN_IF_ERROR(AuthorizeAction(call, key));
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ImprovementAction> {
        RecordChange(tx, key.Name(), "improvementAction.updated");
        return ImprovementStore(tx).Update(
            key,
            api::Precondition::FromEtag(update.etag()),
            [&](v1::ImprovementAction& action, std::string& owner) -> absl::Status {
              RETURN_IF_ERROR(domain::RequirePlanned(action));
              RETURN_IF_ERROR(api::MergeByMask(request.update_mask(), update, action));
              ASSIGN_OR_RETURN(owner,
                               ParsePerson(key.agency, action.owner(), "improvementAction.owner"));
              return CheckDueDate(action);
            });
      });
}

grpc::ServerUnaryReactor* ImprovementActionsService::UpdateImprovementAction(
    grpc::CallbackServerContext* context,
    const v1::UpdateImprovementActionRequest* request,
    v1::ImprovementAction* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Update(call, *request);
  });
}

template <typename Request>
absl::StatusOr<v1::ImprovementAction> ImprovementActionsService::End(
    const CallContext& call,
    const Request& request,
    v1::ImprovementAction::State state,
    const char* event) {
  ASSIGN_OR_RETURN(const auto key, ImprovementKey::Parse(request.name(), "name"));
  RETURN_IF_ERROR(AuthorizeAction(call, key));
  return database_.Write(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ImprovementAction> {
        RecordChange(tx, key.Name(), event);
        return ImprovementStore(tx).Update(key,
                                           api::Precondition::FromEtag(request.etag()),
                                           [&](v1::ImprovementAction& action, std::string&) {
                                             return domain::EndImprovement(
                                                 action, state, request.outcome(), call.time());
                                           });
      });
}

grpc::ServerUnaryReactor* ImprovementActionsService::CompleteImprovementAction(
    grpc::CallbackServerContext* context,
    const v1::CompleteImprovementActionRequest* request,
    v1::ImprovementAction* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return End(call, *request, v1::ImprovementAction::DONE, "improvementAction.completed");
  });
}

grpc::ServerUnaryReactor* ImprovementActionsService::DropImprovementAction(
    grpc::CallbackServerContext* context,
    const v1::DropImprovementActionRequest* request,
    v1::ImprovementAction* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return End(call, *request, v1::ImprovementAction::DROPPED, "improvementAction.dropped");
  });
}

}  // namespace teraju::feedback
