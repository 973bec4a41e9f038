// The methods of teraju.evaluation.v1.Objections.
#pragma once

#include "absl/functional/function_ref.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/objections_service.grpc.pb.h"

namespace teraju::evaluation {

class ObjectionsService final : public v1::Objections::CallbackService {
 public:
  ObjectionsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetObjectionRules(grpc::CallbackServerContext* context,
                                              const v1::GetObjectionRulesRequest* request,
                                              v1::ObjectionRules* response) override;
  grpc::ServerUnaryReactor* UpdateObjectionRules(grpc::CallbackServerContext* context,
                                                 const v1::UpdateObjectionRulesRequest* request,
                                                 v1::ObjectionRules* response) override;
  grpc::ServerUnaryReactor* GetObjection(grpc::CallbackServerContext* context,
                                         const v1::GetObjectionRequest* request,
                                         v1::Objection* response) override;
  grpc::ServerUnaryReactor* ListObjections(grpc::CallbackServerContext* context,
                                           const v1::ListObjectionsRequest* request,
                                           v1::ListObjectionsResponse* response) override;
  grpc::ServerUnaryReactor* CreateObjection(grpc::CallbackServerContext* context,
                                            const v1::CreateObjectionRequest* request,
                                            v1::Objection* response) override;
  grpc::ServerUnaryReactor* RespondToObjection(grpc::CallbackServerContext* context,
                                               const v1::RespondToObjectionRequest* request,
                                               v1::Objection* response) override;
  grpc::ServerUnaryReactor* RecuseObjection(grpc::CallbackServerContext* context,
                                            const v1::RecuseObjectionRequest* request,
                                            v1::Objection* response) override;
  grpc::ServerUnaryReactor* AssignObjection(grpc::CallbackServerContext* context,
                                            const v1::AssignObjectionRequest* request,
                                            v1::Objection* response) override;
  grpc::ServerUnaryReactor* DecideObjection(grpc::CallbackServerContext* context,
                                            const v1::DecideObjectionRequest* request,
                                            v1::Objection* response) override;
  grpc::ServerUnaryReactor* WithdrawObjection(grpc::CallbackServerContext* context,
                                              const v1::WithdrawObjectionRequest* request,
                                              v1::Objection* response) override;
  grpc::ServerUnaryReactor* RemindObjections(grpc::CallbackServerContext* context,
                                             const v1::RemindObjectionsRequest* request,
                                             v1::RemindObjectionsResponse* response) override;
  grpc::ServerUnaryReactor* GetObjectionStatistics(grpc::CallbackServerContext* context,
                                                   const v1::GetObjectionStatisticsRequest* request,
                                                   v1::ObjectionStatistics* response) override;

 private:
  using Rule = absl::FunctionRef<absl::Status(postgres::Transaction&, v1::Objection&)>;
  // Authorises, changes the case under its lock, records an event of this type.
  absl::StatusOr<v1::Objection> Change(const CallContext& call,
                                       const std::string& name,
                                       const std::string& etag,
                                       const std::string& type,
                                       Rule rule);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
