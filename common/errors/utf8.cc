#include "common/errors/utf8.h"

#include <algorithm>

namespace teraju {
namespace {

bool IsContinuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0) == 0x80; }

// The length of the well-formed character at the beginning of `text`, 0 when there is none.
std::size_t FirstCharacter(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(0);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) return 0;
  const unsigned char second = byte(1);
  const unsigned char lowest = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80;
  const unsigned char highest = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF;
  if (second < lowest || second > highest) return 0;
  return std::all_of(text.begin() + 2, text.begin() + length, IsContinuation) ? length : 0;
}

}  // namespace

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = FirstCharacter(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

std::size_t CountCharacters(std::string_view text) {
  return text.size() - std::count_if(text.begin(), text.end(), IsContinuation);
}

std::string ClipUtf8(std::string_view text, std::size_t bytes) {
  std::string clipped(text);
  if (!IsValidUtf8(text)) {
    std::replace_if(
        clipped.begin(), clipped.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  }
  if (clipped.size() <= bytes) return clipped;
  while (bytes > 0 && IsContinuation(clipped[bytes])) --bytes;
  clipped.resize(bytes);
  return clipped;
}

}  // namespace teraju
