// The methods of teraju.evaluation.v1.ProgressEntries.
#pragma once

#include <vector>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/work_plans_service.grpc.pb.h"

namespace teraju::evaluation {

// Gives the entries of a plan their names and stores them, with the records that they leave.
std::vector<v1::ProgressEntry> StoreEntries(postgres::Transaction& tx,
                                            const Key& key,
                                            std::vector<v1::ProgressEntry> entries);

class ProgressEntriesService final : public v1::ProgressEntries::CallbackService {
 public:
  ProgressEntriesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListProgressEntries(grpc::CallbackServerContext* context,
                                                const v1::ListProgressEntriesRequest* request,
                                                v1::ListProgressEntriesResponse* response) override;
  grpc::ServerUnaryReactor* CreateProgressEntry(grpc::CallbackServerContext* context,
                                                const v1::CreateProgressEntryRequest* request,
                                                v1::ProgressEntry* response) override;
  grpc::ServerUnaryReactor* BatchCreateProgressEntries(
      grpc::CallbackServerContext* context,
      const v1::BatchCreateProgressEntriesRequest* request,
      v1::BatchCreateProgressEntriesResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
