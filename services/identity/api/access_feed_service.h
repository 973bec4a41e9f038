// What every replica must know to decide, and the wait until it does.
#pragma once

#include <functional>
#include <string>

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/identity/v1/access_service.grpc.pb.h"

namespace teraju::identity {

class AccessFeedService final : public v1::AccessFeed::CallbackService {
 public:
  AccessFeedService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* FollowAccess(grpc::CallbackServerContext* context,
                                         const v1::FollowAccessRequest* request,
                                         v1::FollowAccessResponse* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

// The same for this service's own process: `known` is in force there from now on.
absl::StatusOr<v1::FollowAccessResponse> FollowAccess(postgres::Database& database,
                                                      const CallContext& call,
                                                      const std::string& follower,
                                                      std::int64_t known);

// Until when a revocation of now has to be known: no token that was issued before is good any more.
absl::Time RevokedUntil(const CallContext& call);

// Whoever changes access waits here before answering.
class AccessBarrier {
 public:
  // `refresh` makes this replica know at once.
  AccessBarrier(postgres::Database& database, std::function<void()> refresh)
      : database_(database), refresh_(std::move(refresh)) {}

  // Returns when all that has been committed up to now is in force on every replica that decides:
  // mostly within a quarter of a second; when a replica has died, with its lease (5 s).
  // DEADLINE_EXCEEDED where the caller does not wait so long: then it holds soon, and asking again
  // waits again.
  absl::Status Await(const CallContext& call);

 private:
  postgres::Database& database_;
  const std::function<void()> refresh_;
};

}  // namespace teraju::identity
