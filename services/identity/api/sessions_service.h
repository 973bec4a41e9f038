// Signing in.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/password_hasher.h"
#include "services/identity/api/token_issuer.h"
#include "services/identity/store/account_store.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class SessionsService final : public v1::Sessions::CallbackService {
 public:
  SessionsService(rpc::Pipeline& pipeline,
                  postgres::Database& database,
                  PasswordHasher& hasher,
                  TokenIssuer& issuer)
      : pipeline_(pipeline), database_(database), hasher_(hasher), issuer_(issuer) {}

  grpc::ServerUnaryReactor* ActivateSession(grpc::CallbackServerContext* context,
                                            const v1::ActivateSessionRequest* request,
                                            v1::Session* response) override;
  grpc::ServerUnaryReactor* SignIn(grpc::CallbackServerContext* context,
                                   const v1::SignInRequest* request,
                                   v1::Session* response) override;
  grpc::ServerUnaryReactor* RefreshSession(grpc::CallbackServerContext* context,
                                           const v1::RefreshSessionRequest* request,
                                           v1::Session* response) override;

 private:
  absl::StatusOr<v1::Session> Activate(const CallContext& call,
                                       const v1::ActivateSessionRequest& request);
  absl::StatusOr<v1::Session> Check(const CallContext& call, const v1::SignInRequest& request);
  absl::StatusOr<v1::Session> Refresh(const CallContext& call,
                                      const v1::RefreshSessionRequest& request);
  absl::StatusOr<v1::Session> ToSession(const CallContext& call,
                                        const SessionRow& row,
                                        const std::string& refresh_token);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  PasswordHasher& hasher_;
  TokenIssuer& issuer_;
};

}  // namespace teraju::identity
