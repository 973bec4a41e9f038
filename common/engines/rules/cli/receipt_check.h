// Checks a receipt file without network or database: whether it is what the agency signed, and
// whether its figures follow from its inputs. Written apart from the code that makes receipts, and
// shares the rules with it and nothing else.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/engines/text.h"

namespace teraju::rules {

struct Finding {
  bool ok = false;
  Text text;  // what matches, or exactly what does not
};

struct ReceiptCheck {
  std::vector<Finding> findings;  // in the order of the checks; later ones rest on earlier ones
  bool ok() const;
};

// `file` is a receipt file (`teraju-receipt/1`) as `…/scoreReceipt:export` gives it, `public_key`
// the agency's Ed25519 key: 32 bytes. INVALID_ARGUMENT (FIELD_INVALID) when `file` is no receipt
// file at all.
absl::StatusOr<ReceiptCheck> CheckReceipt(std::string_view file, std::string_view public_key);

// The 32 bytes of an Ed25519 public key in PEM. INVALID_ARGUMENT (FIELD_INVALID).
absl::StatusOr<std::string> ReadPublicKey(std::string_view pem);

}  // namespace teraju::rules
