// Secrets: bytes that nobody can guess.
#pragma once

#include <openssl/rand.h>

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>

namespace teraju::auth {

inline std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  // Without randomness no secret may be made.
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    std::abort();
  return bytes;
}

inline std::uint64_t RandomSeed() {
  std::uint64_t seed = 0;
  const std::string bytes = RandomBytes(sizeof seed);
  std::memcpy(&seed, bytes.data(), sizeof seed);
  return seed;
}

}  // namespace teraju::auth
