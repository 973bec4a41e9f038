// A mail relay on a port of this machine that keeps what it is given (RFC 5321, without
// extensions).
#pragma once

#include <memory>
#include <string>
#include <vector>

namespace teraju::testing {

struct SunkMail {
  std::string from;  // as in MAIL FROM, with brackets
  std::string to;    // as in RCPT TO
  std::string text;  // headers and body
};

class SmtpSink {
 public:
  SmtpSink();
  ~SmtpSink();

  std::string url() const;  // smtp://127.0.0.1:port
  // From now on every recipient is answered with this code: 250, 451, 550.
  void AnswerRecipients(int code);
  std::vector<SunkMail> mails() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::testing
