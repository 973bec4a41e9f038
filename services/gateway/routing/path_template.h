// A path pattern of google.api.http: `/v1/{name=agencies/*/cycles/*}:close`.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace teraju::gateway {

struct PathTemplate {
  enum class Wildcard { kNone, kOne, kRest };  // `*` takes one segment, `**` all that remain

  struct Segment {
    Wildcard wildcard = Wildcard::kNone;
    std::string literal;
  };

  // A field and the segments [begin, end) that it takes.
  struct Variable {
    std::string field_path;
    std::size_t begin = 0;
    std::size_t end = 0;
    // A resource name of several segments, not one id.
    bool multiple = false;
  };

  std::vector<Segment> segments;
  std::vector<Variable> variables;
  std::string verb;  // what follows the last `:` of the last segment; empty without one

  // INVALID_ARGUMENT where the text is no pattern, with the place. `**` may stand last only.
  static absl::StatusOr<PathTemplate> Parse(std::string_view text);
};

}  // namespace teraju::gateway
