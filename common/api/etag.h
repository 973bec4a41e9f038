// Etags (AIP-154) from row versions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace teraju::api {

// `"7"`, with the quotes, as the AIP says.
std::string MakeEtag(std::int64_t version);

// What the client expects of a row before changing it: nothing, or a version.
class Precondition {
 public:
  static Precondition None() { return {}; }
  // Empty: none. An etag that is not one of ours never matches.
  static Precondition FromEtag(std::string_view etag);
  // ABORTED (ETAG_MISMATCH) when `version` is not the expected one.
  absl::Status Check(std::int64_t version, std::string_view resource) const;

 private:
  std::optional<std::int64_t> version_;
};

}  // namespace teraju::api
