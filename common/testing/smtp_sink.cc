#include "common/testing/smtp_sink.h"

#include <atomic>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"
#include "common/testing/local_listener.h"

namespace teraju::testing {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

// What stands behind the colon of `MAIL FROM:<a@b>`.
std::string PathOf(const std::string& line) { return line.substr(line.find(':') + 1); }

}  // namespace

struct SmtpSink::Impl {
  void Serve(Tcp::socket socket) {
    std::string buffer;
    error_code error;
    const auto say = [&](const std::string& line) {
      asio::write(socket, asio::buffer(line + "\r\n"), error);
    };
    const auto read_to = [&](const std::string& end) {
      const std::size_t size = asio::read_until(socket, asio::dynamic_buffer(buffer), end, error);
      if (error) return std::string();
      std::string text = buffer.substr(0, size - end.size());
      buffer.erase(0, size);
      return text;
    };
    say("220 sink");
    SunkMail mail;
    while (!error) {
      const std::string line = read_to("\r\n");
      if (error || absl::StartsWith(line, "QUIT")) break;
      if (absl::StartsWith(line, "MAIL")) mail.from = PathOf(line);
      if (absl::StartsWith(line, "RCPT")) {
        mail.to = PathOf(line);
        say(absl::StrCat(recipients.load(), " recipient"));
      } else if (absl::StartsWith(line, "DATA")) {
        say("354 go on");
        mail.text = read_to("\r\n.\r\n");
        if (!error) {
          absl::MutexLock lock(&mutex);
          kept.push_back(std::exchange(mail, {}));
        }
        say("250 kept");
      } else {
        say("250 ok");
      }
    }
    say("221 bye");
  }

  std::atomic<int> recipients = 250;
  mutable absl::Mutex mutex;
  std::vector<SunkMail> kept ABSL_GUARDED_BY(mutex);
  LocalListener listener{0, [this](Tcp::socket socket) { Serve(std::move(socket)); }};
};

SmtpSink::SmtpSink() : impl_(std::make_unique<Impl>()) {}

SmtpSink::~SmtpSink() = default;

std::string SmtpSink::url() const {
  return absl::StrCat("smtp://127.0.0.1:", impl_->listener.port());
}

void SmtpSink::AnswerRecipients(int code) { impl_->recipients = code; }

std::vector<SunkMail> SmtpSink::mails() const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->kept;
}

}  // namespace teraju::testing
