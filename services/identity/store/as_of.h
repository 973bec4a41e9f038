// At which day, and with the knowledge of which moment, a read looks.
#pragma once

#include <optional>
#include <string>

namespace teraju::identity {

// As parameters of statements.
struct AsOf {
  std::optional<std::string> day;    // date: what held then; nothing: all days
  std::optional<std::string> known;  // timestamptz: what was believed then; nothing: now
};

// Who records a version, and why: `importJobs/{id}` or the caller's subject.
struct Recorded {
  std::string by;
  std::string reason;
};

}  // namespace teraju::identity
