#include "services/evaluation/store/names.h"

#include <vector>

#include "absl/strings/ascii.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"

namespace teraju::evaluation {
namespace {

absl::Status CheckUuid(const api::NamePattern& pattern,
                       std::string_view id,
                       std::string_view field) {
  if (IsUuid(id)) return absl::OkStatus();
  return errors::InvalidArgument(errors::reasons::NAME_INVALID,
                                 "The last part of the name is not an id of ours.")
      .With("field", field)
      .With("pattern", pattern.pattern());
}

}  // namespace

std::string CycleKey::ToName() const { return kCycleName.Format({agency, cycle}); }

std::string PeriodKey::ToName() const { return kPeriodName.Format({agency, cycle, period}); }

std::string PackKey::ToName() const {
  return kPackRevisionName.Format({agency, pack, absl::StrCat(revision)});
}

absl::StatusOr<std::string> ParseAgency(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kAgencyName.Parse(name, field));
  return ids[0];
}

absl::StatusOr<CycleKey> ParseCycle(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kCycleName.Parse(name, field));
  return CycleKey{ids[0], ids[1]};
}

absl::StatusOr<PeriodKey> ParsePeriod(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kPeriodName.Parse(name, field));
  return PeriodKey{ids[0], ids[1], ids[2]};
}

absl::StatusOr<PackKey> ParsePackRevision(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kPackRevisionName.Parse(name, field));
  PackKey key{ids[0], ids[1], 0};
  if (absl::SimpleAtoi(ids[2], &key.revision) && key.revision > 0 && key.ToName() == name)
    return key;
  return errors::InvalidArgument(errors::reasons::NAME_INVALID, "A revision is a number from 1.")
      .With("field", field)
      .With("pattern", kPackRevisionName.pattern());
}

absl::StatusOr<Key> ParseKey(const api::NamePattern& pattern,
                             std::string_view name,
                             std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, pattern.Parse(name, field));
  RETURN_IF_ERROR(CheckUuid(pattern, ids[1], field));
  return Key{ids[0], absl::AsciiStrToLower(ids[1])};
}

absl::StatusOr<PlanChildKey> ParsePlanChild(const api::NamePattern& pattern,
                                            std::string_view name,
                                            std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, pattern.Parse(name, field));
  RETURN_IF_ERROR(CheckUuid(pattern, ids[1], field));
  RETURN_IF_ERROR(CheckUuid(pattern, ids[2], field));
  return PlanChildKey{ids[0], absl::AsciiStrToLower(ids[1]), absl::AsciiStrToLower(ids[2])};
}

absl::StatusOr<MeetingChildKey> ParseMeetingChild(std::string_view name, std::string_view field) {
  ASSIGN_OR_RETURN(const PlanChildKey key, ParsePlanChild(kActionItemName, name, field));
  return MeetingChildKey{key.agency, key.plan, key.id};
}

absl::Status ParsePerson(std::string_view name, std::string_view beside, std::string_view field) {
  const bool person = kEmployeeName.Matches(name) || kOfficialName.Matches(name);
  if (person && api::AgencyOf(name) == api::AgencyOf(beside)) return absl::OkStatus();
  return errors::InvalidArgument(errors::reasons::NAME_INVALID,
                                 "The name is not that of a person of the agency.")
      .With("field", field)
      .With("pattern", kEmployeeName.pattern());
}

std::string SubjectOf(std::string_view name) {
  // agencies/{agency}/employees/{id}
  std::size_t slash = name.find('/');
  if (slash != std::string_view::npos) slash = name.find('/', slash + 1);
  return slash == std::string_view::npos ? std::string() : std::string(name.substr(slash + 1));
}

std::string PersonName(std::string_view agency, std::string_view subject) {
  return subject.empty() ? std::string()
                         : absl::StrCat(kAgencyName.Format({agency}), "/", std::string(subject));
}

std::string IdOf(std::string_view name) { return std::string(name.substr(name.rfind('/') + 1)); }

std::string UnitName(std::string_view agency, std::string_view id) {
  return kUnitName.Format({agency, id});
}

}  // namespace teraju::evaluation
