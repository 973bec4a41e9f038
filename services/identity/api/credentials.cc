#include "services/identity/api/credentials.h"

#include <openssl/crypto.h>

#include "common/auth/encoding.h"
#include "common/auth/random_bytes.h"

namespace teraju::identity {

std::string NewSecret() { return auth::Base64UrlEncode(auth::RandomBytes(32)); }

bool EqualInConstantTime(std::string_view a, std::string_view b) {
  return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace teraju::identity
