// Which likelihood the variances of a mixed model maximise.
#pragma once

namespace teraju::statistics {

enum class Likelihood {
  kRestricted,  // without the bias of estimating the fixed effects: the rule
  kFull,        // for comparing fits that differ in fixed effects
};

}  // namespace teraju::statistics
