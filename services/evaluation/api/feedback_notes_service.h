// The methods of teraju.evaluation.v1.FeedbackNotes.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/evaluation/v1/guidance_service.grpc.pb.h"

namespace teraju::evaluation {

class FeedbackNotesService final : public v1::FeedbackNotes::CallbackService {
 public:
  FeedbackNotesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListFeedbackNotes(grpc::CallbackServerContext* context,
                                              const v1::ListFeedbackNotesRequest* request,
                                              v1::ListFeedbackNotesResponse* response) override;
  grpc::ServerUnaryReactor* CreateFeedbackNote(grpc::CallbackServerContext* context,
                                               const v1::CreateFeedbackNoteRequest* request,
                                               v1::FeedbackNote* response) override;
  grpc::ServerUnaryReactor* AcknowledgeFeedbackNote(
      grpc::CallbackServerContext* context,
      const v1::AcknowledgeFeedbackNoteRequest* request,
      v1::FeedbackNote* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
