#include "services/gateway/http/server.h"

#include <fmt/format.h>

#include <atomic>
#include <thread>

#include "absl/synchronization/mutex.h"
#include "common/errors/error.h"
#include "common/testing/check_line.h"
#include "common/testing/status_matchers.h"
#include "gmock/gmock.h"
#include "services/gateway/http/client_for_tests.h"
#include "services/gateway/http/framing_cases.h"

namespace teraju::gateway::http {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::uint64_t kBodyLimit = 100;

// Answers with method, path and body; `/stream` in pieces, `/abort` half, `/wait` when told.
class Echo final : public Handler {
 public:
  void Handle(std::shared_ptr<Exchange> exchange) override {
    ++requests;
    const std::string_view path = exchange->head().path;
    if (path == "/hidden") ++hidden;
    if (path == "/stream") return Stream(exchange, false);
    if (path == "/abort") return Stream(exchange, true);
    if (path == "/wait") {
      absl::MutexLock lock(&mutex);
      waiting = std::move(exchange);
      return;
    }
    if (path == "/page") {
      return exchange->Respond(
          {.headers = {{"Content-Type", "text/html; charset=utf-8"}}, .body = "<p>page</p>"});
    }
    if (path == "/pieces") return CountPieces(exchange, 0);
    exchange->ReadAll(kBodyLimit, [exchange](absl::StatusOr<std::string> body) {
      if (!body.ok()) {
        return exchange->Respond(
            {.status = errors::ReasonOf(body.status()) == "BODY_TOO_LARGE" ? 413 : 400});
      }
      exchange->Respond(
          {.body = fmt::format("{} {} {}", exchange->head().method, exchange->head().path, *body)});
    });
  }

  void CountPieces(const std::shared_ptr<Exchange>& exchange, std::size_t total) {
    exchange->ReadSome([this, exchange, total](absl::StatusOr<std::string> piece) {
      if (!piece.ok()) return exchange->Respond({.status = 400});
      if (piece->empty()) return exchange->Respond({.body = std::to_string(total)});
      CountPieces(exchange, total + piece->size());
    });
  }

  static void Stream(const std::shared_ptr<Exchange>& exchange, bool abort) {
    exchange->BeginStream({}, [exchange, abort](bool) {
      exchange->WriteStream("hello ", [exchange, abort](bool) {
        if (abort) return exchange->Abort();
        exchange->WriteStream("world", [exchange](bool) { exchange->EndStream(); });
      });
    });
  }

  void Release() {
    absl::MutexLock lock(&mutex);
    mutex.Await(absl::Condition(
        +[](std::shared_ptr<Exchange>* w) { return *w != nullptr; }, &waiting));
    waiting->Post([exchange = std::move(waiting)] { exchange->Respond({.body = "released"}); });
  }

  std::atomic<int> requests = 0;
  std::atomic<int> hidden = 0;
  absl::Mutex mutex;
  std::shared_ptr<Exchange> waiting;
};

class ServerTest : public ::testing::Test {
 protected:
  void Start(const ServerOptions& options = {}) {
    auto started = Server::Start(options, handler_);
    ASSERT_THAT(started, teraju::testing::IsOk());
    server_ = *std::move(started);
  }
  static std::string Get(const std::string& path, const std::string& lines = "") {
    return "GET " + path + " HTTP/1.1\r\nHost: h\r\n" + lines + "\r\n";
  }

