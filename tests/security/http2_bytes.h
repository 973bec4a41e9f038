// Frames of HTTP/2 (RFC 9113) as bytes, right or wrong as the caller likes.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace teraju::security {

enum class Frame : std::uint8_t {
  kData = 0,
  kHeaders = 1,
  kPriority = 2,
  kReset = 3,
  kSettings = 4,
  kPushPromise = 5,
  kPing = 6,
  kGoAway = 7,
  kWindowUpdate = 8,
  kContinuation = 9,
};

inline constexpr char kPreface[] = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
inline constexpr std::uint8_t kEndStream = 1;
inline constexpr std::uint8_t kAck = 1;
inline constexpr std::uint8_t kEndHeaders = 4;
inline constexpr std::uint8_t kPadded = 8;

inline std::string Number(std::uint32_t value, int bytes) {
  std::string text;
  for (int i = bytes - 1; i >= 0; --i) text += static_cast<char>(value >> (8 * i));
  return text;
}

// A frame whose header claims `length` bytes.
inline std::string FrameClaiming(std::uint32_t length,
                                 Frame type,
                                 std::uint8_t flags,
                                 std::uint32_t stream,
                                 const std::string& payload) {
  return Number(length, 3) + static_cast<char>(type) + static_cast<char>(flags) +
         Number(stream, 4) + payload;
}
inline std::string FrameOf(Frame type,
                           std::uint8_t flags,
                           std::uint32_t stream,
                           const std::string& payload) {
  return FrameClaiming(static_cast<std::uint32_t>(payload.size()), type, flags, stream, payload);
}

using Headers = std::vector<std::pair<std::string, std::string>>;

// Literal fields without indexing or Huffman coding (RFC 7541, section 6.2.2).
inline std::string Encode(const Headers& headers) {
  const auto text = [](const std::string& value) {
    std::string length;
    std::size_t rest = value.size();
    if (rest < 127) {
      length += static_cast<char>(rest);
    } else {
      length += '\x7f';
      for (rest -= 127; rest >= 128; rest /= 128) length += static_cast<char>(rest % 128 + 128);
      length += static_cast<char>(rest);
    }
    return length + value;
  };
  std::string block;
  for (const auto& [name, value] : headers) block += '\0' + text(name) + text(value);
  return block;
}

// What a gRPC client sends for a call of ListGoals, with `more` behind.
inline Headers CallHeaders(const Headers& more = {}) {
  Headers headers = {{":method", "POST"},
                     {":scheme", "http"},
                     {":path", "/teraju.catalog.v1.Goals/ListGoals"},
                     {":authority", "h"},
                     {"content-type", "application/grpc"},
                     {"te", "trailers"}};
  headers.insert(headers.end(), more.begin(), more.end());
  return headers;
}

// The block in one HEADERS frame and as many CONTINUATION frames as it takes.
inline std::string HeaderFrames(std::uint32_t stream,
                                const std::string& block,
                                bool end_headers = true) {
  constexpr std::size_t kPiece = 16384;
  std::string frames;
  for (std::size_t at = 0; at == 0 || at < block.size(); at += kPiece) {
    const bool last = at + kPiece >= block.size() && end_headers;
    frames += FrameOf(at == 0 ? Frame::kHeaders : Frame::kContinuation,
                      last ? kEndHeaders : 0,
                      stream,
                      block.substr(at, kPiece));
  }
  return frames;
}

}  // namespace teraju::security
