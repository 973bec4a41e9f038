// A receipt as a page for the person whom it is about.
#pragma once

#include <string>

#include "common/engines/text.h"
#include "teraju/evaluation/v1/evaluation.pb.h"

namespace teraju::evaluation::domain {

// HTML: the result, what it arose from, every step, what would have changed it, how to check it.
std::string DrawReceipt(const v1::ScoreReceipt& receipt, Language language);

}  // namespace teraju::evaluation::domain
