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
  AuditEventsService(rpc::Pipeline& pipeline, postgres::Database& database, std::string service)
      : pipeline_(pipeline), database_(database), service_(std::move(service)) {}

  grpc::ServerUnaryReactor* ListAuditEvents(grpc::CallbackServerContext* context,
                                            const v1::ListAuditEventsRequest* request,
                                            v1::ListAuditEventsResponse* response) override;
  grpc::ServerUnaryReactor* GetInclusionProof(grpc::CallbackServerContext* context,
                                              const v1::GetInclusionProofRequest* request,
                                              v1::InclusionProof* response) override;
  grpc::ServerUnaryReactor* GetTreeHead(grpc::CallbackServerContext* context,
                                        const v1::GetTreeHeadRequest* request,
                                        v1::TreeHead* response) override;

 private:
  absl::StatusOr<v1::ListAuditEventsResponse> List(const CallContext& call,
                                                   const v1::ListAuditEventsRequest& request);
  absl::StatusOr<v1::InclusionProof> Prove(const CallContext& call,
                                           const v1::GetInclusionProofRequest& request);
  absl::StatusOr<v1::TreeHead> Head(const CallContext& call, const v1::GetTreeHeadRequest& request);
  // Refuses whoever may not read the agency's record, then a wrong agency or another service's
  // collection.
  absl::StatusOr<std::string> AuthorizeAgency(const CallContext& call,
                                              const std::string& agency,
                                              const std::string& resource) const;
  absl::Status CheckParent(const std::string& parent) const;

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  const std::string service_;
};

}  // namespace teraju::audit
