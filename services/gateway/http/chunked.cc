#include "services/gateway/http/chunked.h"

#include <algorithm>
#include <array>
#include <charconv>

#include "services/gateway/http/request_head.h"

namespace teraju::gateway::http {
namespace {

constexpr std::size_t kMaxLine = 1024;
constexpr std::size_t kMaxTrailers = 8192;

// Fields that frame or route a message have no place behind it (RFC 9110, section 6.5.1).
constexpr std::array<std::string_view, 8> kNeverTrailers = {"content-length",
                                                            "transfer-encoding",
                                                            "host",
                                                            "authorization",
                                                            "content-type",
                                                            "content-encoding",
                                                            "trailer",
                                                            "te"};

std::string_view TakeToken(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && IsToken(text.substr(end, 1))) ++end;
  const std::string_view token = text.substr(0, end);
  text.remove_prefix(end);
  return token;
}

// A quoted-string at the front of `text`, whose opening quote has been seen.
bool TakeQuoted(std::string_view& text) {
  text.remove_prefix(1);
  while (!text.empty()) {
    const auto c = static_cast<unsigned char>(text.front());
    text.remove_prefix(1);
    if (c == '"') return true;
    if (c == '\\') {
      if (text.empty()) return false;
      text.remove_prefix(1);
    } else if ((c < 0x20 && c != '\t') || c == 0x7f) {
      return false;
    }
  }
  return false;
}

// *( ";" token [ "=" ( token / quoted-string ) ] ), without the blanks that the RFC calls bad.
bool AreExtensions(std::string_view text) {
  while (!text.empty()) {
    if (text.front() != ';') return false;
    text.remove_prefix(1);
    if (TakeToken(text).empty()) return false;
    if (text.empty() || text.front() != '=') continue;
    text.remove_prefix(1);
    if (!text.empty() && text.front() == '"' ? !TakeQuoted(text) : TakeToken(text).empty())
      return false;
  }
  return true;
}

}  // namespace

bool ChunkedDecoder::Feed(std::string_view& input, std::string& out) {
  while (!input.empty() && state_ != State::kDone) {
    if (state_ == State::kData) {
      const std::size_t taken =
          static_cast<std::size_t>(std::min<std::uint64_t>(remaining_, input.size()));
      out.append(input.substr(0, taken));
      input.remove_prefix(taken);
      remaining_ -= taken;
      if (remaining_ == 0) state_ = State::kDataEnd;
      continue;
    }
    const Line line = TakeLine(input);
    if (line == Line::kBroken) return false;
    if (line == Line::kPartial) return true;
    bool fine = true;
    switch (state_) {
      case State::kSize:
        fine = ReadSize();
        break;
      case State::kDataEnd:
        fine = line_.empty();
        state_ = State::kSize;
        break;
      case State::kTrailers:
        fine = ReadTrailer();
        break;
      case State::kData:
      case State::kDone:
        break;
    }
    if (!fine) return false;
    line_.clear();
  }
  return true;
}

ChunkedDecoder::Line ChunkedDecoder::TakeLine(std::string_view& input) {
  while (!input.empty()) {
    const char c = input.front();
    input.remove_prefix(1);
    const bool after_cr = !line_.empty() && line_.back() == '\r';
    if (after_cr != (c == '\n')) return Line::kBroken;  // bare CR or bare LF
    if (after_cr) {
      line_.pop_back();
      return Line::kWhole;
    }
    line_.push_back(c);
    if (line_.size() > kMaxLine || (state_ == State::kDataEnd && c != '\r')) return Line::kBroken;
  }
  return Line::kPartial;
}

bool ChunkedDecoder::ReadSize() {
  std::string_view line = line_;
  const std::size_t end = std::min(line.find_first_not_of("0123456789abcdefABCDEF"), line.size());
  // 15 hex digits cannot overflow.
  if (end == 0 || end > 15) return false;
  std::from_chars(line.data(), line.data() + end, remaining_, 16);
  if (!AreExtensions(line.substr(end))) return false;
  state_ = remaining_ == 0 ? State::kTrailers : State::kData;
  return true;
}

bool ChunkedDecoder::ReadTrailer() {
  if (line_.empty()) {
    state_ = State::kDone;
    return true;
  }
  trailer_bytes_ += line_.size();
  Header header;
  if (trailer_bytes_ > kMaxTrailers || !ParseFieldLine(line_, header)) return false;
  return std::none_of(kNeverTrailers.begin(), kNeverTrailers.end(), [&](std::string_view name) {
    return EqualsIgnoreCase(header.name, name);
  });
}

}  // namespace teraju::gateway::http
