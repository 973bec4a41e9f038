// The methods of questionnaires.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::feedback {

class QuestionnairesService final : public v1::Questionnaires::CallbackService {
 public:
  QuestionnairesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetQuestionnaire(grpc::CallbackServerContext* context,
                                             const v1::GetQuestionnaireRequest* request,
                                             v1::Questionnaire* response) override;
  grpc::ServerUnaryReactor* ListQuestionnaires(grpc::CallbackServerContext* context,
                                               const v1::ListQuestionnairesRequest* request,
                                               v1::ListQuestionnairesResponse* response) override;
  grpc::ServerUnaryReactor* CreateQuestionnaire(grpc::CallbackServerContext* context,
                                                const v1::CreateQuestionnaireRequest* request,
                                                v1::Questionnaire* response) override;
  grpc::ServerUnaryReactor* PublishQuestionnaire(grpc::CallbackServerContext* context,
                                                 const v1::PublishQuestionnaireRequest* request,
                                                 v1::Questionnaire* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::feedback
