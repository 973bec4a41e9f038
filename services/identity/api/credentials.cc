#include "services/identity/api/credentials.h"

#include <openssl/crypto.h>
#include <openssl/rand.h>

#include <cstdlib>

#include "common/auth/encoding.h"

namespace teraju::identity {

std::string RandomBytes(std::size_t count) {
  std::string bytes(count, '\0');
  if (RAND_bytes(reinterpret_cast<unsigned char*>(bytes.data()), static_cast<int>(count)) != 1)
    std::abort();
  return bytes;
}

std::string NewSecret() { return auth::Base64UrlEncode(RandomBytes(32)); }

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace teraju::identity
