// The methods of surveys of citizens served.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/feedback/clients/identity_client.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::feedback {

class CitizenSurveysService final : public v1::CitizenSurveys::CallbackService {
 public:
  // `survey_address`: of the page where citizens use their codes; empty where there is none.
  CitizenSurveysService(rpc::Pipeline& pipeline,
                        postgres::Database& database,
                        IdentityClient& identity,
                        std::string survey_address)
      : pipeline_(pipeline),
        database_(database),
        identity_(identity),
        survey_address_(std::move(survey_address)) {}

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
  grpc::ServerUnaryReactor* PrintSurveyTokens(grpc::CallbackServerContext* context,
                                              const v1::PrintSurveyTokensRequest* request,
                                              google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* ListSurveyScreenings(
      grpc::CallbackServerContext* context,
      const v1::ListSurveyScreeningsRequest* request,
      v1::ListSurveyScreeningsResponse* response) override;
  grpc::ServerUnaryReactor* DrawSurveyTrend(grpc::CallbackServerContext* context,
                                            const v1::DrawSurveyTrendRequest* request,
                                            google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* ListSurveyResults(grpc::CallbackServerContext* context,
                                              const v1::ListSurveyResultsRequest* request,
                                              v1::ListSurveyResultsResponse* response) override;

 private:
  absl::StatusOr<v1::CitizenSurvey> Create(const CallContext& call,
                                           const v1::CreateCitizenSurveyRequest& request);
  struct Issued {
    v1::CitizenSurvey survey;
    std::vector<std::string> codes;
  };
  absl::StatusOr<Issued> Issue(const CallContext& call,
                               const std::string& name,
                               const std::string& unit,
                               int count);
  absl::StatusOr<google::api::HttpBody> Print(const CallContext& call,
                                              const v1::PrintSurveyTokensRequest& request);
  absl::StatusOr<v1::ListSurveyScreeningsResponse> ListScreenings(
      const CallContext& call, const v1::ListSurveyScreeningsRequest& request);
  absl::StatusOr<google::api::HttpBody> DrawTrend(const CallContext& call,
                                                  const v1::DrawSurveyTrendRequest& request);
  absl::StatusOr<v1::ListSurveyResultsResponse> ListResults(
      const CallContext& call, const v1::ListSurveyResultsRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  IdentityClient& identity_;
  const std::string survey_address_;
};

}  // namespace teraju::feedback
