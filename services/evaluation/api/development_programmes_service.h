// The methods of teraju.evaluation.v1.DevelopmentProgrammes.
#pragma once

#include <string>

#include "absl/functional/function_ref.h"
#include "absl/status/statusor.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/development_service.grpc.pb.h"

namespace teraju::evaluation {

class DevelopmentProgrammesService final : public v1::DevelopmentProgrammes::CallbackService {
 public:
  DevelopmentProgrammesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetDevelopmentProgramme(
      grpc::CallbackServerContext* context,
      const v1::GetDevelopmentProgrammeRequest* request,
      v1::DevelopmentProgramme* response) override;
  grpc::ServerUnaryReactor* ListDevelopmentProgrammes(
      grpc::CallbackServerContext* context,
      const v1::ListDevelopmentProgrammesRequest* request,
      v1::ListDevelopmentProgrammesResponse* response) override;
  grpc::ServerUnaryReactor* CreateDevelopmentProgramme(
      grpc::CallbackServerContext* context,
      const v1::CreateDevelopmentProgrammeRequest* request,
      v1::DevelopmentProgramme* response) override;
  grpc::ServerUnaryReactor* AcknowledgeDevelopmentProgramme(
      grpc::CallbackServerContext* context,
      const v1::AcknowledgeDevelopmentProgrammeRequest* request,
      v1::DevelopmentProgramme* response) override;
  grpc::ServerUnaryReactor* ReviewDevelopmentProgramme(
      grpc::CallbackServerContext* context,
      const v1::ReviewDevelopmentProgrammeRequest* request,
      v1::DevelopmentProgramme* response) override;
  grpc::ServerUnaryReactor* ExtendDevelopmentProgramme(
      grpc::CallbackServerContext* context,
      const v1::ExtendDevelopmentProgrammeRequest* request,
      v1::DevelopmentProgramme* response) override;
  grpc::ServerUnaryReactor* ConcludeDevelopmentProgramme(
      grpc::CallbackServerContext* context,
      const v1::ConcludeDevelopmentProgrammeRequest* request,
      v1::DevelopmentProgramme* response) override;
  grpc::ServerUnaryReactor* CancelDevelopmentProgramme(
      grpc::CallbackServerContext* context,
      const v1::CancelDevelopmentProgrammeRequest* request,
      v1::DevelopmentProgramme* response) override;

 private:
  using Rule = absl::FunctionRef<absl::Status(postgres::Transaction&, v1::DevelopmentProgramme&)>;
  // The programme, for a caller who has the method's permission on it.
  absl::StatusOr<v1::DevelopmentProgramme> AuthorizeProgramme(const CallContext& call,
                                                              const Key& key);
  absl::StatusOr<v1::DevelopmentProgramme> Change(const CallContext& call,
                                                  const std::string& name,
                                                  const std::string& etag,
                                                  const std::string& type,
                                                  Rule rule);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
