#include "common/audit/refusals.h"

#include <fmt/format.h>

#include <string>

#include "common/errors/error.h"

namespace teraju::audit {

absl::Status RecordRefusal(postgres::Database& database,
                           const CallContext& call,
                           const absl::Status& refusal) {
  const std::string resource = errors::MetadataOf(refusal, "resource");
  return database.Write(call, [&](postgres::Transaction& tx) {
    tx.Audit({.agency = call.principal().agency.value(),
              .resource = resource.empty() ? call.method() : resource,
              .type = "call.refused",
              // Both are words of the suite's own, without a letter that JSON would escape.
              .details = fmt::format(R"({{"permission":"{}","reason":"{}"}})",
                                     call.permission(),
                                     errors::ReasonOf(refusal))});
    return absl::OkStatus();
  });
}

}  // namespace teraju::audit
