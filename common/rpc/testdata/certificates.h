// A certificate authority in memory, and certificates of every kind that a test needs, as PEM
// files.
#pragma once

#include <openssl/evp.h>
#include <openssl/x509.h>

#include <string>

#include "common/rpc/tls.h"

namespace teraju::rpc {

struct CertificateOptions {
  std::string uri;           // `spiffe://teraju/gateway`
  int valid_from_days = -1;  // from now
  int valid_until_days = 1;
  std::string usage = "serverAuth,clientAuth";
};

class CertificateAuthority {
 public:
  explicit CertificateAuthority(std::string folder);
  ~CertificateAuthority();
  CertificateAuthority(const CertificateAuthority&) = delete;
  CertificateAuthority& operator=(const CertificateAuthority&) = delete;

  // Writes certificate and key under `name` and returns their paths, with this authority's as the
  // one to believe.
  TlsFiles Issue(const std::string& name, const CertificateOptions& options) const;

 private:
  std::string folder_;
  EVP_PKEY* key_;
  X509* certificate_;
};

}  // namespace teraju::rpc
