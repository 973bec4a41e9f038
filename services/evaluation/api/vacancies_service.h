// The methods of teraju.evaluation.v1.Vacancies.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/feedback_client.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/vacancies_service.grpc.pb.h"

namespace teraju::evaluation {

class VacanciesService final : public v1::Vacancies::CallbackService {
 public:
  VacanciesService(rpc::Pipeline& pipeline,
                   postgres::Database& database,
                   PeopleClient& people,
                   FeedbackClient& feedback)
      : pipeline_(pipeline), database_(database), people_(people), feedback_(feedback) {}

  grpc::ServerUnaryReactor* GetVacancy(grpc::CallbackServerContext* context,
                                       const v1::GetVacancyRequest* request,
                                       v1::Vacancy* response) override;
  grpc::ServerUnaryReactor* ListVacancies(grpc::CallbackServerContext* context,
                                          const v1::ListVacanciesRequest* request,
                                          v1::ListVacanciesResponse* response) override;
  grpc::ServerUnaryReactor* CreateVacancy(grpc::CallbackServerContext* context,
                                          const v1::CreateVacancyRequest* request,
                                          v1::Vacancy* response) override;
  grpc::ServerUnaryReactor* ListCandidates(grpc::CallbackServerContext* context,
                                           const v1::ListCandidatesRequest* request,
                                           v1::ListCandidatesResponse* response) override;
  grpc::ServerUnaryReactor* DecideVacancy(grpc::CallbackServerContext* context,
                                          const v1::DecideVacancyRequest* request,
                                          v1::Vacancy* response) override;
  grpc::ServerUnaryReactor* CloseVacancy(grpc::CallbackServerContext* context,
                                         const v1::CloseVacancyRequest* request,
                                         v1::Vacancy* response) override;

 private:
  // For a caller who has the method's permission in the agency. NOT_FOUND.
  absl::StatusOr<v1::Vacancy> AuthorizeVacancy(const CallContext& call, const Key& key);
  // Those whom the results speak for, judged; with `employee` (a subject) only that one.
  absl::StatusOr<std::vector<v1::Candidate>> JudgePeople(const CallContext& call,
                                                         const v1::Vacancy& vacancy,
                                                         const std::string& employee);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  PeopleClient& people_;
  FeedbackClient& feedback_;
};

}  // namespace teraju::evaluation
