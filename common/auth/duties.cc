#include "common/auth/duties.h"

#include <fmt/format.h>

#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_split.h"
#include "common/errors/status_macros.h"
#include "duty_data.h"

namespace teraju::auth {
namespace {

absl::Status Fault(int line, std::string_view what) {
  return absl::InvalidArgumentError(fmt::format("table of duties, line {}: {}", line, what));
}

}  // namespace

absl::StatusOr<DutyTable> DutyTable::Parse(std::string_view text) {
  DutyTable table;
  int number = 0;
  for (const absl::string_view part :
       absl::StrSplit(absl::string_view(text.data(), text.size()), '\n')) {
    ++number;
    const absl::string_view line = part.substr(0, part.find('#'));
    const std::vector<std::string> words =
        absl::StrSplit(line, absl::ByAnyChar(" \t\r"), absl::SkipEmpty());
    if (words.empty()) continue;
    if (words.size() < 2 || !words[0].ends_with(':'))
      return Fault(number, "a line must be decision: entry");
    const std::string decision = words[0].substr(0, words[0].size() - 1);
    if (!table.entries_.emplace(decision, std::vector<std::string>(words.begin() + 1, words.end()))
             .second)
      return Fault(number, "the decision has a line already");
  }
  return table;
}

const DutyTable& DutyTable::Default() {
  static const DutyTable& table = *new DutyTable([] {
    absl::StatusOr<DutyTable> parsed = Parse(kDutyData.front().second);
    if (!parsed.ok()) {
      // The table is part of the build and has a test; without it nothing may be decided.
      fmt::print(stderr, "{}\n", std::string(parsed.status().message()));
      std::abort();
    }
    return *std::move(parsed);
  }());
  return table;
}

const std::vector<std::string>& DutyTable::EntriesOf(std::string_view type) const {
  static const std::vector<std::string>& none = *new std::vector<std::string>();
  const auto found = entries_.find(type);
  return found == entries_.end() ? none : found->second;
}

}  // namespace teraju::auth
