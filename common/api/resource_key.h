// A resource of an agency by its id, so that the key of one kind cannot be taken for another's.
#pragma once

#include <compare>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "common/api/resource_name.h"
#include "common/api/strong_id.h"

namespace teraju::api {

// `Tag::kPattern` is a NamePattern of two variables, the agency first:
//   struct GoalTag { static constexpr api::NamePattern kPattern{"agencies/{agency}/goals/{goal}"};
//   }; using GoalKey = api::ResourceKey<GoalTag>;
template <typename Tag>
struct ResourceKey {
  AgencyId agency;
  StrongId<Tag> id;

  // INVALID_ARGUMENT (NAME_INVALID) naming `field`.
  static absl::StatusOr<ResourceKey> Parse(std::string_view name, std::string_view field) {
    auto ids = Tag::kPattern.Parse(name, field);
    if (!ids.ok()) return std::move(ids).status();
    return ResourceKey{AgencyId((*ids)[0]), StrongId<Tag>((*ids)[1])};
  }
  std::string Name() const { return Tag::kPattern.Format({agency.value(), id.value()}); }

  friend auto operator<=>(const ResourceKey&, const ResourceKey&) = default;
};

// The agency of a parent of the form `agencies/{agency}`. INVALID_ARGUMENT (NAME_INVALID).
inline absl::StatusOr<AgencyId> ParseAgencyName(std::string_view name, std::string_view field) {
  static constexpr NamePattern kPattern{"agencies/{agency}"};
  auto ids = kPattern.Parse(name, field);
  if (!ids.ok()) return std::move(ids).status();
  return AgencyId((*ids)[0]);
}

// The last segment of a resource name.
inline std::string IdOf(std::string_view name) {
  return std::string(name.substr(name.rfind('/') + 1));
}

}  // namespace teraju::api
