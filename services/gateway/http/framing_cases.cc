#include "services/gateway/http/framing_cases.h"

#include "absl/strings/escaping.h"

namespace teraju::gateway::http {
namespace {

using namespace std::string_literals;
using Case = FramingCase;

std::string Head(const std::string& lines, const std::string& line = "POST /a HTTP/1.1") {
  return line + "\r\nHost: h\r\n" + lines + "\r\n";
}

std::vector<Case> RequestLines() {
  std::vector<Case> cases;
  for (const char* line : {"",
                           "POST",
                           "POST /a",
                           "POST /a ",
                           "POST  /a HTTP/1.1",
                           "POST /a  HTTP/1.1",
                           " POST /a HTTP/1.1",
                           "POST /a HTTP/1.1 ",
                           "POST\t/a HTTP/1.1",
                           "POST /a\tHTTP/1.1",
                           "POST /a b HTTP/1.1",
                           "POST /a HTTP/1.2",
                           "POST /a HTTP/2.0",
                           "POST /a HTTP/0.9",
                           "POST /a HTTP/1",
                           "POST /a HTTP/11",
                           "POST /a HTTP/1.10",
                           "POST /a HTTP/01.1",
                           "POST /a http/1.1",
                           "POST /a HTTPS/1.1",
                           "POST /a HTTP /1.1",
                           "POST /a HTTP/1.1x",
                           "POST /a ICE/1.0",
                           "post /a HTTP/1.1",
                           "P0ST /a HTTP/1.1",
                           "PO ST /a HTTP/1.1",
                           "(POST) /a HTTP/1.1",
                           "POST: /a HTTP/1.1",
                           "P\x01ST /a HTTP/1.1",
                           "FOO /a HTTP/1.1",
                           "POST http://h/a HTTP/1.1",
                           "POST https://other/a HTTP/1.1",
                           "POST //other:80 HTTP/1.1 HTTP/1.1",
                           "POST h:443 HTTP/1.1",
                           "CONNECT h:443 HTTP/1.1",
                           "OPTIONS * HTTP/1.1",
                           "POST a HTTP/1.1",
                           "POST ?a HTTP/1.1",
                           "POST /a#b HTTP/1.1",
                           "POST /a\"b HTTP/1.1",
                           "POST /a<b> HTTP/1.1",
                           "POST /a\\b HTTP/1.1",
                           "POST /a{b} HTTP/1.1",
                           "POST /a|b HTTP/1.1",
                           "POST /a^b HTTP/1.1",
                           "POST /a`b HTTP/1.1",
                           "POST /\x7f HTTP/1.1",
                           "POST /\x01 HTTP/1.1",
                           "POST /\xc3\xa9 HTTP/1.1",
                           "PRI * HTTP/2.0",
                           "\x16\x03\x01"}) {
    cases.push_back(
        {"request line "s + absl::CEscape(line), Head("Content-Length: 2\r\n", line) + "ok"});
  }
  return cases;
}

std::vector<Case> HeaderLines() {
  std::vector<Case> cases;
  for (const std::string& lines : std::vector<std::string>{" X: folded first\r\n",
                                                           "X: a\r\n b\r\n",
                                                           "X: a\r\n\tb\r\n",
                                                           "X : a\r\n",
                                                           "X\t: a\r\n",
                                                           ": a\r\n",
                                                           "X\r\n",
                                                           "X a\r\n",
                                                           "X(: a\r\n",
                                                           "X@: a\r\n",
                                                           "X/Y: a\r\n",
                                                           "\"X\": a\r\n",
                                                           "X\x01: a\r\n",
                                                           "X: a\x01\r\n",
                                                           "X: a\0b\r\n"s,
                                                           "X: \x7f\r\n",
                                                           "X: a\rY: b\r\n",
                                                           "X: a\nY: b\r\n",
                                                           "X: a\n",
                                                           "X: a\r\r\n",
                                                           "\xc3\xa9: a\r\n",
                                                           "X: a\r\n\rY: b\r\n",
                                                           "\x0bX: a\r\n",
                                                           "X\x0b: a\r\n",
                                                           "Host: h\r\n",
                                                           "host: other\r\n",
                                                           "HOST: h\r\n",
                                                           "Host : h\r\n",
                                                           " Host: h\r\n",
                                                           "Expect: 200-ok\r\n"}) {
    cases.push_back(
        {"header " + absl::CEscape(lines), Head(lines + "Content-Length: 2\r\n") + "ok"});
  }
  for (const char* host : {"",
                           "Host:\r\n",
                           "Host: \r\n",
                           "Host: a b\r\n",
                           "Host: a/b\r\n",
                           "Host: u@h\r\n",
                           "Host: a\"b\r\n",
                           "Host: a,\x01\r\n",
                           "Host: h#x\r\n",
                           "Host: http://h\r\n",
                           "Host: h?x\r\n"}) {
    cases.push_back({"host "s + absl::CEscape(host),
                     "POST /a HTTP/1.1\r\n"s + host + "Content-Length: 2\r\n\r\nok"});
    cases.push_back({"old host "s + absl::CEscape(host),
                     "POST /a HTTP/1.0\r\n"s + host + "Content-Length: 2\r\n\r\nok"});
  }
  return cases;
}

std::vector<Case> Lengths() {
  std::vector<Case> cases;
  for (const char* value : {"",
                            " ",
                            "+2",
                            "-2",
                            "-0",
                            "2.",
                            "2.0",
                            "0x2",
                            "2 2",
                            "2,2",
                            "2, 2",
                            "2;",
                            "two",
                            "2e0",
                            "\"2\"",
                            "'2'",
                            "2\t2",
                            "٢",
                            "99999999999999999999",
                            "18446744073709551618",
                            "2a",
                            "a2",
                            "1_0",
                            "0b10",
                            "2\x01"}) {
    cases.push_back(
        {"length "s + absl::CEscape(value), Head("Content-Length:"s + value + "\r\n") + "ok"});
  }
  for (const char* lines : {"Content-Length: 2\r\nContent-Length: 2\r\n",
                            "Content-Length: 2\r\nContent-Length: 0\r\n",
                            "Content-Length: 0\r\ncontent-length: 2\r\n",
                            "Content-Length : 2\r\n",
                            "Content-Length: 2\r\n 2\r\n",
                            "Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n",
                            "Transfer-Encoding: identity\r\nContent-Length: 2\r\n",
                            "Content-Length: 0\r\nTransfer-Encoding: chunked\r\n"}) {
    cases.push_back({"lengths "s + absl::CEscape(lines), Head(lines) + "0\r\n\r\n"});
  }
  return cases;
}

std::vector<Case> Codings() {
  std::vector<Case> cases;
  for (const char* value : {"",
                            "identity",
                            "gzip",
                            "deflate",
                            "chunked, deflate",
                            "gzip, chunked",
                            "chunked, chunked",
                            "chunked,",
                            ",chunked",
                            "chunked, identity",
                            "identity, chunked",
                            "xchunked",
                            "chunkedx",
                            "Chunked",
                            "CHUNKED",
                            "\"chunked\"",
                            "'chunked'",
                            "chunked;q=1",
                            "chunked x",
                            "chun ked",
                            "\x0b"
                            "chunked",
                            "chunked\x0b",
                            "chu\xc3\xb1ked",
                            "[chunked]",
                            "0",
                            "true"}) {
    cases.push_back({"coding "s + absl::CEscape(value),
                     Head("Transfer-Encoding: "s + value + "\r\n") + "2\r\nok\r\n0\r\n\r\n"});
  }
  for (const char* lines : {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n",
                            "Transfer-Encoding: x\r\nTransfer-Encoding: chunked\r\n",
                            "Transfer-Encoding : chunked\r\n",
                            "Transfer-Encoding: x\r\n chunked\r\n",
                            "Transfer-Encoding:\r\n chunked\r\n",
                            " Transfer-Encoding: chunked\r\n",
                            "Transfer-Encoding: chunked\r\n\tx\r\n",
                            "Transfer_Encoding: chunked\r\n X: y\r\n"}) {
    cases.push_back({"codings "s + absl::CEscape(lines), Head(lines) + "2\r\nok\r\n0\r\n\r\n"});
  }
  cases.push_back(
      {"coding in 1.0",
       Head("Transfer-Encoding: chunked\r\n", "POST /a HTTP/1.0") + "2\r\nok\r\n0\r\n\r\n"});
  cases.push_back(
      {"coding in 1.0, kept alive",
       Head("Transfer-Encoding: chunked\r\nConnection: keep-alive\r\n", "POST /a HTTP/1.0") +
           "0\r\n\r\n"});
  return cases;
}

std::vector<Case> Chunks() {
  std::vector<Case> cases;
  for (const std::string& body :
       std::vector<std::string>{"x\r\nok\r\n0\r\n\r\n",
                                "\r\nok\r\n0\r\n\r\n",
                                "0x2\r\nok\r\n0\r\n\r\n",
                                "-2\r\nok\r\n0\r\n\r\n",
                                "+2\r\nok\r\n0\r\n\r\n",
                                " 2\r\nok\r\n0\r\n\r\n",
                                "2 \r\nok\r\n0\r\n\r\n",
                                "2\t\r\nok\r\n0\r\n\r\n",
                                "2 ;a\r\nok\r\n0\r\n\r\n",
                                "2;\r\nok\r\n0\r\n\r\n",
                                "2; a\r\nok\r\n0\r\n\r\n",
                                "2;a=\r\nok\r\n0\r\n\r\n",
                                "2;a=\"b\r\nok\r\n0\r\n\r\n",
                                "2;a=b c\r\nok\r\n0\r\n\r\n",
                                "2;a\nok\r\n0\r\n\r\n",
                                "2;a=\"\x01\"\r\nok\r\n0\r\n\r\n",
                                "2;a\x00\r\nok\r\n0\r\n\r\n"s,
                                "2a b\r\nok\r\n0\r\n\r\n",
                                "2,\r\nok\r\n0\r\n\r\n",
                                "2\nok\r\n0\r\n\r\n",
                                "2\rok\r\n0\r\n\r\n",
                                "2\r\nok\n0\r\n\r\n",
                                "2\r\nokk\r\n0\r\n\r\n",
                                "2\r\nok0\r\n\r\n",
                                "2\r\nok\r0\r\n\r\n",
                                "3\r\nok\r\n0\r\n\r\n",
                                "2\r\nok\r\n0\n\r\n",
                                "2\r\nok\r\n0\r\n\n",
                                "2\r\nok\r\n0\r\nX: y\n\r\n",
                                "2\r\nok\r\n0\r\nX y\r\n\r\n",
                                "2\r\nok\r\n0\r\n X: y\r\n\r\n",
                                "2\r\nok\r\n0\r\nX : y\r\n\r\n",
                                "2\r\nok\r\n0\r\nContent-Length: 5\r\n\r\n",
                                "2\r\nok\r\n0\r\nTransfer-Encoding: chunked\r\n\r\n",
                                "2\r\nok\r\n0\r\nHost: other\r\n\r\n",
                                "2\r\nok\r\n0\r\nX: a\r\n b\r\n\r\n",
                                "ffffffffffffffff\r\nok\r\n0\r\n\r\n",
                                "10000000000000002\r\nok\r\n0\r\n\r\n",
                                "00000000000000000000002\r\nok\r\n0\r\n\r\n",
                                "2g\r\nok\r\n0\r\n\r\n",
                                "2.0\r\nok\r\n0\r\n\r\n",
                                "2_0\r\nok\r\n0\r\n\r\n"}) {
    cases.push_back(
        {"chunk " + absl::CEscape(body), Head("Transfer-Encoding: chunked\r\n") + body});
  }
  return cases;
}

std::vector<Case> LineEnds() {
  return {{"bare LF", "POST /a HTTP/1.1\nHost: h\nContent-Length: 2\n\nok"},
          {"bare LF at the end", "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\nok"},
          {"bare LF after the request line",
           "POST /a HTTP/1.1\nHost: h\r\nContent-Length: 2\r\n\r\nok"},
          {"bare CR after the request line",
           "POST /a HTTP/1.1\rHost: h\r\nContent-Length: 2\r\n\r\nok"},
          {"bare CR at the end", "POST /a HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\rok"},
          {"two empty lines first", "\r\n\r\nPOST /a HTTP/1.1\r\nHost: h\r\n\r\n"},
          {"LF first", "\nPOST /a HTTP/1.1\r\nHost: h\r\n\r\n"},
          {"NUL first", "\0POST /a HTTP/1.1\r\nHost: h\r\n\r\n"s}};
}

}  // namespace

std::vector<FramingCase> MustRefuse() {
  std::vector<FramingCase> all;
  for (auto& list : {RequestLines(), HeaderLines(), Lengths(), Codings(), Chunks(), LineEnds()}) {
    all.insert(all.end(), list.begin(), list.end());
  }
  return all;
}

std::vector<FramingCase> MustServe() {
  const auto requests = std::vector<std::string>{
      Head(""),
      Head("Content-Length: 2\r\n") + "ok",
      Head("content-length:2\r\n") + "ok",
      Head("Content-Length:\t 2 \t\r\n") + "ok",
      Head("Content-Length: 02\r\n") + "ok",
      Head("Content-Length: 0\r\n"),
      Head("X:\r\n"),
      Head("X: a\tb\r\nx: c\r\n"),
      Head("X: \xc3\xa9\r\n"),
      Head("X!#$%&'*+-.^_`|~: y\r\n"),
      Head("Transfer-Encoding: chunked\r\n") + "2\r\nok\r\n0\r\n\r\n",
      Head("Transfer-Encoding: chunked\r\n") + "0\r\n\r\n",
      Head("Transfer-Encoding:chunked \r\n") + "00\r\n\r\n",
      Head("Transfer-Encoding: chunked\r\n") +
          "a;b;c=d;e=\"f\\\"g;\"\r\n0123456789\r\n1\r\nx\r\n000;z\r\nX: y\r\n\r\n",
      Head("Connection: keep-alive, te\r\nTE: trailers\r\n"),
      Head("Expect: 100-continue\r\nContent-Length: 2\r\n") + "ok",
      "\r\n" + Head(""),
      Head("", "GET /a?b=%20&c HTTP/1.1"),
      Head("Upgrade: websocket\r\nConnection: upgrade\r\n")};
  std::vector<FramingCase> all;
  for (const std::string& request : requests) all.push_back({absl::CEscape(request), request});
  return all;
}

}  // namespace teraju::gateway::http
