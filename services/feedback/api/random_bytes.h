// Secrets: bytes that nobody can guess.
#pragma once

#include <openssl/rand.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace teraju::feedback {

inline std::string RandomBytes(int count) {
  std::string bytes(count, '\0');
  // Without randomness no secret may be made.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), count) != 1) std::abort();
  return bytes;
}

inline std::uint64_t RandomSeed() {
  std::uint64_t seed = 0;
  const std::string bytes = RandomBytes(sizeof seed);
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

}  // namespace teraju::feedback
