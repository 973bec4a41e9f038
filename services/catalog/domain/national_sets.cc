#include "services/catalog/domain/national_sets.h"

#include <cstdlib>
#include <string>

#include "catalog_national_sets.h"
#include "common/errors/error.h"
#include "google/protobuf/text_format.h"
#include "teraju/catalog/v1/catalog_service.pb.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog::domain {
namespace {

// The files are part of the program: one that does not parse is a fault of the build.
template <typename Message>
Message ParseFile(std::string_view file) {
  Message message;
  for (const auto& [name, text] : kNationalSets) {
    if (name != file) continue;
    if (google::protobuf::TextFormat::ParseFromString(std::string(text), &message)) return message;
  }
  std::abort();
}

}  // namespace

absl::StatusOr<std::vector<v1::Behavior>> NationalBehaviors(std::string_view set) {
  if (set != "berakhlak") {
    return errors::InvalidArgument(v1::BEHAVIOR_SET_UNKNOWN, "There is no such set of values.")
        .With("set", set)
        .With("sets", "berakhlak");
  }
  const auto file = ParseFile<v1::AdoptBehaviorsResponse>("berakhlak.textproto");
  return std::vector<v1::Behavior>(file.behaviors().begin(), file.behaviors().end());
}

std::vector<v1::Competency> NationalCompetencies() {
  const auto file = ParseFile<v1::AdoptCompetenciesResponse>("competencies.textproto");
  return {file.competencies().begin(), file.competencies().end()};
}

}  // namespace teraju::catalog::domain
