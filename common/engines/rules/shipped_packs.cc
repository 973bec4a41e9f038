#include "common/engines/rules/shipped_packs.h"

#include <optional>

#include "absl/base/call_once.h"
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

std::string_view ShippedPackText(std::string_view name) {
  for (const ShippedPack& pack : ShippedPacks()) {
    if (pack.name == name) return pack.json;
  }
  return "";
}

const PolicyPack* FindShippedPack(std::string_view name) {
  // Each is read when it is first asked for: programs mostly want one.
  struct Entry {
    absl::once_flag once;
    std::optional<PolicyPack> pack;
  };
  static auto* const entries = new std::vector<Entry>(ShippedPacks().size());
  for (std::size_t i = 0; i < entries->size(); ++i) {
    const ShippedPack& shipped = ShippedPacks()[i];
    if (shipped.name != name) continue;
    Entry& entry = (*entries)[i];
    absl::call_once(entry.once, [&] {
      if (auto pack = ParsePack(shipped.json); pack.ok()) entry.pack = *std::move(pack);
    });
    return entry.pack ? &*entry.pack : nullptr;
  }
  return nullptr;
}

}  // namespace teraju::rules
