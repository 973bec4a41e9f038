// Who calls: what a verified token says, and nothing else.
#pragma once

#include <string>
#include <string_view>

#include "common/api/strong_id.h"

namespace teraju::auth {

// Subjects are relative resource names: `employees/{id}`, `officials/{id}`, `apiClients/{id}`,
// `accounts/{id}` (operators without a person), `services/{name}`.
struct Principal {
  std::string subject;  // empty: anonymous
  AgencyId agency;      // empty: of the installation, not of one agency
  std::string client;   // the API client or portal that the token was issued through
  std::string session;
  std::string scope =
      {};  // what the token may be used for at most, parted by blanks; empty: no limit
  std::string key = {};  // the id of the key that signed the token

  // Who really calls, where he speaks for `subject` by a mandate; empty: `subject` itself.
  std::string acting = {};

  bool anonymous() const { return subject.empty(); }
  bool person() const {
    return subject.starts_with("employees/") || subject.starts_with("officials/");
  }
  bool service() const { return subject.starts_with("services/"); }
};

}  // namespace teraju::auth
