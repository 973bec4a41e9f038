// The methods of teraju.evaluation.v1.Cycles.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/catalog_client.h"
#include "services/evaluation/clients/people_client.h"
#include "teraju/evaluation/v1/cycles_service.grpc.pb.h"

namespace teraju::evaluation {

class CyclesService final : public v1::Cycles::CallbackService {
 public:
  CyclesService(rpc::Pipeline& pipeline,
                postgres::Database& database,
                CatalogClient& catalog,
                PeopleClient& people)
      : pipeline_(pipeline), database_(database), catalog_(catalog), people_(people) {}

  grpc::ServerUnaryReactor* GetCycle(grpc::CallbackServerContext* context,
                                     const v1::GetCycleRequest* request,
                                     v1::Cycle* response) override;
  grpc::ServerUnaryReactor* ListCycles(grpc::CallbackServerContext* context,
                                       const v1::ListCyclesRequest* request,
                                       v1::ListCyclesResponse* response) override;
  grpc::ServerUnaryReactor* CreateCycle(grpc::CallbackServerContext* context,
                                        const v1::CreateCycleRequest* request,
                                        v1::Cycle* response) override;
  grpc::ServerUnaryReactor* OpenCycle(grpc::CallbackServerContext* context,
                                      const v1::OpenCycleRequest* request,
                                      google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* ScorePeriod(grpc::CallbackServerContext* context,
                                        const v1::ScorePeriodRequest* request,
                                        google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* PublishPeriod(grpc::CallbackServerContext* context,
                                          const v1::PublishPeriodRequest* request,
                                          google::longrunning::Operation* response) override;
  grpc::ServerUnaryReactor* CloseCycle(grpc::CallbackServerContext* context,
                                       const v1::CloseCycleRequest* request,
                                       v1::Cycle* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  CatalogClient& catalog_;
  PeopleClient& people_;
};

}  // namespace teraju::evaluation
