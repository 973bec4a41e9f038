// The methods of matching runs and mentorships.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/training/clients/evaluation_client.h"
#include "teraju/training/v1/training_service.grpc.pb.h"

namespace teraju::training {

class MentorshipsService final : public v1::Mentorships::CallbackService {
 public:
  MentorshipsService(rpc::Pipeline& pipeline,
                     postgres::Database& database,
                     EvaluationClient& evaluation)
      : pipeline_(pipeline), database_(database), evaluation_(evaluation) {}

  grpc::ServerUnaryReactor* CreateMatchingRun(grpc::CallbackServerContext* context,
                                              const v1::CreateMatchingRunRequest* request,
                                              v1::MatchingRun* response) override;
  grpc::ServerUnaryReactor* SolveMatchingRun(grpc::CallbackServerContext* context,
                                             const v1::SolveMatchingRunRequest* request,
                                             google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* GetMatchingRun(grpc::CallbackServerContext* context,
                                           const v1::GetMatchingRunRequest* request,
                                           v1::MatchingRun* response) override;
  grpc::ServerUnaryReactor* ListMentorships(grpc::CallbackServerContext* context,
                                            const v1::ListMentorshipsRequest* request,
                                            v1::ListMentorshipsResponse* response) override;
  grpc::ServerUnaryReactor* AcceptMentorship(grpc::CallbackServerContext* context,
                                             const v1::AcceptMentorshipRequest* request,
                                             v1::Mentorship* response) override;
  grpc::ServerUnaryReactor* VetoMentorship(grpc::CallbackServerContext* context,
                                           const v1::VetoMentorshipRequest* request,
                                           v1::Mentorship* response) override;
  grpc::ServerUnaryReactor* CloseMentorship(grpc::CallbackServerContext* context,
                                            const v1::CloseMentorshipRequest* request,
                                            v1::Mentorship* response) override;
  grpc::ServerUnaryReactor* CreateMentoringSession(grpc::CallbackServerContext* context,
                                                   const v1::CreateMentoringSessionRequest* request,
                                                   v1::MentoringSession* response) override;
  grpc::ServerUnaryReactor* ListMentoringSessions(
      grpc::CallbackServerContext* context,
      const v1::ListMentoringSessionsRequest* request,
      v1::ListMentoringSessionsResponse* response) override;
  grpc::ServerUnaryReactor* EstimateMentoringEffect(
      grpc::CallbackServerContext* context,
      const v1::EstimateMentoringEffectRequest* request,
      google::longrunning::Operation* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  EvaluationClient& evaluation_;
};

}  // namespace teraju::training
