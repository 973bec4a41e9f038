#include "services/evaluation/domain/sharing.h"

#include <set>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/time/period.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kMostYears = 5;

void CheckFields(const v1::SharingAgreement& agreement, errors::FieldViolations& violations) {
  std::set<int> seen;
  for (int i = 0; i < agreement.fields_size(); ++i) {
    const v1::SharedField field = agreement.fields(i);
    if (field != v1::SHARED_FIELD_UNSPECIFIED && seen.insert(field).second) continue;
    violations.Add(absl::StrCat("sharingAgreement.fields[", i, "]"),
                   "NOT_A_FIELD",
                   "Sebutkan setiap bagian hasil satu kali.",
                   "Name each part of a result once.");
  }
}

}  // namespace

std::string_view ActionName(SharingAction action) {
  switch (action) {
    case SharingAction::kEnd:
      return "end";
  }
  return "";
}

absl::Status PrepareAgreement(v1::SharingAgreement& agreement, absl::Time now) {
  errors::FieldViolations violations;
  CheckFields(agreement, violations);
  const auto start = time::ToCivilDay(agreement.start_date());
  const auto end = time::ToCivilDay(agreement.end_date());
  if (!start.ok()) {
    violations.Add("sharingAgreement.startDate", "NOT_A_DATE", "Isi tanggal.", "Give a date.");
  }
  if (!end.ok() ||
      (start.ok() &&
       (*end < *start ||
        *end >= absl::CivilDay(start->year() + kMostYears, start->month(), start->day())))) {
    violations.Add("sharingAgreement.endDate",
                   "OUT_OF_RANGE",
                   "Isi tanggal antara hari pertama dan kurang dari lima tahun sesudahnya.",
                   "Give a day from the first one to less than five years after it.");
  }
  agreement.set_state(v1::SharingAgreement::ACTIVE);
  agreement.clear_end_reason();
  agreement.clear_end_time();
  SetTime(*agreement.mutable_create_time(), now);
  return violations.ToStatus();
}

absl::Status CheckInForce(const v1::SharingAgreement& agreement, absl::CivilDay today) {
  const auto start = time::ToCivilDay(agreement.start_date());
  const auto end = time::ToCivilDay(agreement.end_date());
  const bool within = start.ok() && end.ok() && *start <= today && today <= *end;
  if (within && agreement.state() == v1::SharingAgreement::ACTIVE) return absl::OkStatus();
  return errors::FailedPrecondition(v1::SHARING_NOT_IN_FORCE, "The agreement is not in force.")
      .With("start_date", start.ok() ? absl::FormatCivilTime(*start) : "")
      .With("end_date", end.ok() ? absl::FormatCivilTime(*end) : "");
}

absl::Status EndAgreement(v1::SharingAgreement& agreement,
                          std::string_view reason,
                          absl::Time now) {
  const auto next = Next(std::span<const SharingTransition>(kSharingTransitions),
                         agreement.state(),
                         SharingAction::kEnd);
  if (!next.has_value())
    return errors::FailedPrecondition(v1::SHARING_ENDED, "The agreement was ended.");
  agreement.set_state(*next);
  agreement.set_end_reason(std::string(reason));
  SetTime(*agreement.mutable_end_time(), now);
  return absl::OkStatus();
}

v1::SharedResult Disclose(const v1::SharingAgreement& agreement,
                          const v1::AnnualResult& result,
                          int year) {
  v1::SharedResult shared;
  shared.set_year(year);
  *shared.mutable_final_time() = result.final_time();
  for (const int field : agreement.fields()) {
    switch (field) {
      case v1::PREDICATE:
        shared.set_predicate(result.predicate());
        break;
      case v1::POST:
        shared.set_unit(result.snapshot().unit());
        shared.set_position_title(result.snapshot().position_title());
        break;
      case v1::SEGMENTS:
        for (const v1::AnnualSegment& segment : result.segments()) {
          v1::AnnualSegment& part = *shared.add_segments();
          part.set_unit(segment.unit());
          part.set_position_title(segment.position_title());
          *part.mutable_start_date() = segment.start_date();
          *part.mutable_end_date() = segment.end_date();
          part.set_days(segment.days());
          part.set_predicate(segment.predicate());
        }
        break;
      case v1::LOCAL:
        if (result.local_result().has_score())
          *shared.mutable_local_score() = result.local_result().score();
        shared.set_local_predicate(result.local_result().predicate());
        break;
      case v1::DIGEST:
        shared.set_digest(result.digest());
        break;
      default:
        break;
    }
  }
  return shared;
}

}  // namespace teraju::evaluation::domain
