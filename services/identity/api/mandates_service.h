// Powers handed from one person to another for a time.
#pragma once

#include "common/auth/authorizer.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/identity/api/access_feed_service.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class MandatesService final : public v1::Mandates::CallbackService {
 public:
  MandatesService(rpc::Pipeline& pipeline, postgres::Database& database, AccessBarrier& barrier)
      : pipeline_(pipeline), database_(database), barrier_(barrier) {}

  grpc::ServerUnaryReactor* GetMandate(grpc::CallbackServerContext* context,
                                       const v1::GetMandateRequest* request,
                                       v1::Mandate* response) override;
  grpc::ServerUnaryReactor* ListMandates(grpc::CallbackServerContext* context,
                                         const v1::ListMandatesRequest* request,
                                         v1::ListMandatesResponse* response) override;
  grpc::ServerUnaryReactor* CreateMandate(grpc::CallbackServerContext* context,
                                          const v1::CreateMandateRequest* request,
                                          v1::Mandate* response) override;
  grpc::ServerUnaryReactor* RevokeMandate(grpc::CallbackServerContext* context,
                                          const v1::RevokeMandateRequest* request,
                                          v1::Mandate* response) override;

 private:
  absl::StatusOr<v1::Mandate> Create(const CallContext& call,
                                     const v1::CreateMandateRequest& request);
  absl::StatusOr<v1::Mandate> Revoke(const CallContext& call, const std::string& name);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  AccessBarrier& barrier_;
};

// The event and the record of a change; replicas read the mandates again.
void RecordMandate(postgres::Transaction& tx,
                   const AgencyId& agency,
                   const v1::Mandate& mandate,
                   const std::string& type);

// All that have not ended, of the installation, for this service's own authorizer.
absl::StatusOr<std::vector<auth::Mandate>> ReadAllMandates(postgres::Database& database,
                                                           const CallContext& call);

}  // namespace teraju::identity
