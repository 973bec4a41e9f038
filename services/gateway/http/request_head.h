// The framing guard: reads the head of an HTTP/1.x request by the strict grammar of RFC 9110 and
// 9112 and decides once where the body ends. Whatever two readers could understand in two ways is
// refused, so no request can hide in another.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace teraju::gateway::http {

struct Header {
  std::string_view name;  // as sent
  std::string_view value;
};

struct RequestHead {
  enum class Body { kNone, kLength, kChunked };

  std::string bytes;  // what the views below point into
  std::string_view method;
  std::string_view path;   // the target up to its `?`, still escaped
  std::string_view query;  // what follows the `?`
  std::vector<Header> headers;
  Body body = Body::kNone;
  std::uint64_t content_length = 0;
  bool keep_alive = true;
  bool expects_continue = false;

  // The value of a header that is there once; empty where absent or repeated. Case-insensitive.
  std::string_view Find(std::string_view name) const;
};

// A request that is answered with 400 and the end of the connection. `what` is a constant of ours,
// never the client's bytes.
struct Malformed {
  std::string_view what;
};

// Finds where a head ends while its bytes arrive; looks at no byte twice.
class HeadScanner {
 public:
  // `buffer` holds every byte so far, from the first of the head. The size of the head, its empty
  // line included; 0 while more bytes are needed. Sees bare CR and LF at once, so that their sender
  // is not waited for.
  std::variant<std::size_t, Malformed> Scan(std::string_view buffer);

 private:
  std::size_t at_ = 0;
  std::size_t line_ = 0;  // begin of the current line
};

// `bytes` is a whole head, as found above.
std::variant<std::unique_ptr<const RequestHead>, Malformed> ParseHead(std::string bytes);

// One header or trailer line without its CRLF. False where it breaks the grammar.
bool ParseFieldLine(std::string_view line, Header& header);

// RFC 9110, section 5.6.2.
bool IsToken(std::string_view text);
bool EqualsIgnoreCase(std::string_view a, std::string_view b);

}  // namespace teraju::gateway::http
