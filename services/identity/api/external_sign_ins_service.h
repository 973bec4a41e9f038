// Signing in with an external issuer.
#pragma once

#include <memory>
#include <vector>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/session_starter.h"
#include "services/identity/clients/oidc_provider.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class ExternalSignInsService final : public v1::ExternalSignIns::CallbackService {
 public:
  ExternalSignInsService(rpc::Pipeline& pipeline,
                         postgres::Database& database,
                         TokenIssuer& issuer,
                         std::vector<OidcSettings> providers,
                         logging::Logger& logger);

  grpc::ServerUnaryReactor* ListSignInProviders(grpc::CallbackServerContext* context,
                                                const v1::ListSignInProvidersRequest* request,
                                                v1::ListSignInProvidersResponse* response) override;
  grpc::ServerUnaryReactor* StartExternalSignIn(grpc::CallbackServerContext* context,
                                                const v1::StartExternalSignInRequest* request,
                                                v1::ExternalSignIn* response) override;
  grpc::ServerUnaryReactor* FinishExternalSignIn(grpc::CallbackServerContext* context,
                                                 const v1::FinishExternalSignInRequest* request,
                                                 v1::Session* response) override;

 private:
  absl::StatusOr<v1::ListSignInProvidersResponse> List(
      const v1::ListSignInProvidersRequest& request) const;
  absl::StatusOr<v1::ExternalSignIn> Start(const CallContext& call, const std::string& name);
  absl::StatusOr<v1::Session> Finish(const CallContext& call,
                                     const v1::FinishExternalSignInRequest& request);
  OidcProvider* Find(const std::string& agency, const std::string& id) const;

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  SessionStarter starter_;
  std::vector<std::unique_ptr<OidcProvider>> providers_;
};

}  // namespace teraju::identity
