// The methods of teraju.evaluation.v1.SharingAgreements and SharingConsents.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/sharing_service.grpc.pb.h"

namespace teraju::evaluation {

class SharingAgreementsService final : public v1::SharingAgreements::CallbackService {
 public:
  SharingAgreementsService(rpc::Pipeline& pipeline,
                           postgres::Database& database,
                           PeopleClient& people)
      : pipeline_(pipeline), database_(database), people_(people) {}

  grpc::ServerUnaryReactor* GetSharingAgreement(grpc::CallbackServerContext* context,
                                                const v1::GetSharingAgreementRequest* request,
                                                v1::SharingAgreement* response) override;
  grpc::ServerUnaryReactor* ListSharingAgreements(
      grpc::CallbackServerContext* context,
      const v1::ListSharingAgreementsRequest* request,
      v1::ListSharingAgreementsResponse* response) override;
  grpc::ServerUnaryReactor* CreateSharingAgreement(grpc::CallbackServerContext* context,
                                                   const v1::CreateSharingAgreementRequest* request,
                                                   v1::SharingAgreement* response) override;
  grpc::ServerUnaryReactor* EndSharingAgreement(grpc::CallbackServerContext* context,
                                                const v1::EndSharingAgreementRequest* request,
                                                v1::SharingAgreement* response) override;
  grpc::ServerUnaryReactor* LookupSharedResults(grpc::CallbackServerContext* context,
                                                const v1::LookupSharedResultsRequest* request,
                                                v1::LookupSharedResultsResponse* response) override;

 private:
  // What the agreement lets out of the results of the person.
  absl::StatusOr<v1::LookupSharedResultsResponse> Share(const CallContext& call,
                                                        const Key& key,
                                                        const std::string& employee,
                                                        int year);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  PeopleClient& people_;
};

class SharingConsentsService final : public v1::SharingConsents::CallbackService {
 public:
  SharingConsentsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListSharingConsents(grpc::CallbackServerContext* context,
                                                const v1::ListSharingConsentsRequest* request,
                                                v1::ListSharingConsentsResponse* response) override;
  grpc::ServerUnaryReactor* CreateSharingConsent(grpc::CallbackServerContext* context,
                                                 const v1::CreateSharingConsentRequest* request,
                                                 v1::SharingConsent* response) override;
  grpc::ServerUnaryReactor* RevokeSharingConsent(grpc::CallbackServerContext* context,
                                                 const v1::RevokeSharingConsentRequest* request,
                                                 v1::SharingConsent* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
