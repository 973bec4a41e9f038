#include "common/rpc/testdata/certificates.h"

#include <openssl/ec.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <atomic>
#include <cstdio>
#include <functional>
#include <utility>

namespace teraju::rpc {
namespace {

void AddExtension(X509* certificate, X509* issuer, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

X509* Make(EVP_PKEY* key, const std::string& common_name, int from_days, int until_days) {
  static std::atomic<long> serial = 1;
  X509* certificate = X509_new();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 86400L * from_days);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 86400L * until_days);
  X509_set_pubkey(certificate, key);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate),
                             "CN",
                             MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()),
                             -1,
                             -1,
                             0);
  return certificate;
}

void Write(const std::string& path, const std::function<void(FILE*)>& write) {
  FILE* file = std::fopen(path.c_str(), "w");
  write(file);
  std::fclose(file);
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::string folder)
    : folder_(std::move(folder)),
      key_(EVP_EC_gen("P-256")),
      certificate_(Make(key_, "Test authority", -10, 10)) {
  X509_set_issuer_name(certificate_, X509_get_subject_name(certificate_));
  AddExtension(certificate_, certificate_, NID_basic_constraints, "critical,CA:TRUE");
  AddExtension(certificate_, certificate_, NID_key_usage, "critical,keyCertSign");
  X509_sign(certificate_, key_, EVP_sha256());
  Write(folder_ + "/authority.pem", [this](FILE* file) { PEM_write_X509(file, certificate_); });
}

CertificateAuthority::~CertificateAuthority() {
  X509_free(certificate_);
  EVP_PKEY_free(key_);
}

TlsFiles CertificateAuthority::Issue(const std::string& name,
                                     const CertificateOptions& options) const {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = Make(key, name, options.valid_from_days, options.valid_until_days);
  X509_set_issuer_name(certificate, X509_get_subject_name(certificate_));
  AddExtension(certificate,
               certificate_,
               NID_subject_alt_name,
               "DNS:localhost,IP:127.0.0.1,URI:" + options.uri);
  AddExtension(certificate, certificate_, NID_ext_key_usage, options.usage);
  X509_sign(certificate, key_, EVP_sha256());
  TlsFiles files{.certificate = folder_ + "/" + name + ".pem",
                 .key = folder_ + "/" + name + ".key",
                 .authority = folder_ + "/authority.pem",
                 .reload_seconds = 1};
  Write(files.key, [&](FILE* file) {
    PEM_write_PKCS8PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  });
  Write(files.certificate, [&](FILE* file) { PEM_write_X509(file, certificate); });
  X509_free(certificate);
  EVP_PKEY_free(key);
  return files;
}

}  // namespace teraju::rpc
