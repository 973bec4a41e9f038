// The methods of surveys of citizens served.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/feedback/clients/identity_client.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::feedback {

class CitizenSurveysService final : public v1::CitizenSurveys::CallbackService {
 public:
  CitizenSurveysService(rpc::Pipeline& pipeline,
                        postgres::Database& database,
                        IdentityClient& identity)
      : pipeline_(pipeline), database_(database), identity_(identity) {}

  grpc::ServerUnaryReactor* GetCitizenSurvey(grpc::CallbackServerContext* context,
                                             const v1::GetCitizenSurveyRequest* request,
                                             v1::CitizenSurvey* response) override;
  grpc::ServerUnaryReactor* ListCitizenSurveys(grpc::CallbackServerContext* context,
                                               const v1::ListCitizenSurveysRequest* request,
                                               v1::ListCitizenSurveysResponse* response) override;
  grpc::ServerUnaryReactor* CreateCitizenSurvey(grpc::CallbackServerContext* context,
                                                const v1::CreateCitizenSurveyRequest* request,
                                                v1::CitizenSurvey* response) override;
  grpc::ServerUnaryReactor* OpenCitizenSurvey(grpc::CallbackServerContext* context,
                                              const v1::OpenCitizenSurveyRequest* request,
                                              v1::CitizenSurvey* response) override;
  grpc::ServerUnaryReactor* CloseCitizenSurvey(grpc::CallbackServerContext* context,
                                               const v1::CloseCitizenSurveyRequest* request,
                                               google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* IssueSurveyTokens(grpc::CallbackServerContext* context,
                                              const v1::IssueSurveyTokensRequest* request,
                                              v1::IssueSurveyTokensResponse* response) override;
  grpc::ServerUnaryReactor* ListSurveyResults(grpc::CallbackServerContext* context,
                                              const v1::ListSurveyResultsRequest* request,
                                              v1::ListSurveyResultsResponse* response) override;

 private:
  absl::StatusOr<v1::CitizenSurvey> Create(const CallContext& call,
                                           const v1::CreateCitizenSurveyRequest& request);
  absl::StatusOr<v1::IssueSurveyTokensResponse> Issue(const CallContext& call,
                                                      const v1::IssueSurveyTokensRequest& request);
  absl::StatusOr<v1::ListSurveyResultsResponse> ListResults(
      const CallContext& call, const v1::ListSurveyResultsRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  IdentityClient& identity_;
};

}  // namespace teraju::feedback