  Echo handler_;
  std::unique_ptr<Server> server_;
};

TEST_F(ServerTest, KeepsTheConnectionAndAnswersInOrder) {
  Start();
  RawClient client(server_->port());
  client.Send(
      Get("/a") + "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nok" +
      "POST /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n" +
      Get("/d", "Connection: close\r\n"));
  EXPECT_THAT(client.ReadResponse(), HasSubstr("\r\n\r\nGET /a "));
  EXPECT_THAT(client.ReadResponse(), HasSubstr("\r\n\r\nPOST /b ok"));
  EXPECT_THAT(client.ReadResponse(), HasSubstr("\r\n\r\nPOST /c ok"));
  EXPECT_THAT(client.ReadResponse(), HasSubstr("Connection: close\r\n"));
  client.ReadToEnd();
  EXPECT_TRUE(client.ended());
}

TEST_F(ServerTest, AnswersHeadWithoutABody) {
  Start();
  RawClient client(server_->port());
  client.Send("HEAD /a HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n");
  EXPECT_THAT(client.ReadToEnd(), ::testing::EndsWith("\r\n\r\n"));
}

TEST_F(ServerTest, LetsScriptsOfOtherOriginsCallOnlyWhereConfigured) {
  Start();
  RawClient closed(server_->port());
  closed.Send(Get("/a", "Origin: https://portal.test\r\n"));
  EXPECT_THAT(closed.ReadResponse(), Not(HasSubstr("Access-Control")));
  Start({.cors_origins = {"https://portal.test"}});
  RawClient open(server_->port());
  open.Send(Get("/a", "Origin: https://portal.test\r\n"));
  EXPECT_THAT(open.ReadResponse(),
              HasSubstr("Access-Control-Allow-Origin: https://portal.test\r\n"));
  open.Send(Get("/a", "Origin: https://other.test\r\n"));
  EXPECT_THAT(open.ReadResponse(), Not(HasSubstr("Access-Control")));
}

TEST_F(ServerTest, SaysWhatBrowsersMustNotDo) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/a"));
  const std::string data = client.ReadResponse();
  EXPECT_THAT(data, HasSubstr("X-Content-Type-Options: nosniff"));
  EXPECT_THAT(data, HasSubstr("Content-Security-Policy: default-src 'none'; frame-ancestors"));
  // A page has its style within, and still runs and loads nothing.
  client.Send(Get("/page"));
  EXPECT_THAT(client.ReadResponse(),
              HasSubstr("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"));
}

// S09 again, over sockets: 400, the end of the connection, and no hidden request in the handler.
TEST_F(ServerTest, RefusesEveryAmbiguousRequestOnTheWire) {
  teraju::testing::CheckLine line("S09", "ambiguous requests not refused on the wire", "0");
  Start();
  const auto cases = MustRefuse();
  std::size_t right = 0;
  for (const FramingCase& one : cases) {
    RawClient client(server_->port());
    client.Send(one.request + Get("/hidden"));
    client.EndSending();
    const std::string answer = client.ReadToEnd();
    const bool refused = answer.starts_with("HTTP/1.1 400 ") && client.ended() &&
                         answer.find("\nDate: ") == answer.rfind("\nDate: ");
    right += refused ? 1 : 0;
    EXPECT_TRUE(refused) << one.name << ": " << answer;
  }
  EXPECT_EQ(handler_.hidden, 0);
  line.Set(static_cast<double>(cases.size() - right), static_cast<std::int64_t>(cases.size()));
}

TEST_F(ServerTest, ServesWhatIsAllowedOnTheWire) {
  Start();
  for (const FramingCase& one : MustServe()) {
    RawClient client(server_->port());
    client.Send(one.request + Get("/hidden"));
    client.EndSending();
    EXPECT_THAT(client.ReadToEnd(), HasSubstr("GET /hidden")) << one.name;
  }
}

TEST_F(ServerTest, RefusesLargeBodiesBeforeReadingThem) {
  Start();
  for (const char* head :
       {"Content-Length: 101\r\n\r\n", "Transfer-Encoding: chunked\r\n\r\n65\r\n"}) {
    RawClient client(server_->port());
    client.Send(std::string("POST /a HTTP/1.1\r\nHost: h\r\n") + head + std::string(101, 'x'));
    EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 413 "));
  }
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 100\r\n\r\n" + std::string(100, 'x'));
  EXPECT_THAT(client.ReadResponse(), StartsWith("HTTP/1.1 200 "));
}

TEST_F(ServerTest, ReadsUploadsOfAnySizeInPieces) {
  Start();
  RawClient client(server_->port());
  client.Send("POST /pieces HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000\r\n\r\n");
  for (int i = 0; i < 1000; ++i) client.Send(std::string(1000, 'x'));
  EXPECT_THAT(client.ReadResponse(), HasSubstr("\r\n\r\n1000000"));
}

