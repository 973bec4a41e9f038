// The one place where a status crosses the wire.
#pragma once

#include <string_view>

#include "absl/status/status.h"
#include "google/rpc/status.pb.h"
#include "grpcpp/support/status.h"

namespace teraju::errors {

// Fills ErrorInfo.domain with `domain` ("evaluation.teraju") where it is empty, adds RequestInfo
// and the LocalizedMessage for `locale` ("id" or "en"), and packs google.rpc.Status into the
// trailers. A status without a reason becomes INTERNAL_FAULT with fixed text: what we did not name,
// we do not show. Trailers above 8 KiB break the whole connection of a gRPC peer, so field
// violations that do not fit are left out and counted in the metadata `omitted_violations`.
grpc::Status ToGrpc(const absl::Status& status,
                    std::string_view domain,
                    std::string_view request_id,
                    std::string_view locale);
// The same as a google.rpc.Status, for Operation.error and for the gateway's JSON.
google::rpc::Status ToRpc(const absl::Status& status,
                          std::string_view domain,
                          std::string_view request_id,
                          std::string_view locale);
// Details come back as payloads.
absl::Status FromGrpc(const grpc::Status& status);
absl::Status FromRpc(const google::rpc::Status& status);

}  // namespace teraju::errors
