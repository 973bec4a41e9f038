// Keyset pages (AIP-158): a token holds the last key and a hash of the query it belongs to.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "google/protobuf/message.h"

namespace teraju::api {

// The size asked for, within bounds: 0 is `fallback`, larger than `maximum` is `maximum`, negative
// INVALID_ARGUMENT.
absl::StatusOr<int> PageSize(int requested, int fallback, int maximum);

// The key values after which the page begins; empty for the first. `request` is the List request;
// its page_size and page_token do not take part in the hash. INVALID_ARGUMENT (PAGE_TOKEN_INVALID).
absl::StatusOr<std::vector<std::string>> ParsePageToken(const google::protobuf::Message& request);
std::string MakePageToken(const google::protobuf::Message& request,
                          const std::vector<std::string>& last_key);

}  // namespace teraju::api
