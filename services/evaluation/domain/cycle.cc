#include "services/evaluation/domain/cycle.h"

#include <algorithm>
#include <string_view>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/domain/public_report.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

absl::StatusOr<time::Period> DaysBetween(const google::type::Date& first,
                                         const google::type::Date& last) {
  ASSIGN_OR_RETURN(const absl::CivilDay start, time::ToCivilDay(first));
  ASSIGN_OR_RETURN(const absl::CivilDay end, time::ToCivilDay(last));
  if (end < start) {
    return errors::InvalidArgument(v1::CYCLE_DATES_INVALID, "The last day lies before the first.");
  }
  return time::Period::Make(start, end + 1);
}

void AddPeriod(v1::Cycle& cycle, const std::string& id, const time::Period& days) {
  v1::Period& period = *cycle.add_periods();
  period.set_name(absl::StrCat(cycle.name(), "/periods/", id));
  *period.mutable_start_date() = time::ToDate(days.start());
  *period.mutable_end_date() = time::ToDate(days.last());
  period.set_state(v1::Period::OPEN);
}

}  // namespace

std::string PeriodId(const v1::Period& period) {
  return period.name().substr(period.name().rfind('/') + 1);
}

absl::StatusOr<time::Period> DaysOf(const v1::Cycle& cycle) {
  return DaysBetween(cycle.start_date(), cycle.end_date());
}

absl::StatusOr<time::Period> DaysOf(const v1::Period& period) {
  return DaysBetween(period.start_date(), period.end_date());
}

absl::Status PrepareCycle(v1::Cycle& cycle) {
  ASSIGN_OR_RETURN(const time::Period days, DaysOf(cycle));
  const absl::CivilYear next_year = absl::CivilYear(days.start()) + 1;
  const absl::CivilDay limit(next_year.year(), days.start().month(), days.start().day());
  const bool monthly = cycle.period_kind() == v1::Cycle::MONTHLY;
  const std::vector<time::Period> parts = monthly ? days.Months() : days.Quarters();
  // A year that begins inside of a quarter touches that quarter of the calendar twice.
  if (days.end() > limit || parts.size() > (monthly ? 12U : 4U)) {
    return errors::InvalidArgument(
        v1::CYCLE_DATES_INVALID,
        "The cycle is longer than a year, or a year that begins inside of a period.");
  }
  if (cycle.public_threshold() == 0) cycle.set_public_threshold(kPublicThreshold);
  if (cycle.public_threshold() < kPublicThreshold) {
    errors::FieldViolations violations;
    violations.Add("cycle.publicThreshold",
                   "TOO_LOW",
                   "Isi sedikitnya 3, supaya angka untuk umum tidak menunjuk orang.",
                   "Give at least 3, so that public counts point at nobody.");
    return violations.ToStatus();
  }
  if (cycle.kind() == v1::Cycle::KIND_UNSPECIFIED) cycle.set_kind(v1::Cycle::ANNUAL);
  cycle.set_state(v1::Cycle::DRAFT);
  cycle.clear_periods();
  AddPeriod(cycle, kYear, days);
  for (const time::Period& part : parts) {
    const int month = part.start().month();
    AddPeriod(cycle,
              monthly ? absl::StrFormat("m%02d", month) : absl::StrCat("q", (month + 2) / 3),
              part);
  }
  return absl::OkStatus();
}

absl::Status CheckCycleOpen(v1::Cycle::State state, std::string_view cycle) {
  if (state == v1::Cycle::OPEN) return absl::OkStatus();
  if (state == v1::Cycle::CLOSED) {
    return errors::FailedPrecondition(v1::CYCLE_CLOSED, "The cycle is closed.")
        .With("cycle", cycle);
  }
  return errors::FailedPrecondition(v1::CYCLE_NOT_OPEN, "The cycle is not open.")
      .With("cycle", cycle);
}

absl::Status CheckBinding(const v1::Cycle& cycle) {
  if (cycle.kind() != v1::Cycle::SHADOW) return absl::OkStatus();
  return errors::FailedPrecondition(v1::SHADOW_CYCLE, "The cycle is a rehearsal.")
      .With("cycle", cycle.name());
}

absl::Status CheckYearPublished(const v1::Cycle& cycle) {
  for (const v1::Period& period : cycle.periods()) {
    if (PeriodId(period) == kYear && period.state() == v1::Period::PUBLISHED)
      return absl::OkStatus();
  }
  return errors::FailedPrecondition(v1::PERIODS_OPEN, "The year is not published.")
      .With("periods", kYear);
}

absl::Status CheckOpenable(const v1::Cycle& cycle) {
  if (cycle.state() == v1::Cycle::DRAFT) return absl::OkStatus();
  return CheckCycleOpen(cycle.state(), cycle.name());
}

absl::Status CheckScorable(const v1::Cycle& cycle, const v1::Period& period) {
  RETURN_IF_ERROR(CheckCycleOpen(cycle.state(), cycle.name()));
  if (period.state() == v1::Period::PUBLISHED) {
    return errors::FailedPrecondition(v1::PERIOD_PUBLISHED, "The results are final.")
        .With("period", period.name());
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::string>> OpenPeriodsOf(const v1::Cycle& cycle,
                                                       const v1::Snapshot& segment) {
  ASSIGN_OR_RETURN(const time::Period days, DaysBetween(segment.start_date(), segment.end_date()));
  std::vector<std::string> ids;
  for (const v1::Period& period : cycle.periods()) {
    ASSIGN_OR_RETURN(const time::Period part, DaysOf(period));
    if (period.state() != v1::Period::PUBLISHED && part.Overlaps(days))
      ids.push_back(PeriodId(period));
  }
  return ids;
}

absl::Status CheckPublishable(const v1::Cycle& cycle,
                              const v1::Period& period,
                              const PublicationGaps& gaps) {
  RETURN_IF_ERROR(CheckScorable(cycle, period));
  if (period.state() != v1::Period::SCORED) {
    return errors::FailedPrecondition(v1::PERIOD_NOT_SCORED, "The period has not been scored.")
        .With("period", period.name());
  }
  if (gaps.open_evaluations > 0) {
    return errors::FailedPrecondition(v1::EVALUATIONS_OPEN, "Some evaluations are not rated.")
        .With("open_count", absl::StrCat(gaps.open_evaluations));
  }
  if (gaps.unscored_evaluations > 0) {
    return errors::FailedPrecondition(v1::PERIOD_NOT_SCORED,
                                      "Days of some people have changed since the scoring.")
        .With("period", period.name());
  }
  if (!gaps.units.empty()) {
    return errors::FailedPrecondition(v1::UNIT_RESULTS_OPEN, "Some units have no confirmed result.")
        .With("units", absl::StrJoin(gaps.units, ", "));
  }
  return absl::OkStatus();
}

bool NeedsUnitResults(const v1::Cycle& cycle, const v1::Period& period) {
  return cycle.unit_results_each_period() || PeriodId(period) == kYear;
}

absl::Status CloseCycle(v1::Cycle& cycle) {
  RETURN_IF_ERROR(CheckCycleOpen(cycle.state(), cycle.name()));
  std::vector<std::string> open;
  for (const v1::Period& period : cycle.periods()) {
    if (period.state() != v1::Period::PUBLISHED) open.push_back(PeriodId(period));
  }
  if (!open.empty()) {
    return errors::FailedPrecondition(v1::PERIODS_OPEN, "Some periods are not published.")
        .With("periods", absl::StrJoin(open, ", "));
  }
  cycle.set_state(v1::Cycle::CLOSED);
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
