// What carries mails to people.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace teraju::evaluation {

struct Mail {
  std::string to;  // an address
  std::string subject;
  std::string text;
};

class MailRelay {
 public:
  virtual ~MailRelay() = default;
  // Hands the mail over. UNAVAILABLE with the reason, which does not say the address.
  virtual absl::Status Send(const Mail& mail, absl::Time deadline) = 0;
};

}  // namespace teraju::evaluation
