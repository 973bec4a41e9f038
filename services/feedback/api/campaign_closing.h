// The long-running work of CloseCampaign.
#pragma once

#include <memory>

#include "absl/status/statusor.h"
#include "common/operations/operations.h"

namespace teraju::feedback {

inline constexpr char kCloseCampaign[] = "campaigns.close";

// Waits for answers that are on their way, then, in one transaction: reads the frozen answers,
// publishes the reports, copies the answers that are kept, rewrites participation, drops the open
// tables with the key. After a crash it has happened or it has not. Returns the v1::Campaign.
absl::StatusOr<std::unique_ptr<google::protobuf::Message>> CloseCampaign(operations::Work& work);

}  // namespace teraju::feedback
