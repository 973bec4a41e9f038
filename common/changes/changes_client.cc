#include "common/changes/changes_client.h"

#include <memory>
#include <utility>

#include "absl/time/clock.h"
#include "common/api/resource_name.h"
#include "common/api/strong_id.h"
#include "common/errors/status_macros.h"
#include "teraju/changes/v1/changes.grpc.pb.h"

namespace teraju::changes {
namespace {

using v1::Change;
using v1::Changes;
using v1::ListChangesRequest;
using v1::ListChangesResponse;

constexpr int kPage = 500;

postgres::FeedPage ToPage(const ListChangesResponse& response) {
  postgres::FeedPage page{.next_cursor = response.next_cursor()};
  for (const Change& change : response.changes()) {
    page.changes.push_back({.cursor = change.cursor(),
                            .agency = std::string(api::AgencyOf(change.agency())),
                            .resource = change.resource(),
                            .type = change.type(),
                            .create_time = absl::FromUnixSeconds(change.create_time().seconds()) +
                                           absl::Nanoseconds(change.create_time().nanos()),
                            .payload = change.payload()});
  }
  return page;
}

}  // namespace

postgres::FeedSource FollowPeer(const std::string& peer,
                                const rpc::Channel& channel,
                                rpc::TokenSource own_token,
                                const auth::Authorizer& authorizer) {
  const auto client = std::make_shared<rpc::Client<Changes>>(channel, std::move(own_token));
  return [client, name = "changes/" + peer, &authorizer](
             const std::string& cursor,
             absl::Duration max_wait) -> absl::StatusOr<postgres::FeedPage> {
    const absl::Time now = absl::Now();
    const CallContext call({.method = name,
                            .call_id = NewUuid7(now),
                            .time = now,
                            .deadline = now + max_wait + absl::Seconds(5)},
                           authorizer);
    ListChangesRequest request;
    request.set_name(name);
    request.set_cursor(cursor);
    request.set_page_size(kPage);
    request.mutable_max_wait()->set_seconds(absl::ToInt64Seconds(max_wait));
    ASSIGN_OR_RETURN(const ListChangesResponse response,
                     client->CallAsService(call, &Changes::StubInterface::ListChanges, request));
    return ToPage(response);
  };
}

}  // namespace teraju::changes
