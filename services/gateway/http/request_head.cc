#include "services/gateway/http/request_head.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include "absl/strings/ascii.h"

namespace teraju::gateway::http {
namespace {

constexpr std::size_t kMaxHeaders = 100;

// Methods registered with IANA that a client could mean; anything else is not HTTP.
constexpr std::array<std::string_view, 16> kMethods = {"GET",
                                                       "HEAD",
                                                       "POST",
                                                       "PUT",
                                                       "PATCH",
                                                       "DELETE",
                                                       "OPTIONS",
                                                       "TRACE",
                                                       "COPY",
                                                       "LOCK",
                                                       "MOVE",
                                                       "MKCOL",
                                                       "PROPFIND",
                                                       "SEARCH",
                                                       "REPORT",
                                                       "UNLOCK"};

bool IsTokenChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("!#$%&'*+-.^_`|~").find(c) != std::string_view::npos;
}

// What RFC 3986 allows in a path or query; `%` escapes are checked where they are decoded.
bool IsTargetChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("-._~!$&'()*+,;=:@/?%").find(c) != std::string_view::npos;
}

bool IsHostChar(char c) {
  return absl::ascii_isalnum(static_cast<unsigned char>(c)) ||
         std::string_view("-._~!$&'()*+,;=:[]%").find(c) != std::string_view::npos;
}

// Visible characters, blanks and obs-text; no controls.
bool IsValueChar(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return byte == '\t' || (byte >= 0x20 && byte != 0x7f);
}

std::string_view TrimBlanks(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

// Reads one head into `head`; the answer is what is wrong with it, empty if nothing.
class HeadParser {
 public:
  explicit HeadParser(RequestHead& head) : head_(head), rest_(head.bytes) {}

  std::string_view Run() {
    if (rest_.starts_with("\r\n")) rest_.remove_prefix(2);  // RFC 9112, section 2.2
    if (const auto fault = RequestLine(TakeLine()); !fault.empty()) return fault;
    for (std::string_view line = TakeLine(); !line.empty(); line = TakeLine()) {
      if (head_.headers.size() == kMaxHeaders) return "too many header lines";
      Header header;
      if (!ParseFieldLine(line, header)) return "malformed header line";
      head_.headers.push_back(header);
    }
    if (!rest_.empty()) return "text behind the head";
    for (const auto step : {&HeadParser::Host, &HeadParser::Framing, &HeadParser::Connection}) {
      if (const auto fault = (this->*step)(); !fault.empty()) return fault;
    }
    return {};
  }

 private:
  std::string_view TakeLine() {
    const std::size_t end = std::min(rest_.find("\r\n"), rest_.size());
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(std::min(end + 2, rest_.size()));
    return line;
  }

  std::string_view RequestLine(std::string_view line) {
    const std::size_t first = line.find(' ');
    const std::size_t last = line.rfind(' ');
    if (first == std::string_view::npos || first == last) return "malformed request line";
    head_.method = line.substr(0, first);
    if (std::find(kMethods.begin(), kMethods.end(), head_.method) == kMethods.end())
      return "unknown method";
    const std::string_view version = line.substr(last + 1);
    if (version != "HTTP/1.1" && version != "HTTP/1.0") return "unsupported version";
    old_ = version == "HTTP/1.0";
    const std::string_view target = line.substr(first + 1, last - first - 1);
    if (target.empty() || target.front() != '/' ||
        !std::all_of(target.begin(), target.end(), IsTargetChar)) {
      return "malformed request target";
    }
    const std::size_t mark = std::min(target.find('?'), target.size());
    head_.path = target.substr(0, mark);
    head_.query = target.substr(std::min(mark + 1, target.size()));
    return {};
  }

  // The only header of a name; nullopt where absent. `twice` is set where there is more than one.
  std::optional<std::string_view> Single(std::string_view name, bool& twice) const {
    std::optional<std::string_view> found;
    for (const Header& header : head_.headers) {
      if (!EqualsIgnoreCase(header.name, name)) continue;
      twice = twice || found.has_value();
      found = header.value;
    }
    return found;
  }

  std::string_view Host() {
    bool twice = false;
    const auto host = Single("host", twice);
    if (!host || twice) return "not exactly one Host";
    if (host->empty() || !std::all_of(host->begin(), host->end(), IsHostChar))
      return "malformed Host";
    return {};
  }

  std::string_view Framing() {
    bool twice = false;
    const auto coding = Single("transfer-encoding", twice);
    const auto length = Single("content-length", twice);
    if (twice) return "framing header given twice";
    if (coding) {
      // One coding that every reader knows. RFC 9112, section 6.1: with a length, or in HTTP/1.0,
      // it is an attack.
      if (*coding != "chunked") return "transfer coding other than chunked";
      if (length) return "both Transfer-Encoding and Content-Length";
      if (old_) return "Transfer-Encoding in HTTP/1.0";
      head_.body = RequestHead::Body::kChunked;
    } else if (length) {
      if (length->empty() || length->size() > 18 ||
          !std::all_of(
              length->begin(), length->end(), [](char c) { return c >= '0' && c <= '9'; })) {
        return "malformed Content-Length";
      }
      std::from_chars(length->data(), length->data() + length->size(), head_.content_length);
      if (head_.content_length > 0) head_.body = RequestHead::Body::kLength;
    }
    return {};
  }

  std::string_view Connection() {
    head_.keep_alive = !old_;
    for (const Header& header : head_.headers) {
      if (EqualsIgnoreCase(header.name, "connection") && Lists(header.value, "close"))
        head_.keep_alive = false;
      if (EqualsIgnoreCase(header.name, "expect")) {
        if (!EqualsIgnoreCase(header.value, "100-continue")) return "unknown expectation";
        head_.expects_continue = !old_;
      }
    }
    return {};
  }

  static bool Lists(std::string_view value, std::string_view wanted) {
    while (!value.empty()) {
      const std::size_t comma = std::min(value.find(','), value.size());
      if (EqualsIgnoreCase(TrimBlanks(value.substr(0, comma)), wanted)) return true;
      value.remove_prefix(std::min(comma + 1, value.size()));
    }
    return false;
  }

  RequestHead& head_;
  std::string_view rest_;
  bool old_ = false;
};

}  // namespace

