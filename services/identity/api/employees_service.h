// The civil servants of an agency.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/employees_service.grpc.pb.h"

namespace teraju::identity {

class EmployeesService final : public v1::Employees::CallbackService {
 public:
  EmployeesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetEmployee(grpc::CallbackServerContext* context,
                                        const v1::GetEmployeeRequest* request,
                                        v1::Employee* response) override;
  grpc::ServerUnaryReactor* ListEmployees(grpc::CallbackServerContext* context,
                                          const v1::ListEmployeesRequest* request,
                                          v1::ListEmployeesResponse* response) override;
  grpc::ServerUnaryReactor* ListEmployeeTraits(grpc::CallbackServerContext* context,
                                               const v1::ListEmployeeTraitsRequest* request,
                                               v1::ListEmployeeTraitsResponse* response) override;
  grpc::ServerUnaryReactor* CreateEmployee(grpc::CallbackServerContext* context,
                                           const v1::CreateEmployeeRequest* request,
                                           v1::Employee* response) override;
  grpc::ServerUnaryReactor* UpdateEmployee(grpc::CallbackServerContext* context,
                                           const v1::UpdateEmployeeRequest* request,
                                           v1::Employee* response) override;
  grpc::ServerUnaryReactor* LookupEmployee(grpc::CallbackServerContext* context,
                                           const v1::LookupEmployeeRequest* request,
                                           v1::Employee* response) override;

 private:
  absl::StatusOr<v1::Employee> Update(const CallContext& call,
                                      const v1::UpdateEmployeeRequest& request,
                                      const AgencyId& agency,
                                      const std::string& id);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::identity
