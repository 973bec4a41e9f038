#include "services/evaluation/clients/smtp_mail_relay.h"

#include <curl/curl.h>

#include <algorithm>
#include <cctype>
#include <cstring>
#include <memory>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "absl/time/clock.h"

namespace teraju::evaluation {
namespace {

bool IsPlain(std::string_view address) {
  return !address.empty() && std::none_of(address.begin(), address.end(), [](unsigned char c) {
    return std::iscntrl(c) != 0 || std::isspace(c) != 0 || c == '<' || c == '>';
  });
}

// RFC 5322, marked as nobody's own letter (RFC 3834), so that nobody's absence is answered.
std::string MessageOf(const std::string& from, const Mail& mail) {
  return absl::StrCat(
      "From: Teraju <",
      from,
      ">\r\nTo: <",
      mail.to,
      ">\r\nSubject: ",
      mail.subject,
      "\r\nDate: ",
      absl::FormatTime("%a, %d %b %Y %H:%M:%S +0000", absl::Now(), absl::UTCTimeZone()),
      "\r\nAuto-Submitted: auto-generated\r\nMIME-Version: 1.0\r\n"
      "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n",
      absl::StrReplaceAll(mail.text, {{"\n", "\r\n"}}));
}

struct Upload {
  std::string_view left;
};

std::size_t Read(char* to, std::size_t size, std::size_t count, void* from) {
  std::string_view& left = static_cast<Upload*>(from)->left;
  const std::size_t taken = std::min(size * count, left.size());
  std::memcpy(to, left.data(), taken);
  left.remove_prefix(taken);
  return taken;
}

}  // namespace

SmtpMailRelay::SmtpMailRelay(SmtpOptions options) : options_(std::move(options)) {
  static const auto started = curl_global_init(CURL_GLOBAL_DEFAULT);
  static_cast<void>(started);
}

absl::Status SmtpMailRelay::Send(const Mail& mail, absl::Time deadline) {
  if (!IsPlain(mail.to)) return absl::UnavailableError("the address is none");
  const absl::Duration left = deadline - absl::Now();
  if (left <= absl::Milliseconds(1)) return absl::UnavailableError("no time is left for the relay");
  const std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> curl(curl_easy_init(),
                                                                 &curl_easy_cleanup);
  if (curl == nullptr) return absl::UnavailableError("libcurl does not start");
  const std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> recipients(
      curl_slist_append(nullptr, absl::StrCat("<", mail.to, ">").c_str()), &curl_slist_free_all);
  const std::string message = MessageOf(options_.from, mail);
  Upload upload{message};
  curl_easy_setopt(curl.get(), CURLOPT_URL, options_.url.c_str());
  curl_easy_setopt(curl.get(), CURLOPT_PROTOCOLS_STR, "smtp,smtps");
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_FROM, absl::StrCat("<", options_.from, ">").c_str());
  curl_easy_setopt(curl.get(), CURLOPT_MAIL_RCPT, recipients.get());
  curl_easy_setopt(curl.get(), CURLOPT_READFUNCTION, &Read);
  curl_easy_setopt(curl.get(), CURLOPT_READDATA, &upload);
  curl_easy_setopt(curl.get(), CURLOPT_UPLOAD, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(curl.get(), CURLOPT_TIMEOUT_MS, absl::ToInt64Milliseconds(left));
  curl_easy_setopt(curl.get(),
                   CURLOPT_USE_SSL,
                   static_cast<long>(  // NOLINT(google-runtime-int): libcurl's type
                       options_.user.empty() ? CURLUSESSL_TRY : CURLUSESSL_ALL));
  if (!options_.user.empty()) {
    curl_easy_setopt(curl.get(), CURLOPT_USERNAME, options_.user.c_str());
    curl_easy_setopt(curl.get(), CURLOPT_PASSWORD, options_.password.Reveal().c_str());
  }
  if (!options_.authority.empty())
    curl_easy_setopt(curl.get(), CURLOPT_CAINFO, options_.authority.c_str());

  const CURLcode sent = curl_easy_perform(curl.get());
  if (sent == CURLE_OK) return absl::OkStatus();
  long answer = 0;  // NOLINT(google-runtime-int): libcurl's type
  curl_easy_getinfo(curl.get(), CURLINFO_RESPONSE_CODE, &answer);
  return absl::UnavailableError(
      absl::StrCat("the relay: ", curl_easy_strerror(sent), ", last answer ", answer));
}

}  // namespace teraju::evaluation
