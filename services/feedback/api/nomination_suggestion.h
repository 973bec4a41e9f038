// The long-running work of SuggestNominations.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"
#include "services/feedback/clients/identity_client.h"

namespace teraju::feedback {

inline constexpr char kSuggestNominations[] = "nominations.suggest";

// Reads where everybody stands, draws raters, stores nominations and where the ratees stand in one
// step. The campaign's id is the seed: a repetition draws the same. Returns the v1::Campaign.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> SuggestNominations(
    operations::Work& work, IdentityClient& identity);

}  // namespace teraju::feedback
