// A relay spoken to by SMTP (RFC 5321), through libcurl.
#pragma once

#include <string>
#include <utility>

#include "common/logging/secret.h"
#include "services/evaluation/clients/mail_relay.h"

namespace teraju::evaluation {

struct SmtpOptions {
  std::string url;   // smtp://host:25, or smtps://host:465
  std::string from;  // the sender's address
  // With a user the connection must be encrypted; without, it is where the relay offers it.
  std::string user;
  logging::Secret password;
  // PEM file with the authorities to believe; empty: the machine's.
  std::string authority;
};

class SmtpMailRelay final : public MailRelay {
 public:
  explicit SmtpMailRelay(SmtpOptions options);

  absl::Status Send(const Mail& mail, absl::Time deadline) override;

 private:
  const SmtpOptions options_;
};

}  // namespace teraju::evaluation
