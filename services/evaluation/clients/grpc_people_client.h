// People and units of identity over gRPC.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>

#include "common/rpc/client_call.h"
#include "services/evaluation/clients/people_client.h"
#include "teraju/identity/v1/employees_service.grpc.pb.h"
#include "teraju/identity/v1/organisation_service.grpc.pb.h"

namespace teraju::evaluation {

class GrpcPeopleClient final : public PeopleClient {
 public:
  using EmployeesClient = rpc::Client<::teraju::identity::v1::Employees>;
  using OfficialsClient = rpc::Client<::teraju::identity::v1::Officials>;
  using UnitsClient = rpc::Client<::teraju::identity::v1::Units>;
  GrpcPeopleClient(std::unique_ptr<EmployeesClient::Stub> employees,
                   std::unique_ptr<OfficialsClient::Stub> officials,
                   std::unique_ptr<UnitsClient::Stub> units,
                   const rpc::TokenSource& own_token)
      : employees_(std::move(employees), own_token),
        officials_(std::move(officials), own_token),
        units_(std::move(units), own_token) {}
  GrpcPeopleClient(const rpc::Channel& channel, const rpc::TokenSource& own_token)
      : employees_(channel, own_token),
        officials_(channel, own_token),
        units_(channel, own_token) {}

  absl::StatusOr<domain::PersonCard> GetCard(const CallContext& call,
                                             const std::string& person,
                                             const std::string& unit,
                                             const google::type::Date& day) override;
  absl::StatusOr<std::string> FindByNip(const CallContext& call,
                                        const std::string& agency,
                                        const std::string& nip) override;
  absl::StatusOr<std::map<std::string, domain::PersonTraits>> ListTraits(
      const CallContext& call, const std::string& agency) override;
  absl::StatusOr<std::map<std::string, std::string>> ListUnitNames(
      const CallContext& call, const std::string& agency, const google::type::Date& day) override;

 private:
  EmployeesClient employees_;
  OfficialsClient officials_;
  UnitsClient units_;
};

}  // namespace teraju::evaluation
