// A sentence for people in both languages of the product.
#pragma once

#include <string>

namespace teraju::rules {

struct Text {
  std::string id;
  std::string en;

  friend bool operator==(const Text&, const Text&) = default;
};

}  // namespace teraju::rules
