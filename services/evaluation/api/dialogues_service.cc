#include "services/evaluation/api/dialogues_service.h"

#include <utility>
#include <vector>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/progress.h"
#include "services/evaluation/store/dialogue_store.h"
#include "services/evaluation/store/support_request_store.h"

namespace teraju::evaluation {
namespace {

// What was talked about are requests of the plan.
absl::Status CheckSupportRequests(postgres::Transaction& tx,
                                  const Key& plan,
                                  const v1::Dialogue& dialogue) {
  for (const std::string& name : dialogue.support_requests()) {
    ASSIGN_OR_RETURN(const PlanChildKey key,
                     ParsePlanChild(kSupportRequestName, name, "dialogue.supportRequests"));
    if (!SupportRequestStore(tx).Exists({plan.agency, plan.id, key.id}))
      return errors::ResourceNotFound(name);
  }
  return absl::OkStatus();
}

}  // namespace

grpc::ServerUnaryReactor* DialoguesService::ListDialogues(grpc::CallbackServerContext* context,
                                                          const v1::ListDialoguesRequest* request,
                                                          v1::ListDialoguesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListDialoguesResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        using Dialogues = std::vector<v1::Dialogue>;
        ASSIGN_OR_RETURN(
            Dialogues dialogues,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Dialogues> {
              return DialogueStore(tx).List(key, page);
            }));
        v1::ListDialoguesResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(dialogues), *reply.mutable_dialogues()));
        return reply;
      });
}

grpc::ServerUnaryReactor* DialoguesService::CreateDialogue(grpc::CallbackServerContext* context,
                                                           const v1::CreateDialogueRequest* request,
                                                           v1::Dialogue* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Dialogue> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kWorkPlanName, request->parent(), "parent"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key).status());
        RETURN_IF_ERROR(domain::CheckDialogue(request->dialogue(), request->parent()));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Dialogue> {
              RETURN_IF_ERROR(CheckSupportRequests(tx, key, request->dialogue()));
              const v1::Dialogue dialogue = DialogueStore(tx).Insert(
                  {key.agency, key.id, NewUuid7(call.time())}, request->dialogue());
              RecordChange(tx, dialogue.name(), "dialogue.created");
              return dialogue;
            });
      });
}

grpc::ServerUnaryReactor* DialoguesService::AcknowledgeDialogue(
    grpc::CallbackServerContext* context,
    const v1::AcknowledgeDialogueRequest* request,
    v1::Dialogue* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Dialogue> {
        ASSIGN_OR_RETURN(const PlanChildKey key,
                         ParsePlanChild(kDialogueName, request->name(), "name"));
        RETURN_IF_ERROR(AuthorizePlan(database_, call, key.plan_key()).status());
        const std::string by = PersonName(key.agency, call.principal().subject);
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Dialogue> {
              RecordChange(tx, request->name(), "dialogue.acknowledged");
              return DialogueStore(tx).Update(
                  key, api::Precondition::FromEtag(request->etag()), [&](v1::Dialogue& dialogue) {
                    return domain::AcknowledgeDialogue(dialogue, by, request->note(), call.time());
                  });
            });
      });
}

}  // namespace teraju::evaluation
