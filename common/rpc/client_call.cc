#include "common/rpc/client_call.h"

#include <algorithm>

#include "absl/time/clock.h"
#include "common/errors/error.h"
#include "common/rpc/request_metadata.h"

namespace teraju::rpc {
namespace {

// What this service keeps of its time, to make something of the answer.
constexpr absl::Duration kMargin = absl::Milliseconds(50);
// For work that nobody waits for.
constexpr absl::Duration kLongest = absl::Seconds(30);

}  // namespace

absl::Status PrepareContext(grpc::ClientContext& context,
                            const CallContext& call,
                            const std::string& token) {
  const absl::Time now = absl::Now();
  const absl::Time deadline = std::min(call.deadline() - kMargin, now + kLongest);
  if (deadline <= now) {
    return errors::Make(absl::StatusCode::kDeadlineExceeded,
                        errors::reasons::DEADLINE_PASSED,
                        "No time is left to ask a peer.");
  }
  context.set_deadline(absl::ToChronoTime(deadline));
  if (!token.empty()) context.AddMetadata("authorization", "Bearer " + token);
  // The token is the mandatary's: for whom he speaks travels with it, and is checked again.
  if (!token.empty() && token == call.token() && !call.principal().acting.empty())
    context.AddMetadata(kOnBehalfOfHeader, call.principal().subject);
  if (!call.call_id().empty()) context.AddMetadata("x-request-id", call.call_id());
  if (!call.traceparent().empty()) context.AddMetadata("traceparent", call.traceparent());
  context.AddMetadata("accept-language", call.locale());
  return absl::OkStatus();
}

}  // namespace teraju::rpc