bool IsToken(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), IsTokenChar);
}

bool EqualsIgnoreCase(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return absl::ascii_tolower(static_cast<unsigned char>(x)) ==
           absl::ascii_tolower(static_cast<unsigned char>(y));
  });
}

std::string_view RequestHead::Find(std::string_view name) const {
  std::string_view found;
  bool once = false;
  for (const Header& header : headers) {
    if (!EqualsIgnoreCase(header.name, name)) continue;
    if (once) return {};
    once = true;
    found = header.value;
  }
  return found;
}

bool ParseFieldLine(std::string_view line, Header& header) {
  const std::size_t colon = line.find(':');
  if (colon == std::string_view::npos) return false;
  header.name = line.substr(0, colon);
  header.value = TrimBlanks(line.substr(colon + 1));
  // A name that ends or begins with a blank is no token: neither folding nor a blank before the
  // colon passes.
  return IsToken(header.name) && std::all_of(header.value.begin(), header.value.end(), IsValueChar);
}

std::variant<std::size_t, Malformed> HeadScanner::Scan(std::string_view buffer) {
  for (; at_ < buffer.size(); ++at_) {
    if (buffer[at_] == '\n') return Malformed{"bare LF"};
    if (buffer[at_] == '\0') return Malformed{"NUL"};
    if (buffer[at_] != '\r') continue;
    if (at_ + 1 == buffer.size()) return std::size_t{0};
    if (buffer[at_ + 1] != '\n') return Malformed{"bare CR"};
    const bool empty = line_ == at_;
    const bool first = at_ == 0;  // RFC 9112, section 2.2: one empty line in front is overlooked
    ++at_;
    line_ = at_ + 1;
    if (!empty || first) continue;
    if (line_ == 4) return Malformed{"empty lines in front"};
    return line_;
  }
  return std::size_t{0};
}

std::variant<std::unique_ptr<const RequestHead>, Malformed> ParseHead(std::string bytes) {
  auto head = std::make_unique<RequestHead>();
  head->bytes = std::move(bytes);
  if (const std::string_view fault = HeadParser(*head).Run(); !fault.empty())
    return Malformed{fault};
  return head;
}

}  // namespace teraju::gateway::http
