// What standard OAuth 2.0 clients expect (RFC 6749, 7517, 8414).
#pragma once

#include <map>
#include <string>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/token_issuer.h"
#include "services/identity/domain/form.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

// SHA-256 of the secrets of the suite's own services, by name.
using ServiceSecrets = std::map<std::string, std::string>;

class OAuthService final : public v1::OAuth::CallbackService {
 public:
  OAuthService(rpc::Pipeline& pipeline,
               postgres::Database& database,
               TokenIssuer& issuer,
               ServiceSecrets secrets)
      : pipeline_(pipeline), database_(database), issuer_(issuer), secrets_(std::move(secrets)) {}

  grpc::ServerUnaryReactor* IssueToken(grpc::CallbackServerContext* context,
                                       const v1::IssueTokenRequest* request,
                                       google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* GetJwks(grpc::CallbackServerContext* context,
                                    const v1::GetJwksRequest* request,
                                    google::api::HttpBody* response) override;
  grpc::ServerUnaryReactor* GetAuthorizationServer(grpc::CallbackServerContext* context,
                                                   const v1::GetAuthorizationServerRequest* request,
                                                   google::api::HttpBody* response) override;

 private:
  absl::StatusOr<auth::Principal> Authenticate(const CallContext& call,
                                               const domain::ClientCredentials& client);
  absl::StatusOr<google::api::HttpBody> Issue(const CallContext& call,
                                              const std::string& form,
                                              const std::string& authorization);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  TokenIssuer& issuer_;
  const ServiceSecrets secrets_;
};

}  // namespace teraju::identity
