// Rules of policy packs: what is active never changes, beside it stands the draft of the next
// revision, and nothing becomes active whose own test vectors do not come out.
#pragma once

#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "common/engines/rules/policy_pack.h"
#include "teraju/catalog/v1/catalog_service.pb.h"

namespace teraju::catalog::domain {

// Reads the definition and fills the fields that it determines. INVALID_ARGUMENT (FIELD_INVALID)
// with line, field and reason of every fault.
absl::StatusOr<rules::PolicyPack> Describe(v1::PolicyPack& pack);

// Whether the definition is that of `revision` of the pack `id`. INVALID_ARGUMENT (FIELD_INVALID).
absl::Status CheckIdentity(const rules::PolicyPack& definition, std::string_view id, int revision);

v1::TestPolicyPackResponse TestPack(const rules::PolicyPack& definition);

// FAILED_PRECONDITION: VECTORS_MISSING, VECTORS_FAILED.
absl::Status CheckActivatable(const rules::PolicyPack& definition);

// A pack that comes with the product, described. INVALID_ARGUMENT (PACK_UNKNOWN).
absl::StatusOr<v1::PolicyPack> ShippedPack(std::string_view name);

// A result by `definition` from `inputs` (a JSON object), with its account. Errors as of
// rules::Evaluate.
absl::StatusOr<v1::EvaluatePolicyPackResponse> Evaluate(const rules::PolicyPack& definition,
                                                        std::string_view method,
                                                        std::string_view inputs);

}  // namespace teraju::catalog::domain
