// The posts that a person holds and held.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/employees_service.grpc.pb.h"

namespace teraju::identity {

class AssignmentsService final : public v1::Assignments::CallbackService {
 public:
  AssignmentsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetAssignment(grpc::CallbackServerContext* context,
                                          const v1::GetAssignmentRequest* request,
                                          v1::Assignment* response) override;
  grpc::ServerUnaryReactor* ListAssignments(grpc::CallbackServerContext* context,
                                            const v1::ListAssignmentsRequest* request,
                                            v1::ListAssignmentsResponse* response) override;
  grpc::ServerUnaryReactor* CreateAssignment(grpc::CallbackServerContext* context,
                                             const v1::CreateAssignmentRequest* request,
                                             v1::Assignment* response) override;
  grpc::ServerUnaryReactor* EndAssignment(grpc::CallbackServerContext* context,
                                          const v1::EndAssignmentRequest* request,
                                          v1::Assignment* response) override;
  grpc::ServerUnaryReactor* CorrectAssignment(grpc::CallbackServerContext* context,
                                              const v1::CorrectAssignmentRequest* request,
                                              v1::Assignment* response) override;
  grpc::ServerUnaryReactor* WithdrawAssignment(grpc::CallbackServerContext* context,
                                               const v1::WithdrawAssignmentRequest* request,
                                               v1::Assignment* response) override;
  grpc::ServerUnaryReactor* PlaceEmployee(grpc::CallbackServerContext* context,
                                          const v1::PlaceEmployeeRequest* request,
                                          v1::Assignment* response) override;
  grpc::ServerUnaryReactor* ReleaseEmployee(grpc::CallbackServerContext* context,
                                            const v1::ReleaseEmployeeRequest* request,
                                            v1::ReleaseEmployeeResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
