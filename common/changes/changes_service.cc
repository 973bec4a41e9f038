#include "common/changes/changes_service.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/api/page_token.h"
#include "common/api/resource_name.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::changes {
namespace {

using v1::Change;
using v1::ListChangesRequest;
using v1::ListChangesResponse;

constexpr api::NamePattern kFeedName{"changes/{service}"};
constexpr api::NamePattern kAgencyName{"agencies/{agency}"};
constexpr absl::Duration kLongestWait = absl::Seconds(20);
// Left of the call's time for reading and the way back.
constexpr absl::Duration kMargin = absl::Milliseconds(500);

// The agency whose changes the caller asks for, empty for all of them. Callers of one agency see no
// other.
std::string AgencyOf(const CallContext& call, const ListChangesRequest& request) {
  const std::string_view named = api::AgencyOf(request.agency());
  return named.empty() ? call.principal().agency.value() : std::string(named);
}

absl::Duration MaxWait(const ListChangesRequest& request) {
  const absl::Duration asked =
      absl::Seconds(request.max_wait().seconds()) + absl::Nanoseconds(request.max_wait().nanos());
  return std::clamp(asked, absl::ZeroDuration(), kLongestWait);
}

ListChangesResponse ToResponse(const postgres::FeedPage& page) {
  ListChangesResponse response;
  for (const postgres::FeedChange& change : page.changes) {
    Change& added = *response.add_changes();
    added.set_cursor(change.cursor);
    added.set_agency(kAgencyName.Format({change.agency}));
    added.set_resource(change.resource);
    added.set_type(change.type);
    const auto micros = absl::ToUnixMicros(change.create_time);
    added.mutable_create_time()->set_seconds(micros / 1000000);
    added.mutable_create_time()->set_nanos(static_cast<int>(micros % 1000000) * 1000);
    added.set_payload(change.payload);
  }
  response.set_next_cursor(page.next_cursor);
  return response;
}

}  // namespace

grpc::ServerUnaryReactor* ChangesService::ListChanges(grpc::CallbackServerContext* context,
                                                      const ListChangesRequest* request,
                                                      ListChangesResponse* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return List(call, *request);
  });
}

absl::StatusOr<ListChangesResponse> ChangesService::List(const CallContext& call,
                                                         const ListChangesRequest& request) {
  const std::string agency = AgencyOf(call, request);
  RETURN_IF_ERROR(call.Authorize({.resource = request.name(), .agency = AgencyId(agency)}));
  ASSIGN_OR_RETURN(const auto name, kFeedName.Parse(request.name(), "name"));
  if (name[0] != service_) return errors::ResourceNotFound(request.name());
  if (!request.agency().empty())
    RETURN_IF_ERROR(kAgencyName.Parse(request.agency(), "agency").status());
  ASSIGN_OR_RETURN(const int size, api::PageSize(request.page_size(), 100, 1000));
  ASSIGN_OR_RETURN(postgres::FeedPosition seen, postgres::ParseCursor(request.cursor()));

  const absl::Time until = std::min(absl::Now() + MaxWait(request), call.deadline() - kMargin);
  for (;;) {
    ASSIGN_OR_RETURN(const postgres::FeedPage page,
                     database_.Read(call, [&](postgres::Transaction& tx) {
                       return postgres::ReadFeed(tx, request.cursor(), agency, size);
                     }));
    if (!page.changes.empty() || absl::Now() >= until || call.cancelled()) return ToResponse(page);
    // Beyond what was seen, also where that was of other agencies: or this would turn without
    // pause.
    seen = std::max(seen, watch_.WaitBeyond(seen, until, [&] { return call.cancelled(); }));
  }
}

}  // namespace teraju::changes
