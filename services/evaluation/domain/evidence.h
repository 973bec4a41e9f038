// Which files may prove a result.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"

namespace teraju::evaluation::domain {

// Without parameters and in lower case: `text/csv` of `Text/CSV; charset=utf-8`.
std::string BareMediaType(std::string_view media_type);

// INVALID_ARGUMENT (EVIDENCE_TYPE_UNSUPPORTED).
absl::Status CheckMediaType(std::string_view media_type);

// Whether the content is what its type says, by its first bytes. INVALID_ARGUMENT:
// EVIDENCE_TYPE_UNSUPPORTED, or FIELD_INVALID for an empty file.
absl::Status CheckContent(std::string_view media_type,
                          std::string_view head,
                          bool has_nul,
                          std::int64_t size);

}  // namespace teraju::evaluation::domain
