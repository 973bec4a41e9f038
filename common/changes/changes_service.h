// The change feed of this service for others: teraju.changes.v1.Changes.
#pragma once

#include <string>

#include "common/postgres/database.h"
#include "common/postgres/feed_watch.h"
#include "common/rpc/pipeline.h"
#include "teraju/changes/v1/changes.grpc.pb.h"

namespace teraju::changes {

class ChangesService final : public v1::Changes::CallbackService {
 public:
  ChangesService(rpc::Pipeline& pipeline,
                 postgres::Database& database,
                 postgres::FeedWatch& watch,
                 std::string service)
      : pipeline_(pipeline), database_(database), watch_(watch), service_(std::move(service)) {}

  grpc::ServerUnaryReactor* ListChanges(grpc::CallbackServerContext* context,
                                        const v1::ListChangesRequest* request,
                                        v1::ListChangesResponse* response) override;

 private:
  absl::StatusOr<v1::ListChangesResponse> List(const CallContext& call,
                                               const v1::ListChangesRequest& request);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  postgres::FeedWatch& watch_;
  const std::string service_;
};

}  // namespace teraju::changes
