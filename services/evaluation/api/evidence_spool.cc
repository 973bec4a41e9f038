#include "services/evaluation/api/evidence_spool.h"

#include <openssl/evp.h>

#include "common/errors/error.h"

namespace teraju::evaluation {
namespace {

constexpr std::size_t kHead = 512;

absl::Status Broken() {
  return errors::Unavailable(errors::reasons::DEPENDENCY_UNAVAILABLE,
                             "The temporary file cannot be used.")
      .With("dependency", "temporary files");
}

}  // namespace

void EvidenceSpool::FreeHash::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

absl::StatusOr<EvidenceSpool> EvidenceSpool::Make() {
  EvidenceSpool spool;
  spool.file_.reset(std::tmpfile());
  spool.hash_.reset(EVP_MD_CTX_new());
  if (spool.file_ == nullptr || EVP_DigestInit_ex(spool.hash_.get(), EVP_sha256(), nullptr) != 1)
    return Broken();
  return spool;
}

absl::Status EvidenceSpool::Add(std::string_view bytes) {
  if (bytes.empty()) return absl::OkStatus();
  if (std::fwrite(bytes.data(), 1, bytes.size(), file_.get()) != bytes.size()) return Broken();
  EVP_DigestUpdate(hash_.get(), bytes.data(), bytes.size());
  size_ += static_cast<std::int64_t>(bytes.size());
  if (head_.size() < kHead) head_ += bytes.substr(0, kHead - head_.size());
  binary_ = binary_ || bytes.find('\0') != std::string_view::npos;
  return absl::OkStatus();
}

absl::StatusOr<std::string> EvidenceSpool::Finish() {
  std::string digest(EVP_MAX_MD_SIZE, '\0');
  unsigned length = 0;
  EVP_DigestFinal_ex(hash_.get(), reinterpret_cast<unsigned char*>(digest.data()), &length);
  digest.resize(length);
  if (absl::Status status = Rewind(); !status.ok()) return status;
  return digest;
}

absl::StatusOr<std::string> EvidenceSpool::Read(std::size_t size) {
  std::string bytes(size, '\0');
  bytes.resize(std::fread(bytes.data(), 1, size, file_.get()));
  if (std::ferror(file_.get()) != 0) return Broken();
  return bytes;
}

absl::Status EvidenceSpool::Rewind() {
  if (std::fflush(file_.get()) != 0 || std::fseek(file_.get(), 0, SEEK_SET) != 0) return Broken();
  return absl::OkStatus();
}

}  // namespace teraju::evaluation
