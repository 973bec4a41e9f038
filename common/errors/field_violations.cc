#include "common/errors/field_violations.h"

#include <fmt/format.h>

#include <string>
#include <utility>

#include "common/errors/error.h"

namespace teraju::errors {
namespace {

constexpr int kMost = 100;

}  // namespace

void FieldViolations::Add(std::string_view field,
                          std::string_view reason,
                          std::string_view text_id,
                          std::string_view text_en) {
  if (bad_request_.field_violations_size() == kMost) {
    ++omitted_;
    return;
  }
  auto* violation = bad_request_.add_field_violations();
  violation->set_field(std::string(field));
  violation->set_reason(std::string(reason));
  violation->set_description(std::string(text_en));
  // Both languages travel inside the process; grpc_status.h leaves the one that the caller reads.
  violation->mutable_localized_message()->set_locale("id");
  violation->mutable_localized_message()->set_message(std::string(text_id));
}

absl::Status FieldViolations::ToStatus() const {
  if (empty()) return absl::OkStatus();
  const auto& first = bad_request_.field_violations(0);
  Error error = InvalidArgument(reasons::FIELD_INVALID,
                                fmt::format("{}: {}", first.field(), first.description()));
  if (omitted_ > 0) error = std::move(error).With(kOmittedViolations, std::to_string(omitted_));
  absl::Status status = std::move(error);
  SetDetail(status, bad_request_);
  return status;
}

}  // namespace teraju::errors
