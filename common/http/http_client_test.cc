#include "common/http/http_client.h"

#include <atomic>
#include <filesystem>

#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/http/testing/http_receiver.h"
#include "common/rpc/testdata/certificates.h"
#include "common/testing/program.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace teraju::http {
namespace {

using testing::IsOk;
using testing::StatusIs;

std::string PathOf(const testing::TemporaryFolder& folder) {
  return std::filesystem::path(folder.Write("about", "")).parent_path().string();
}

absl::Time Soon() { return absl::Now() + absl::Seconds(20); }

TEST(CheckUrl, TakesAddressesOfRequestsAndNothingElse) {
  for (const char* good : {"http://keeper",
                           "https://keeper.example:8443/a/b?c=d",
                           "http://127.0.0.1:80/",
                           "https://[::1]:443/x",
                           "https://[2001:db8::1]"})
    EXPECT_THAT(CheckUrl(good), IsOk()) << good;
  for (const char* bad : {"",
                          "keeper",
                          "ftp://keeper",
                          "https://",
                          "https:///x",
                          "https://user@keeper/",
                          "https://keeper:/",
                          "https://keeper:http/",
                          "https://keeper/#x",
                          "https://keeper?x",
                          "https://keep er/",
                          "https://[::1",
                          "https://keeper/\r\nX: y"})
    EXPECT_THAT(CheckUrl(bad), StatusIs(absl::StatusCode::kInvalidArgument)) << bad;
}

TEST(SendHttp, SendsWhatItIsToldAndGivesTheAnswer) {
  const HttpReceiver receiver([](const Received&) { return 201; });
  const auto answer = SendHttp({.method = "POST",
                                .url = receiver.url() + "/a/b?c=d",
                                .body = "{}",
                                .content_type = "application/json",
                                .authorization = "Bearer x"},
                               Soon());
  ASSERT_THAT(answer, IsOk());
  EXPECT_EQ(*answer, "kept\n");
  ASSERT_EQ(receiver.received().size(), 1U);
  const Received one = receiver.received().front();
  EXPECT_EQ(one.method, "POST");
  EXPECT_EQ(one.target, "/a/b?c=d");
  EXPECT_EQ(one.body, "{}");
  EXPECT_EQ(one.headers.at("content-type"), "application/json");
  EXPECT_EQ(one.headers.at("authorization"), "Bearer x");
  EXPECT_EQ(one.headers.at("host"), "127.0.0.1:" + std::to_string(receiver.port()));
}

TEST(SendHttp, TellsRefusalFromOutage) {
  std::atomic<int> status = 403;
  const HttpReceiver receiver([&](const Received&) { return status.load(); });
  const auto code = [&] { return SendHttp({.url = receiver.url()}, Soon()).status().code(); };
  EXPECT_EQ(code(), absl::StatusCode::kPermissionDenied);
  for (const int other : {302, 500, 503, 0}) {
    status = other;
    EXPECT_EQ(code(), absl::StatusCode::kUnavailable) << other;
  }
}

TEST(SendHttp, NobodyListeningIsAnOutage) {
  std::string url;
  {
    const HttpReceiver gone([](const Received&) { return 200; });
    url = gone.url();
  }
  EXPECT_THAT(SendHttp({.url = url}, Soon()), StatusIs(absl::StatusCode::kUnavailable));
}

TEST(SendHttp, EndsAtTheDeadlineAndWhenNobodyWaits) {
  // It accepts by its backlog and never answers.
  absl::Notification leave;
  const HttpReceiver receiver([&](const Received&) {
    leave.WaitForNotification();
    return 200;
  });
  EXPECT_THAT(SendHttp({.url = receiver.url()}, absl::Now() + absl::Milliseconds(200)),
              StatusIs(absl::StatusCode::kUnavailable));
  const absl::Time begin = absl::Now();
  EXPECT_THAT(SendHttp({.url = receiver.url(), .cancelled = [] { return true; }}, Soon()),
              StatusIs(absl::StatusCode::kCancelled));
  EXPECT_LT(absl::Now() - begin, absl::Seconds(10));
  leave.Notify();
}

TEST(SendHttp, BelievesOnlyTheAuthoritiesThatItIsTold) {
  const testing::TemporaryFolder folder;
  const rpc::CertificateAuthority authority(PathOf(folder));
  const rpc::TlsFiles files = authority.Issue("keeper", {.uri = "spiffe://teraju/keeper"});
  const HttpReceiver receiver([](const Received&) { return 200; }, 0, files.certificate, files.key);
  const auto send = [&](const std::string& host, const std::string& believed) {
    return SendHttp(
        {.url = "https://" + host + ":" + std::to_string(receiver.port()), .authority = believed},
        Soon());
  };
  EXPECT_THAT(send("localhost", files.authority), IsOk());
  EXPECT_THAT(send("127.0.0.1", files.authority), IsOk());
  // Controls: the machine's authorities, another one, another name of the same address, no file.
  EXPECT_THAT(send("localhost", ""), StatusIs(absl::StatusCode::kUnavailable));
  const testing::TemporaryFolder other_folder;
  const rpc::CertificateAuthority other(PathOf(other_folder));
  EXPECT_THAT(send("localhost", other.Issue("x", {.uri = "spiffe://teraju/x"}).authority),
              StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(send("127.1", files.authority), StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_THAT(send("localhost", PathOf(folder) + "/none"),
              StatusIs(absl::StatusCode::kInvalidArgument));
}

}  // namespace
}  // namespace teraju::http
