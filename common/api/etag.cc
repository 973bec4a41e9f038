#include "common/api/etag.h"

#include <fmt/format.h>

#include <charconv>

#include "common/errors/error.h"

namespace teraju::api {
namespace {

// No row has it.
constexpr std::int64_t kNoVersion = -1;

}  // namespace

std::string MakeEtag(std::int64_t version) { return fmt::format("\"{}\"", version); }

Precondition Precondition::FromEtag(std::string_view etag) {
  Precondition precondition;
  if (etag.empty()) return precondition;
  std::int64_t version = kNoVersion;
  if (etag.size() > 2) std::from_chars(etag.data() + 1, etag.data() + etag.size() - 1, version);
  precondition.version_ = MakeEtag(version) == etag ? version : kNoVersion;
  return precondition;
}

absl::Status Precondition::Check(std::int64_t version, std::string_view resource) const {
  if (!version_ || *version_ == version) return absl::OkStatus();
  return errors::EtagMismatch(resource);
}

}  // namespace teraju::api
