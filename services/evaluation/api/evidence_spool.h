// An upload on its way into the database: kept in an unnamed temporary file, so that neither memory
// nor a connection waits for a slow client, and hashed as it comes.
#pragma once

#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

struct evp_md_ctx_st;

namespace teraju::evaluation {

class EvidenceSpool {
 public:
  // UNAVAILABLE when there is no room for temporary files.
  static absl::StatusOr<EvidenceSpool> Make();

  absl::Status Add(std::string_view bytes);
  // Ends the writing and gives the SHA-256 of everything, 32 bytes. Once.
  absl::StatusOr<std::string> Finish();
  // From the beginning after Finish: the next up to `size` bytes, empty at the end.
  absl::StatusOr<std::string> Read(std::size_t size);
  absl::Status Rewind();

  std::int64_t size() const { return size_; }
  // The first bytes, up to 512, which tell the kind of file.
  const std::string& head() const { return head_; }
  // Whether a NUL byte came: text has none.
  bool binary() const { return binary_; }

 private:
  struct CloseFile {
    void operator()(std::FILE* file) const { std::fclose(file); }
  };
  struct FreeHash {
    void operator()(evp_md_ctx_st* context) const;
  };
  EvidenceSpool() = default;

  std::unique_ptr<std::FILE, CloseFile> file_;
  std::unique_ptr<evp_md_ctx_st, FreeHash> hash_;
  std::int64_t size_ = 0;
  std::string head_;
  bool binary_ = false;
};

}  // namespace teraju::evaluation
