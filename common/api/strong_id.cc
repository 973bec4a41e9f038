#include "common/api/strong_id.h"

#include <sys/random.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>

namespace teraju {
namespace {

using Uuid = std::array<std::uint8_t, 16>;

bool IsHex(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

Uuid RandomBytes() {
  Uuid bytes;
  // Never short for 16 bytes once the kernel's pool is initialised; without randomness nothing may
  // go on.
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) std::abort();
  return bytes;
}

std::string ToText(Uuid bytes, std::uint8_t version) {
  constexpr char kDigits[] = "0123456789abcdef";
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0F) | (version << 4));
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3F) | 0x80);
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) text += '-';
    text += kDigits[bytes[i] >> 4];
    text += kDigits[bytes[i] & 0x0F];
  }
  return text;
}

}  // namespace

std::string NewUuid7(absl::Time now) {
  Uuid bytes = RandomBytes();
  const std::uint64_t milliseconds = static_cast<std::uint64_t>(absl::ToUnixMillis(now));
  for (int i = 0; i < 6; ++i) bytes[i] = static_cast<std::uint8_t>(milliseconds >> (40 - 8 * i));
  return ToText(bytes, 7);
}

std::string NewUuid4() { return ToText(RandomBytes(), 4); }

bool IsUuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !IsHex(text[i])) return false;
  }
  return true;
}

bool IsUuid4(std::string_view text) {
  return IsUuid(text) && text[14] == '4' &&
         std::string_view("89abAB").find(text[19]) != std::string_view::npos;
}

}  // namespace teraju
