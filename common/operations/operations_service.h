// google.longrunning.Operations of one service.
#pragma once

#include <string>
#include <utility>

#include "common/operations/operation_store.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "google/longrunning/operations.grpc.pb.h"

namespace teraju::operations {

// Whoever started an operation may read and cancel it, beside those to whom the permission table
// gives its agency. DeleteOperation is not offered: ended operations go by themselves after thirty
// days.
class OperationsService final : public google::longrunning::Operations::CallbackService {
 public:
  OperationsService(rpc::Pipeline& pipeline, postgres::Database& database, std::string service)
      : pipeline_(pipeline), database_(database), service_(std::move(service)) {}

  grpc::ServerUnaryReactor* ListOperations(
      grpc::CallbackServerContext* context,
      const google::longrunning::ListOperationsRequest* request,
      google::longrunning::ListOperationsResponse* response) override;
  grpc::ServerUnaryReactor* GetOperation(grpc::CallbackServerContext* context,
                                         const google::longrunning::GetOperationRequest* request,
                                         google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* CancelOperation(
      grpc::CallbackServerContext* context,
      const google::longrunning::CancelOperationRequest* request,
      google::protobuf::Empty* response) override;
  grpc::ServerUnaryReactor* WaitOperation(grpc::CallbackServerContext* context,
                                          const google::longrunning::WaitOperationRequest* request,
                                          google::longrunning::Operation* response) override;

 private:
  // The operation of this name, if the caller may see it.
  absl::StatusOr<Seen> Get(const CallContext& call, const std::string& name);
  absl::StatusOr<google::longrunning::ListOperationsResponse> List(
      const CallContext& call, const google::longrunning::ListOperationsRequest& request);
  absl::StatusOr<google::longrunning::Operation> Wait(
      const CallContext& call, const google::longrunning::WaitOperationRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  const std::string service_;
};

}  // namespace teraju::operations
