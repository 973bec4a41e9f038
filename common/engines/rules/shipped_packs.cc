#include "common/engines/rules/shipped_packs.h"

#include <map>

#include "common_engines_rules_packs.h"

namespace teraju::rules {

const std::vector<ShippedPack>& ShippedPacks() {
  static const auto* const packs = [] {
    auto* all = new std::vector<ShippedPack>;
    for (const auto& [file, text] : kPackFiles) {
      all->push_back({file.substr(0, file.rfind('.')), text});
    }
    return all;
  }();
  return *packs;
}

const PolicyPack* FindShippedPack(std::string_view name) {
  static const auto* const packs = [] {
    auto* all = new std::map<std::string_view, PolicyPack>;
    for (const ShippedPack& shipped : ShippedPacks()) {
      auto pack = ParsePack(shipped.json);
      if (pack.ok()) all->emplace(shipped.name, *std::move(pack));
    }
    return all;
  }();
  const auto found = packs->find(name);
  return found == packs->end() ? nullptr : &found->second;
}

}  // namespace teraju::rules
