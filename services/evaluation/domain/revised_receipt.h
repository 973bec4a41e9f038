// The receipt of a result that an objection has changed: the new account, and what it was before.
#pragma once

#include "absl/status/status.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

// Makes `receipt`, as MakeReceipt gives it, the next revision of `replaced`: its document gets the
// member `before`, its digest follows, its texts begin with before and after.
absl::Status ReviseReceipt(const v1::ScoreReceipt& replaced,
                           const std::string& objection,
                           const std::string& reason,
                           v1::ScoreReceipt& receipt);

}  // namespace teraju::evaluation::domain
