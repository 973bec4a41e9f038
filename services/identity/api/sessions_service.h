// Signing in.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/access_feed_service.h"
#include "services/identity/api/password_hasher.h"
#include "services/identity/api/session_starter.h"
#include "services/identity/api/sign_in_attempts.h"
#include "services/identity/api/token_issuer.h"
#include "services/identity/store/account_store.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class SessionsService final : public v1::Sessions::CallbackService {
 public:
  SessionsService(rpc::Pipeline& pipeline,
                  postgres::Database& database,
                  PasswordHasher& hasher,
                  TokenIssuer& issuer,
                  AccessBarrier& barrier)
      : pipeline_(pipeline),
        database_(database),
        hasher_(hasher),
        starter_(database, issuer),
        barrier_(barrier) {}

  grpc::ServerUnaryReactor* ActivateSession(grpc::CallbackServerContext* context,
                                            const v1::ActivateSessionRequest* request,
                                            v1::Session* response) override;
  grpc::ServerUnaryReactor* SignIn(grpc::CallbackServerContext* context,
                                   const v1::SignInRequest* request,
                                   v1::Session* response) override;
  grpc::ServerUnaryReactor* RefreshSession(grpc::CallbackServerContext* context,
                                           const v1::RefreshSessionRequest* request,
                                           v1::Session* response) override;
  grpc::ServerUnaryReactor* ChangePassword(grpc::CallbackServerContext* context,
                                           const v1::ChangePasswordRequest* request,
                                           google::protobuf::Empty* response) override;
  grpc::ServerUnaryReactor* SignOut(grpc::CallbackServerContext* context,
                                    const v1::SignOutRequest* request,
                                    google::protobuf::Empty* response) override;
  grpc::ServerUnaryReactor* ListOpenSessions(grpc::CallbackServerContext* context,
                                             const v1::ListOpenSessionsRequest* request,
                                             v1::ListOpenSessionsResponse* response) override;
  grpc::ServerUnaryReactor* EndSession(grpc::CallbackServerContext* context,
                                       const v1::EndSessionRequest* request,
                                       google::protobuf::Empty* response) override;

 private:
  absl::StatusOr<v1::Session> Activate(const CallContext& call,
                                       const v1::ActivateSessionRequest& request);
  absl::StatusOr<v1::Session> Check(const CallContext& call, const v1::SignInRequest& request);
  absl::StatusOr<v1::Session> Refresh(const CallContext& call,
                                      const v1::RefreshSessionRequest& request);
  absl::StatusOr<google::protobuf::Empty> Change(const CallContext& call,
                                                 const v1::ChangePasswordRequest& request);
  absl::StatusOr<google::protobuf::Empty> End(const CallContext& call,
                                              const AgencyId& agency,
                                              const std::string& session);
  absl::StatusOr<v1::ListOpenSessionsResponse> List(const CallContext& call,
                                                    const v1::ListOpenSessionsRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  PasswordHasher& hasher_;
  SessionStarter starter_;
  AccessBarrier& barrier_;
  SignInAttempts attempts_{database_, hasher_};
};

}  // namespace teraju::identity
