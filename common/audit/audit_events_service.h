// The audit record of one service for those who may inspect it: teraju.audit.v1.AuditEvents.
#pragma once

#include <string>
#include <utility>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/audit/v1/audit_events.grpc.pb.h"

namespace teraju::audit {

class AuditEventsService final : public v1::AuditEvents::CallbackService {
 public:
  // `public_key` is the one that heads are signed by; empty where none are.
  AuditEventsService(rpc::Pipeline& pipeline,
                     postgres::Database& database,
                     std::string service,
                     std::string public_key = "")
      : pipeline_(pipeline),
        database_(database),
        service_(std::move(service)),
        public_key_(std::move(public_key)) {}

  grpc::ServerUnaryReactor* ListAuditEvents(grpc::CallbackServerContext* context,
                                            const v1::ListAuditEventsRequest* request,
                                            v1::ListAuditEventsResponse* response) override;
  grpc::ServerUnaryReactor* ListDataReads(grpc::CallbackServerContext* context,
                                          const v1::ListDataReadsRequest* request,
                                          v1::ListDataReadsResponse* response) override;
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::InclusionProof* response) override;
  grpc::ServerUnaryReactor* GetTreeHead(grpc::CallbackServerContext* context,
                                        const v1::GetTreeHeadRequest* request,
                                        v1::TreeHead* response) override;
  grpc::ServerUnaryReactor* GetAuditKey(grpc::CallbackServerContext* context,
                                        const v1::GetAuditKeyRequest* request,
                                        v1::AuditKey* response) override;

 private:
  absl::StatusOr<v1::ListAuditEventsResponse> List(const CallContext& call,
                                                   const v1::ListAuditEventsRequest& request);
  absl::StatusOr<v1::ListDataReadsResponse> Reads(const CallContext& call,
                                                  const v1::ListDataReadsRequest& request);
  absl::StatusOr<v1::InclusionProof> Prove(const CallContext& call,
                                           const v1::GetInclusionProofRequest& request);
  absl::StatusOr<v1::TreeHead> Head(const CallContext& call, const v1::GetTreeHeadRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  const std::string service_;
  const std::string public_key_;
};

}  // namespace teraju::audit
