// The methods of teraju.evaluation.v1.CompetencyAssessments.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/catalog_client.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/competencies_service.grpc.pb.h"

namespace teraju::evaluation {

class CompetencyAssessmentsService final : public v1::CompetencyAssessments::CallbackService {
 public:
  CompetencyAssessmentsService(rpc::Pipeline& pipeline,
                               postgres::Database& database,
                               CatalogClient& catalog,
                               PeopleClient& people)
      : pipeline_(pipeline), database_(database), catalog_(catalog), people_(people) {}

  grpc::ServerUnaryReactor* GetCompetencyAssessment(
      grpc::CallbackServerContext* context,
      const v1::GetCompetencyAssessmentRequest* request,
      v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* ListCompetencyAssessments(
      grpc::CallbackServerContext* context,
      const v1::ListCompetencyAssessmentsRequest* request,
      v1::ListCompetencyAssessmentsResponse* response) override;
  grpc::ServerUnaryReactor* CreateCompetencyAssessment(
      grpc::CallbackServerContext* context,
      const v1::CreateCompetencyAssessmentRequest* request,
      v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* AssessOwnCompetencies(grpc::CallbackServerContext* context,
                                                  const v1::AssessOwnCompetenciesRequest* request,
                                                  v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* AssessCompetencies(grpc::CallbackServerContext* context,
                                               const v1::AssessCompetenciesRequest* request,
                                               v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* SubmitCompetencyAssessment(
      grpc::CallbackServerContext* context,
      const v1::SubmitCompetencyAssessmentRequest* request,
      v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* ReturnCompetencyAssessment(
      grpc::CallbackServerContext* context,
      const v1::ReturnCompetencyAssessmentRequest* request,
      v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* AcknowledgeCompetencyAssessment(
      grpc::CallbackServerContext* context,
      const v1::AcknowledgeCompetencyAssessmentRequest* request,
      v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* ConcludeCompetencyAssessment(
      grpc::CallbackServerContext* context,
      const v1::ConcludeCompetencyAssessmentRequest* request,
      v1::CompetencyAssessment* response) override;
  grpc::ServerUnaryReactor* CancelCompetencyAssessment(
      grpc::CallbackServerContext* context,
      const v1::CancelCompetencyAssessmentRequest* request,
      v1::CompetencyAssessment* response) override;

 private:
  enum class By { kPerson, kAssessor };
  using Rule = absl::FunctionRef<absl::Status(postgres::Transaction&, v1::CompetencyAssessment&)>;
  // The assessment, for a caller who has the method's permission on it.
  absl::StatusOr<v1::CompetencyAssessment> AuthorizeAssessment(const CallContext& call,
                                                               const Key& key);
  absl::StatusOr<v1::CompetencyAssessment> Change(const CallContext& call,
                                                  const std::string& name,
                                                  const std::string& etag,
                                                  By by,
                                                  const std::string& type,
                                                  Rule rule);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  CatalogClient& catalog_;
  PeopleClient& people_;
};

}  // namespace teraju::evaluation
