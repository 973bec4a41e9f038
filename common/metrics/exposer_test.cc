#include "common/metrics/exposer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/write.hpp>

namespace teraju::metrics {
namespace {

using boost::asio::ip::tcp;
using ::testing::AllOf;
using ::testing::EndsWith;
using ::testing::HasSubstr;
using ::testing::StartsWith;

class ExposerTest : public ::testing::Test {
 protected:
  ExposerTest() {
    auto started = Exposer::Start("127.0.0.1",
                                  0,
                                  {{"/metrics",
                                    [] {
                                      return Page{200, "a 1\n"};
                                    }},
                                   {"/readyz", [this] {
                                      return ready_ ? Page{200, "ok"} : Page{503, "not ready"};
                                    }}});
    EXPECT_TRUE(started.ok()) << started.status();
    exposer_ = *std::move(started);
  }

  std::string Ask(const std::string& request) const {
    boost::asio::io_context context;
    tcp::socket socket(context);
    socket.connect(
        {boost::asio::ip::address_v4::loopback(), static_cast<unsigned short>(exposer_->port())});
    boost::asio::write(socket, boost::asio::buffer(request));
    std::string answer;
    boost::system::error_code end;
    boost::asio::read(socket, boost::asio::dynamic_buffer(answer), end);
    return answer;
  }

  bool ready_ = false;
  std::unique_ptr<Exposer> exposer_;
};

TEST_F(ExposerTest, ServesItsPagesAndNothingElse) {
  EXPECT_THAT(Ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\na 1\n")));
  EXPECT_THAT(Ask("GET /other HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 404"));
  EXPECT_THAT(Ask("POST /metrics HTTP/1.1\r\nHost: a\r\nContent-Length: 0\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 405"), HasSubstr("Allow: GET, HEAD")));
  EXPECT_THAT(Ask("HEAD /metrics HTTP/1.1\r\nHost: a\r\n\r\n"),
              AllOf(StartsWith("HTTP/1.1 200"), EndsWith("\r\n\r\n")));
}

TEST_F(ExposerTest, AsksForEachPageAnew) {
  EXPECT_THAT(Ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 503"));
  ready_ = true;
  EXPECT_THAT(Ask("GET /readyz HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_F(ExposerTest, ClosesOnNonsenseAndGoesOn) {
  EXPECT_EQ(Ask("\x16\x03\x01\r\n\r\n"), "");
  EXPECT_EQ(Ask("GET /metrics HTTP/1.1\r\nX: " + std::string(10000, 'a') + "\r\n\r\n"), "");
  EXPECT_THAT(Ask("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_F(ExposerTest, SaysWhyItCannotListen) {
  EXPECT_EQ(Exposer::Start("127.0.0.1", exposer_->port(), {}).status().code(),
            absl::StatusCode::kUnavailable);
  EXPECT_EQ(Exposer::Start("nowhere", 0, {}).status().code(), absl::StatusCode::kUnavailable);
}

}  // namespace
}  // namespace teraju::metrics
