#include "common/testing/smtp_sink.h"

#include <atomic>
#include <boost/asio/connect.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>
#include <thread>
#include <utility>

#include "absl/base/thread_annotations.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/synchronization/mutex.h"

namespace teraju::testing {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using boost::system::error_code;

// What stands behind the colon of `MAIL FROM:<a@b>`.
std::string PathOf(const std::string& line) { return line.substr(line.find(':') + 1); }

}  // namespace

struct SmtpSink::Impl {
  Impl() : acceptor(io, Tcp::endpoint(asio::ip::make_address("127.0.0.1"), 0)) {}

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

  void Loop() {
    for (;;) {
      Tcp::socket socket(io);
      error_code error;
      acceptor.accept(socket, error);
      if (stopping) return;
      if (!error) Serve(std::move(socket));
    }
  }

  asio::io_context io;
  Tcp::acceptor acceptor;
  std::atomic<bool> stopping = false;
  std::atomic<int> recipients = 250;
  mutable absl::Mutex mutex;
  std::vector<SunkMail> kept ABSL_GUARDED_BY(mutex);
  std::thread thread;
};

SmtpSink::SmtpSink() : impl_(std::make_unique<Impl>()) {
  impl_->thread = std::thread([this] { impl_->Loop(); });
}

SmtpSink::~SmtpSink() {
  impl_->stopping = true;
  // Wakes the acceptor, which looks at `stopping` then.
  asio::io_context io;
  Tcp::socket knock(io);
  error_code ignored;
  knock.connect(impl_->acceptor.local_endpoint(), ignored);
  impl_->thread.join();
}

std::string SmtpSink::url() const {
  return absl::StrCat("smtp://127.0.0.1:", impl_->acceptor.local_endpoint().port());
}

void SmtpSink::AnswerRecipients(int code) { impl_->recipients = code; }

std::vector<SunkMail> SmtpSink::mails() const {
  absl::MutexLock lock(&impl_->mutex);
  return impl_->kept;
}

}  // namespace teraju::testing