TEST_F(ServerTest, TellsAWaitingClientToContinue) {
  Start();
  RawClient client(server_->port());
  client.Send("POST /a HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_THAT(client.ReadResponse(), StartsWith("HTTP/1.1 100 "));
  client.Send("ok");
  EXPECT_THAT(client.ReadResponse(), HasSubstr("POST /a ok"));
}

TEST_F(ServerTest, BoundsTheHead) {
  Start({.max_header_bytes = 1000});
  RawClient client(server_->port());
  client.Send(Get("/a", "X: " + std::string(1000, 'x') + "\r\n"));
  EXPECT_THAT(client.ReadToEnd(), StartsWith("HTTP/1.1 431 "));
}

TEST_F(ServerTest, EndsConnectionsThatDoNotGoOn) {
  Start({.idle_timeout = absl::Milliseconds(50),
         .header_timeout = absl::Milliseconds(50),
         .body_timeout = absl::Milliseconds(50)});
  RawClient silent(server_->port());
  EXPECT_EQ(silent.ReadToEnd(), "");
  RawClient half(server_->port());
  half.Send("GET /a HTT");
  EXPECT_EQ(half.ReadToEnd(), "");
  RawClient body(server_->port());
  body.Send("POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\no");
  EXPECT_EQ(body.ReadToEnd(), "");
  EXPECT_TRUE(silent.ended() && half.ended() && body.ended());
  RawClient idle(server_->port());
  idle.Send(Get("/a"));
  EXPECT_THAT(idle.ReadToEnd(), StartsWith("HTTP/1.1 200 "));
  EXPECT_TRUE(idle.ended());
}

TEST_F(ServerTest, ClosesConnectionsAboveItsLimitAndServesTheOthers) {
  Start({.threads = 1, .max_connections = 2});
  RawClient first(server_->port());
  RawClient second(server_->port());
  first.Send(Get("/a"));
  second.Send(Get("/a"));
  EXPECT_THAT(first.ReadResponse(), StartsWith("HTTP/1.1 200 "));
  EXPECT_THAT(second.ReadResponse(), StartsWith("HTTP/1.1 200 "));
  RawClient third(server_->port());
  EXPECT_EQ(third.ReadToEnd(), "");
  first.Send(Get("/b"));
  EXPECT_THAT(first.ReadResponse(), HasSubstr("GET /b"));
}

TEST_F(ServerTest, StreamsInChunksAndBreaksOffWhatFails) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/stream", "Connection: close\r\n"));
  EXPECT_THAT(client.ReadToEnd(), HasSubstr("\r\n\r\n6\r\nhello \r\n5\r\nworld\r\n0\r\n\r\n"));
  RawClient broken(server_->port());
  broken.Send(Get("/abort"));
  EXPECT_THAT(broken.ReadToEnd(), Not(HasSubstr("\r\n0\r\n")));
  RawClient old(server_->port());
  old.Send("GET /stream HTTP/1.0\r\nHost: h\r\n\r\n");
  EXPECT_THAT(old.ReadToEnd(), ::testing::EndsWith("\r\n\r\nhello world"));
}

TEST_F(ServerTest, LetsRequestsInProgressFinishWhenItStops) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/wait"));
  while (handler_.requests == 0) std::this_thread::yield();
  RawClient idle(server_->port());
  idle.Send(Get("/a"));
  idle.ReadResponse();
  std::thread drain([this] { server_->Drain(absl::Now() + absl::Seconds(10)); });
  // The answer comes when the server has long stopped to listen.
  while (RawClient(server_->port()).connected()) std::this_thread::yield();
  EXPECT_EQ(idle.ReadToEnd(), "");
  handler_.Release();
  EXPECT_THAT(client.ReadToEnd(), HasSubstr("released"));
  drain.join();
}

TEST_F(ServerTest, EndsWhatDoesNotFinishInTime) {
  Start();
  RawClient client(server_->port());
  client.Send(Get("/wait"));
  while (handler_.requests == 0) std::this_thread::yield();
  server_->Drain(absl::Now() + absl::Milliseconds(50));
  EXPECT_EQ(client.ReadToEnd(), "");
  handler_.Release();
}

}  // namespace
}  // namespace teraju::gateway::http
