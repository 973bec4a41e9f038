#include "services/evaluation/domain/evidence.h"

#include "absl/strings/ascii.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

struct FileKind {
  std::string_view media_type;
  std::string_view begin;  // empty: text
};
constexpr FileKind kKinds[] = {{"application/pdf", "%PDF-"},
                               {"image/jpeg", "\xff\xd8\xff"},
                               {"image/png", "\x89PNG\r\n\x1a\n"},
                               {"text/csv", ""},
                               {"text/plain", ""}};
constexpr char kSupported[] = "application/pdf, image/jpeg, image/png, text/csv, text/plain";

const FileKind* FindKind(const std::string& media_type) {
  for (const FileKind& kind : kKinds) {
    if (kind.media_type == media_type) return &kind;
  }
  return nullptr;
}

absl::Status Unsupported(const std::string& media_type) {
  return errors::InvalidArgument(v1::EVIDENCE_TYPE_UNSUPPORTED,
                                 "The file is not of a supported type.")
      .With("media_type", media_type)
      .With("supported", kSupported);
}

}  // namespace

std::string BareMediaType(std::string_view media_type) {
  std::string bare(media_type.substr(0, media_type.find(';')));
  absl::StripAsciiWhitespace(&bare);
  absl::AsciiStrToLower(&bare);
  return bare;
}

absl::Status CheckMediaType(std::string_view media_type) {
  const std::string bare = BareMediaType(media_type);
  return FindKind(bare) != nullptr ? absl::OkStatus() : Unsupported(bare);
}

absl::Status CheckContent(std::string_view media_type,
                          std::string_view head,
                          bool has_nul,
                          std::int64_t size) {
  if (size == 0) {
    errors::FieldViolations violations;
    violations.Add("body",
                   "EMPTY",
                   "Berkas kosong. Pilih berkas lain.",
                   "The file is empty. Choose another one.");
    return violations.ToStatus();
  }
  const std::string bare = BareMediaType(media_type);
  const FileKind* kind = FindKind(bare);
  const bool fits =
      kind != nullptr && (kind->begin.empty() ? !has_nul : head.starts_with(kind->begin));
  return fits ? absl::OkStatus() : Unsupported(bare);
}

}  // namespace teraju::evaluation::domain
