// The policy packs that come with the product, from `packs/`.
#pragma once

#include <string_view>
#include <vector>

#include "common/engines/rules/policy_pack.h"

namespace teraju::rules {

// File name without `.json`, and text.
struct ShippedPack {
  std::string_view name;
  std::string_view json;
};
const std::vector<ShippedPack>& ShippedPacks();

// Empty when there is none of this name.
std::string_view ShippedPackText(std::string_view name);
// Read once; nullptr when there is none of this name.
const PolicyPack* FindShippedPack(std::string_view name);

}  // namespace teraju::rules
