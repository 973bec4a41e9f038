#include "services/identity/api/access_feed_service.h"

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/signing_keys.h"
#include "services/identity/store/access_version_store.h"

namespace teraju::identity {
namespace {

// A lease is renewed when less is left: one statement that commits per second and replica, and four
// seconds in which a disk may hesitate before anybody is refused.
constexpr absl::Duration kRenewBelow = absl::Seconds(4);
constexpr absl::Duration kConfirmationPause = absl::Milliseconds(20);
constexpr absl::Duration kClockSlack = absl::Minutes(5);  // leeway and clocks that differ
constexpr int kMostRevocations = 5000;

absl::StatusOr<AccessStanding> ReadStanding(postgres::Database& database,
                                            const CallContext& call,
                                            const std::string& follower,
                                            std::int64_t known) {
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<AccessStanding> {
    return AccessVersionStore(tx).StandingOf(follower, known);
  });
}

// Nothing to read where nothing has changed.
absl::StatusOr<std::vector<auth::Revocation>> ReadRevocations(postgres::Database& database,
                                                              const CallContext& call,
                                                              const auth::AccessVersion& present,
                                                              std::int64_t known,
                                                              std::int64_t& last) {
  using Revocations = std::vector<auth::Revocation>;
  if (present.changes == known) return Revocations();
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Revocations> {
    return AccessVersionStore(tx).RevocationsSince(known, kMostRevocations, last);
  });
}

}  // namespace

absl::StatusOr<v1::FollowAccessResponse> FollowAccess(postgres::Database& database,
                                                      const CallContext& call,
                                                      const std::string& follower,
                                                      std::int64_t known) {
  ASSIGN_OR_RETURN(AccessStanding standing, ReadStanding(database, call, follower, known));
  // Another database has taken the place of the one that was followed.
  if (known > standing.version.changes) known = 0;
  if (standing.lease < kRenewBelow) {
    RETURN_IF_ERROR(database.Write(call, [&](postgres::Transaction& tx) {
      AccessVersionStore(tx).GiveLease(follower, known);
      return absl::OkStatus();
    }));
    // Not what was read before: whoever changed access meanwhile has not seen this lease.
    ASSIGN_OR_RETURN(standing, ReadStanding(database, call, follower, known));
  }
  std::int64_t last = 0;
  ASSIGN_OR_RETURN(const std::vector<auth::Revocation> revocations,
                   ReadRevocations(database, call, standing.version, known, last));
  v1::FollowAccessResponse response;
  const bool more = revocations.size() == kMostRevocations;
  response.set_version(more ? last : standing.version.changes);
  response.set_bindings_version(standing.version.bindings);
  const std::int64_t millis = absl::ToInt64Milliseconds(standing.lease);
  response.mutable_lease()->set_seconds(millis / 1000);
  response.mutable_lease()->set_nanos(static_cast<std::int32_t>(millis % 1000 * 1'000'000));
  for (const auth::Revocation& one : revocations) {
    v1::Revocation& revocation = *response.add_revocations();
    revocation.set_key(one.key);
    revocation.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(one.expire_time));
  }
  return response;
}

grpc::ServerUnaryReactor* AccessFeedService::FollowAccess(grpc::CallbackServerContext* context,
                                                          const v1::FollowAccessRequest* request,
                                                          v1::FollowAccessResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::FollowAccessResponse> {
        RETURN_IF_ERROR(call.Authorize(AgencyObject(kEveryAgency, "access")));
        return identity::FollowAccess(database_, call, request->follower_id(), request->version());
      });
}

absl::Time RevokedUntil(const CallContext& call) {
  return call.time() + kAccessTokenLife + kClockSlack;
}

absl::Status AccessBarrier::Await(const CallContext& call) {
  if (call.validate_only()) return absl::OkStatus();
  refresh_();
  ASSIGN_OR_RETURN(
      const std::int64_t target,
      database_.Read(call, [](postgres::Transaction& tx) -> absl::StatusOr<std::int64_t> {
        return AccessVersionStore(tx).Version().changes;
      }));
  while (true) {
    ASSIGN_OR_RETURN(const bool confirmed,
                     database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<bool> {
                       return AccessVersionStore(tx).ConfirmedByAll(target);
                     }));
    if (confirmed) return absl::OkStatus();
    if (absl::Now() + kConfirmationPause >= call.deadline() || call.cancelled()) {
      return errors::Make(absl::StatusCode::kDeadlineExceeded,
                          errors::reasons::DEADLINE_PASSED,
                          "Not every replica has confirmed the change yet.");
    }
    absl::SleepFor(kConfirmationPause);
  }
}

}  // namespace teraju::identity
