// Who may read what tells a person's weaknesses, as the table of permissions says.
#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "common/auth/permissions.h"
#include "teraju/evaluation/v1/weakness_service.pb.h"

namespace teraju::evaluation {

// A kind of record and the permission that decides who reads it.
struct WeaknessSource {
  v1::WeaknessKind::Kind kind;
  std::string_view permission;
  std::string_view title_id;
  std::string_view title_en;
  // The collection of the records, where this service keeps them: `feedbackNotes`.
  std::string_view collection;
  std::string_view service;
};

std::span<const WeaknessSource> WeaknessSources();

// Who may read records under `permission`: every grant of the table, in its order.
std::vector<v1::WeaknessReader> ReadersOf(const auth::PermissionTable& table,
                                          std::string_view permission);

}  // namespace teraju::evaluation
