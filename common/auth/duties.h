// Who enters may not approve: which decision about an object is closed to whoever has entered it,
// as one table of data.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace teraju::auth {

class DutyTable {
 public:
  // Lines of `decision: entry entry`, types of audit records; `#` begins a comment.
  // INVALID_ARGUMENT names the line.
  static absl::StatusOr<DutyTable> Parse(std::string_view text);
  // The table of this build.
  static const DutyTable& Default();

  // The types of records whose actor may not make one of `type` for the same object; empty: anybody
  // may.
  const std::vector<std::string>& EntriesOf(std::string_view type) const;
  const std::map<std::string, std::vector<std::string>, std::less<>>& all() const {
    return entries_;
  }

 private:
  std::map<std::string, std::vector<std::string>, std::less<>> entries_;
};

}  // namespace teraju::auth
