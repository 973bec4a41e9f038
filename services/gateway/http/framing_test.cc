// Check S09: the guard against requests that hide in others.
#include <fmt/format.h>

#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <string>
#include <vector>

#include "common/testing/check_line.h"
#include "gtest/gtest.h"
#include "services/gateway/http/chunked.h"
#include "services/gateway/http/framing_cases.h"
#include "services/gateway/http/request_head.h"

namespace teraju::gateway::http {
namespace {

constexpr char kHidden[] = "GET /hidden HTTP/1.1\r\nHost: h\r\n\r\n";

// What a connection does with bytes: the paths of the requests it would serve, ending with `400`
// where it refuses, or `...` where it would wait for more.
std::vector<std::string> Serve(std::string input) {
  std::vector<std::string> served;
  while (true) {
    const auto end = HeadScanner().Scan(input);
    if (std::holds_alternative<Malformed>(end)) return served.push_back("400"), served;
    const std::size_t size = std::get<std::size_t>(end);
    if (size == 0) {
      if (!input.empty()) served.push_back("...");
      return served;
    }
    const auto parsed = ParseHead(input.substr(0, size));
    if (std::holds_alternative<Malformed>(parsed)) return served.push_back("400"), served;
    const RequestHead& head = *std::get<std::unique_ptr<const RequestHead>>(parsed);
    input.erase(0, size);
    if (head.body == RequestHead::Body::kLength) {
      if (head.content_length > input.size()) return served.push_back("..."), served;
      input.erase(0, head.content_length);
    } else if (head.body == RequestHead::Body::kChunked) {
      ChunkedDecoder decoder;
      std::string data;
      std::string_view rest = input;
      if (!decoder.Feed(rest, data)) return served.push_back("400"), served;
      if (!decoder.done()) return served.push_back("..."), served;
      input = std::string(rest);
    }
    served.emplace_back(head.path);
    if (!head.keep_alive) return served;
  }
}

TEST(S09, RefusesEveryAmbiguousRequestAndServesNothingBehindIt) {
  teraju::testing::CheckLine line("S09", "ambiguous requests not refused by the guard", "0");
  const std::vector<FramingCase> cases = MustRefuse();
  std::size_t right = 0;
  for (const FramingCase& one : cases) {
    const std::vector<std::string> served = Serve(one.request + kHidden);
    const bool refused = served == std::vector<std::string>{"400"};
    right += refused ? 1 : 0;
    EXPECT_TRUE(refused) << one.name << ": " << fmt::format("{}", fmt::join(served, " "));
  }
  line.Set(static_cast<double>(cases.size() - right), static_cast<std::int64_t>(cases.size()));
}

// The control: Beast's own parser takes some of the same list as whole requests, so the list can
// tell a guard from none.
TEST(S09, BeastAloneWouldServeSome) {
  std::size_t served = 0;
  for (const FramingCase& one : MustRefuse()) {
    const std::string bytes = one.request + kHidden;
    boost::beast::http::request_parser<boost::beast::http::string_body> parser;
    parser.eager(true);
    boost::system::error_code error;
    parser.put(boost::asio::buffer(bytes), error);
    served += !error && parser.is_done() ? 1 : 0;
  }
  EXPECT_GT(served, 10U);
}

// The control: what is allowed passes, with the request behind it, so the guard does not simply
// refuse everything.
TEST(S09, ServesWhatTheGrammarAllows) {
  for (const FramingCase& one : MustServe()) {
    const std::vector<std::string> served = Serve(one.request + kHidden);
    EXPECT_EQ(served, (std::vector<std::string>{"/a", "/hidden"})) << one.name;
  }
}

std::string Head(const std::string& lines, const std::string& line = "POST /a HTTP/1.1") {
  return line + "\r\nHost: h\r\n" + lines + "\r\n";
}

TEST(ParseHead, EndsTheConnectionWhereTheClientAsks) {
  EXPECT_EQ(Serve(Head("Connection: x, Close\r\n") + kHidden), std::vector<std::string>{"/a"});
  EXPECT_EQ(Serve(Head("", "POST /a HTTP/1.0") + kHidden), std::vector<std::string>{"/a"});
}

TEST(HeadScanner, WaitsForTheEmptyLine) {
  const std::string head = Head("X: y\r\n");
  HeadScanner scanner;
  for (std::size_t size = 0; size < head.size(); ++size) {
    EXPECT_EQ(std::get<std::size_t>(scanner.Scan(head.substr(0, size))), 0U) << size;
  }
  EXPECT_EQ(std::get<std::size_t>(scanner.Scan(head + "more")), head.size());
}

TEST(ChunkedDecoder, TakesAnyCutting) {
  const std::string body = "5;a=\"b\"\r\nhello\r\n6\r\n world\r\n0\r\nX: y\r\n\r\n";
  for (std::size_t step = 1; step <= body.size(); ++step) {
    ChunkedDecoder decoder;
    std::string out;
    for (std::size_t at = 0; at < body.size(); at += step) {
      std::string_view piece = std::string_view(body).substr(at, step);
      ASSERT_TRUE(decoder.Feed(piece, out));
    }
    EXPECT_TRUE(decoder.done());
    EXPECT_EQ(out, "hello world");
  }
}

}  // namespace
}  // namespace teraju::gateway::http
