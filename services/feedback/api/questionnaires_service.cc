#include "services/feedback/api/questionnaires_service.h"

#include "common/api/list_page.h"
#include "common/errors/status_macros.h"
#include "services/feedback/api/objects.h"
#include "services/feedback/domain/questionnaire.h"
#include "services/feedback/store/questionnaire_store.h"

namespace teraju::feedback {

grpc::ServerUnaryReactor* QuestionnairesService::GetQuestionnaire(
    grpc::CallbackServerContext* context,
    const v1::GetQuestionnaireRequest* request,
    v1::Questionnaire* response) {
  const auto get = [this, request](const CallContext& call) -> absl::StatusOr<v1::Questionnaire> {
    ASSIGN_OR_RETURN(const auto key, QuestionnaireKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.Read(
        call, [&](postgres::Transaction& tx) { return QuestionnaireStore(tx).Get(key); });
  };
  return pipeline_.Unary(context, request, response, get);
}

grpc::ServerUnaryReactor* QuestionnairesService::ListQuestionnaires(
    grpc::CallbackServerContext* context,
    const v1::ListQuestionnairesRequest* request,
    v1::ListQuestionnairesResponse* response) {
  const auto list_all =
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListQuestionnairesResponse> {
    ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
    RETURN_IF_ERROR(call.AuthorizeList(agency, request->parent()).status());
    ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
    std::vector<v1::Questionnaire> found;
    RETURN_IF_ERROR(database_.Read(call, [&](postgres::Transaction& tx) {
      found = QuestionnaireStore(tx).List(agency, page.after_or_empty(0), page.limit());
      return absl::OkStatus();
    }));
    v1::ListQuestionnairesResponse list;
    api::FinishListPage(*request,
                        page,
                        std::move(found),
                        list.mutable_questionnaires(),
                        list,
                        [](const v1::Questionnaire& last) {
                          return std::vector<std::string>{api::IdOf(last.name())};
                        });
    return list;
  };
  return pipeline_.Unary(context, request, response, list_all);
}

grpc::ServerUnaryReactor* QuestionnairesService::CreateQuestionnaire(
    grpc::CallbackServerContext* context,
    const v1::CreateQuestionnaireRequest* request,
    v1::Questionnaire* response) {
  const auto create = [this,
                       request](const CallContext& call) -> absl::StatusOr<v1::Questionnaire> {
    ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
    v1::Questionnaire questionnaire = request->questionnaire();
    RETURN_IF_ERROR(domain::CheckQuestionnaire(questionnaire));
    questionnaire.set_state(v1::Questionnaire::DRAFT);
    const QuestionnaireKey key{agency, QuestionnaireId(NewUuid7(call.time()))};
    return database_.Write(call,
                           [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Questionnaire> {
                             RecordChange(tx, key.Name(), "questionnaire.created");
                             return QuestionnaireStore(tx).Insert(key, questionnaire);
                           });
  };
  return pipeline_.Unary(context, request, response, create);
}

grpc::ServerUnaryReactor* QuestionnairesService::PublishQuestionnaire(
    grpc::CallbackServerContext* context,
    const v1::PublishQuestionnaireRequest* request,
    v1::Questionnaire* response) {
  const auto publish = [this,
                        request](const CallContext& call) -> absl::StatusOr<v1::Questionnaire> {
    ASSIGN_OR_RETURN(const auto key, QuestionnaireKey::Parse(request->name(), "name"));
    RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
    return database_.Write(call, [&](postgres::Transaction& tx) {
      RecordChange(tx, key.Name(), "questionnaire.published");
      return QuestionnaireStore(tx).UpdateState(
          key, api::Precondition::FromEtag(request->etag()), domain::PublishQuestionnaire);
    });
  };
  return pipeline_.Unary(context, request, response, publish);
}

}  // namespace teraju::feedback
