// The keys that access tokens are signed with, for the operator.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/access_feed_service.h"
#include "services/identity/api/token_issuer.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class SigningKeysService final : public v1::SigningKeys::CallbackService {
 public:
  SigningKeysService(rpc::Pipeline& pipeline,
                     postgres::Database& database,
                     TokenIssuer& issuer,
                     AccessBarrier& barrier)
      : pipeline_(pipeline), database_(database), issuer_(issuer), barrier_(barrier) {}

  grpc::ServerUnaryReactor* ListSigningKeys(grpc::CallbackServerContext* context,
                                            const v1::ListSigningKeysRequest* request,
                                            v1::ListSigningKeysResponse* response) override;
  grpc::ServerUnaryReactor* RotateSigningKey(grpc::CallbackServerContext* context,
                                             const v1::RotateSigningKeyRequest* request,
                                             v1::SigningKey* response) override;
  grpc::ServerUnaryReactor* WithdrawSigningKey(grpc::CallbackServerContext* context,
                                               const v1::WithdrawSigningKeyRequest* request,
                                               v1::SigningKey* response) override;

 private:
  absl::StatusOr<v1::ListSigningKeysResponse> PageOf(
      const std::vector<domain::KeyStanding>& standings,
      const PageQuery& query,
      const v1::ListSigningKeysRequest& request) const;
  absl::StatusOr<v1::SigningKey> Rotate(const CallContext& call);
  absl::StatusOr<v1::SigningKey> Withdraw(const CallContext& call, const std::string& id);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  TokenIssuer& issuer_;
  AccessBarrier& barrier_;
};

}  // namespace teraju::identity
