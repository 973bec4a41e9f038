// The methods of campaigns and their nominations.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/feedback/clients/identity_client.h"
#include "services/feedback/store/names.h"
#include "teraju/feedback/v1/feedback_service.grpc.pb.h"

namespace teraju::feedback {

class CampaignsService final : public v1::Campaigns::CallbackService {
 public:
  CampaignsService(rpc::Pipeline& pipeline, postgres::Database& database, IdentityClient& identity)
      : pipeline_(pipeline), database_(database), identity_(identity) {}

  grpc::ServerUnaryReactor* GetCampaign(grpc::CallbackServerContext* context,
                                        const v1::GetCampaignRequest* request,
                                        v1::Campaign* response) override;
  grpc::ServerUnaryReactor* ListCampaigns(grpc::CallbackServerContext* context,
                                          const v1::ListCampaignsRequest* request,
                                          v1::ListCampaignsResponse* response) override;
  grpc::ServerUnaryReactor* CreateCampaign(grpc::CallbackServerContext* context,
                                           const v1::CreateCampaignRequest* request,
                                           v1::Campaign* response) override;
  grpc::ServerUnaryReactor* LaunchCampaign(grpc::CallbackServerContext* context,
                                           const v1::LaunchCampaignRequest* request,
                                           v1::Campaign* response) override;
  grpc::ServerUnaryReactor* CloseCampaign(grpc::CallbackServerContext* context,
                                          const v1::CloseCampaignRequest* request,
                                          google::longrunning::Operation* response) override;

  // Nominations: campaign_nominations.cc.
  grpc::ServerUnaryReactor* SuggestNominations(grpc::CallbackServerContext* context,
                                               const v1::SuggestNominationsRequest* request,
                                               google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* BatchCreateNominations(
      grpc::CallbackServerContext* context,
      const v1::BatchCreateNominationsRequest* request,
      v1::BatchCreateNominationsResponse* response) override;
  grpc::ServerUnaryReactor* CheckRaters(grpc::CallbackServerContext* context,
                                        const v1::CheckRatersRequest* request,
                                        v1::CheckRatersResponse* response) override;
  grpc::ServerUnaryReactor* ListNominations(grpc::CallbackServerContext* context,
                                            const v1::ListNominationsRequest* request,
                                            v1::ListNominationsResponse* response) override;

 private:
  absl::StatusOr<v1::Campaign> Create(const CallContext& call,
                                      const v1::CreateCampaignRequest& request);
  absl::StatusOr<v1::Campaign> Launch(const CallContext& call,
                                      const v1::LaunchCampaignRequest& request);
  absl::StatusOr<v1::BatchCreateNominationsResponse> Nominate(
      const CallContext& call, const v1::BatchCreateNominationsRequest& request);
  absl::StatusOr<v1::ListNominationsResponse> List(const CallContext& call,
                                                   const v1::ListNominationsRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  IdentityClient& identity_;
};

}  // namespace teraju::feedback
