// One-time tokens of a citizen survey as a page to print and cut.
#pragma once

#include <string>
#include <vector>

#include "common/engines/text.h"

namespace teraju::feedback {

struct TokenSheet {
  std::string survey;              // its display name
  std::string unit;                // the last part of its name
  std::string end_day;             // until when it is open, ISO 8601
  std::string address;             // of the page where tokens are used; empty: codes alone
  std::vector<std::string> codes;  // as they were issued
};

// HTML with one card for each code; where there is an address, with a QR code (SVG) that leads to
// it. The code stands behind `#`: browsers do not send that part, so no log on the way has it.
std::string DrawTokenSheet(const TokenSheet& sheet, Language language);

}  // namespace teraju::feedback
