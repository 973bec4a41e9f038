// The methods of teraju.evaluation.v1.Dialogues.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/work_plans_service.grpc.pb.h"

namespace teraju::evaluation {

class DialoguesService final : public v1::Dialogues::CallbackService {
 public:
  DialoguesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListDialogues(grpc::CallbackServerContext* context,
                                          const v1::ListDialoguesRequest* request,
                                          v1::ListDialoguesResponse* response) override;
  grpc::ServerUnaryReactor* CreateDialogue(grpc::CallbackServerContext* context,
                                           const v1::CreateDialogueRequest* request,
                                           v1::Dialogue* response) override;
  grpc::ServerUnaryReactor* AcknowledgeDialogue(grpc::CallbackServerContext* context,
                                                const v1::AcknowledgeDialogueRequest* request,
                                                v1::Dialogue* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
