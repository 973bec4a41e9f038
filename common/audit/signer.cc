#include "common/audit/signer.h"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>

#include "common/audit/merkle.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {
namespace {

constexpr std::size_t kKeyBytes = 32;
constexpr std::size_t kSignatureBytes = 64;
constexpr std::size_t kKeyIdDigits = 16;

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using DigestContext = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

const unsigned char* Bytes(std::string_view text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

unsigned char* Bytes(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

std::string Hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

absl::Status LibraryFault() {
  return errors::Internal(errors::reasons::INTERNAL_FAULT, "OpenSSL cannot work with Ed25519.");
}

}  // namespace

std::string CanonicalHead(const v1::TreeHead& head) {
  return fmt::format("teraju tree head v1\n{}\n{}\n{}\n{}.{:09}\n",
                     head.agency(),
                     head.tree_size(),
                     Hex(head.root_hash()),
                     head.create_time().seconds(),
                     head.create_time().nanos());
}

bool VerifySignature(std::string_view public_key,
                     std::string_view message,
                     std::string_view signature) {
  if (public_key.size() != kKeyBytes || signature.size() != kSignatureBytes) return false;
  const Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()),
      EVP_PKEY_free);
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  return key != nullptr && context != nullptr &&
         EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, key.get()) == 1 &&
         EVP_DigestVerify(
             context.get(), Bytes(signature), signature.size(), Bytes(message), message.size()) ==
             1;
}

bool VerifyHead(std::string_view public_key, const v1::TreeHead& head) {
  return head.key_id() == KeyId(public_key) &&
         VerifySignature(public_key, CanonicalHead(head), head.signature());
}

std::string KeyId(std::string_view public_key) {
  Hash digest;
  EVP_Digest(public_key.data(), public_key.size(), digest.data(), nullptr, EVP_sha256(), nullptr);
  return Hex(ToBytes(digest)).substr(0, kKeyIdDigits);
}

std::string PublicKeyPem(std::string_view public_key) {
  const Key key(
      EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, Bytes(public_key), public_key.size()),
      EVP_PKEY_free);
  const std::unique_ptr<BIO, decltype(&BIO_free)> sink(BIO_new(BIO_s_mem()), BIO_free);
  if (key == nullptr || PEM_write_bio_PUBKEY(sink.get(), key.get()) != 1) return "";
  char* text = nullptr;
  const long size = BIO_get_mem_data(sink.get(), &text);  // NOLINT(google-runtime-int): OpenSSL's
  return {text, static_cast<std::size_t>(size)};
}

Signer::Signer(evp_pkey_st* key) : key_(key, EVP_PKEY_free), public_key_(kKeyBytes, '\0') {
  std::size_t size = kKeyBytes;
  EVP_PKEY_get_raw_public_key(key, Bytes(public_key_), &size);
}

absl::StatusOr<Signer> Signer::FromPrivateKey(std::string_view private_key) {
  EVP_PKEY* key = private_key.size() != kKeyBytes
                      ? nullptr
                      : EVP_PKEY_new_raw_private_key(
                            EVP_PKEY_ED25519, nullptr, Bytes(private_key), private_key.size());
  if (key == nullptr) {
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "An Ed25519 private key has 32 bytes.");
  }
  return Signer(key);
}

absl::StatusOr<Signer> Signer::FromPemFile(const std::string& path) {
  const std::unique_ptr<BIO, decltype(&BIO_free)> file(BIO_new_file(path.c_str(), "r"), BIO_free);
  // No password is asked for: an encrypted key is refused.
  const auto no_password = [](char*, int, int, void*) { return -1; };
  EVP_PKEY* key = file == nullptr
                      ? nullptr
                      : PEM_read_bio_PrivateKey(file.get(), nullptr, no_password, nullptr);
  if (key == nullptr || EVP_PKEY_id(key) != EVP_PKEY_ED25519) {
    EVP_PKEY_free(key);
    return errors::InvalidArgument(errors::reasons::FIELD_INVALID,
                                   "The file does not hold an Ed25519 private key in PEM.");
  }
  return Signer(key);
}

absl::StatusOr<Signer> Signer::Generate() {
  EVP_PKEY* key = EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519");
  if (key == nullptr) return LibraryFault();
  return Signer(key);
}

absl::StatusOr<std::string> Signer::Sign(std::string_view message) const {
  std::string signature(kSignatureBytes, '\0');
  std::size_t size = signature.size();
  const DigestContext context(EVP_MD_CTX_new(), EVP_MD_CTX_free);
  if (context == nullptr ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, key_.get()) != 1 ||
      EVP_DigestSign(context.get(), Bytes(signature), &size, Bytes(message), message.size()) != 1) {
    return LibraryFault();
  }
  return signature;
}

absl::Status Signer::SignHead(v1::TreeHead& head) const {
  ASSIGN_OR_RETURN(*head.mutable_signature(), Sign(CanonicalHead(head)));
  head.set_key_id(KeyId(public_key_));
  return absl::OkStatus();
}

std::string Signer::private_key() const {
  std::string bytes(kKeyBytes, '\0');
  std::size_t size = bytes.size();
  EVP_PKEY_get_raw_private_key(key_.get(), Bytes(bytes), &size);
  return bytes;
}

}  // namespace teraju::audit
