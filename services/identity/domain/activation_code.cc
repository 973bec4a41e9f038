#include "services/identity/domain/activation_code.h"

#include "services/identity/domain/text.h"

namespace teraju::identity::domain {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroup = 5;

}  // namespace

std::string FormatActivationCode(std::string_view bytes) {
  std::string code;
  unsigned buffer = 0;
  int bits = 0;
  std::size_t letters = 0;
  const auto append = [&](unsigned value) {
    if (letters > 0 && letters % kGroup == 0) code.push_back('-');
    code.push_back(kAlphabet[value & 31]);
    ++letters;
  };
  for (const char byte : bytes) {
    buffer = (buffer << 8) | static_cast<unsigned char>(byte);
    for (bits += 8; bits >= 5; bits -= 5) append(buffer >> (bits - 5));
  }
  if (bits > 0) append(buffer << (5 - bits));
  return code;
}

std::string NormaliseActivationCode(std::string_view text) {
  std::string code;
  for (const char c : ToUpper(text)) {
    if (c == '-' || IsSpace(c)) continue;
    code.push_back(c == 'O' ? '0' : c == 'I' || c == 'L' ? '1' : c);
  }
  return code;
}

}  // namespace teraju::identity::domain
