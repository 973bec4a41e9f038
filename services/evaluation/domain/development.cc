#include "services/evaluation/domain/development.h"

#include <algorithm>
#include <string>

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/time/period.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kMonthsToImprove = 6;

std::string ProgrammeStateName(Programme::State state) { return Programme::State_Name(state); }

// The same day so many months later, or the last one of a shorter month.
absl::CivilDay AddMonths(absl::CivilDay day, int months) {
  const absl::CivilMonth month = absl::CivilMonth(day) + months;
  const absl::CivilDay last = absl::CivilDay(month + 1) - 1;
  return absl::CivilDay(month.year(), month.month(), std::min(day.day(), last.day()));
}

absl::CivilDay DayOfDate(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// The day of a whole date that the calendar has.
bool IsDay(const google::type::Date& date) { return time::ToCivilDay(date).ok(); }

absl::Status CheckGoals(const Programme& programme) {
  errors::FieldViolations violations;
  const absl::CivilDay start = DayOfDate(programme.start_date());
  const absl::CivilDay end = DayOfDate(programme.end_date());
  for (int i = 0; i < programme.goals_size(); ++i) {
    const google::type::Date& due = programme.goals(i).due_date();
    if (IsDay(due) && DayOfDate(due) >= start && DayOfDate(due) <= end) continue;
    violations.Add(absl::StrCat("developmentProgramme.goals[", i, "].dueDate"),
                   "OUTSIDE_PROGRAMME",
                   "Isi tanggal di dalam enam bulan program.",
                   "Give a day within the six months of the programme.");
  }
  return violations.ToStatus();
}

absl::Status RefuseDay(std::string_view field,
                       std::string_view reason,
                       std::string_view text_id,
                       std::string_view text_en) {
  errors::FieldViolations violations;
  violations.Add(field, reason, text_id, text_en);
  return violations.ToStatus();
}

}  // namespace

std::string_view ActionName(DevelopmentAction action) {
  switch (action) {
    case DevelopmentAction::kAcknowledge:
      return "acknowledge";
    case DevelopmentAction::kReview:
      return "review";
    case DevelopmentAction::kExtend:
      return "extend";
    case DevelopmentAction::kSucceed:
      return "succeed";
    case DevelopmentAction::kFail:
      return "fail";
    case DevelopmentAction::kCancel:
      return "cancel";
  }
  return "";
}

absl::Status MoveProgramme(Programme& programme, DevelopmentAction action) {
  const std::span<const DevelopmentTransition> table(kDevelopmentTransitions);
  const auto next = Next(table, programme.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::DEVELOPMENT_WRONG_STATE,
                                      "The programme is in another state.")
        .With("state", ProgrammeStateName(programme.state()))
        .With("allowed", AllowedStates(table, action, ProgrammeStateName));
  }
  programme.set_state(*next);
  return absl::OkStatus();
}

absl::Status OpenProgramme(const v1::AnnualResult& result,
                           absl::CivilDay today,
                           absl::Time now,
                           Programme& programme) {
  if (result.state() != v1::AnnualResult::FINAL)
    return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL, "The result is not final.");
  if (result.predicate() < v1::NEEDS_IMPROVEMENT) {
    return errors::FailedPrecondition(v1::DEVELOPMENT_NOT_NEEDED,
                                      "The annual predicate is Baik or better.");
  }
  programme.set_annual_result(result.name());
  *programme.mutable_snapshot() = result.snapshot();
  programme.set_predicate(result.predicate());
  programme.set_state(Programme::OPEN);
  if (!programme.has_start_date()) *programme.mutable_start_date() = time::ToDate(today);
  if (!IsDay(programme.start_date())) {
    return RefuseDay("developmentProgramme.startDate",
                     "NO_SUCH_DAY",
                     "Isi tanggal lengkap yang ada di kalender.",
                     "Give a whole date that the calendar has.");
  }
  const absl::CivilDay start = DayOfDate(programme.start_date());
  *programme.mutable_end_date() = time::ToDate(AddMonths(start, kMonthsToImprove) - 1);
  for (int i = 0; i < programme.goals_size(); ++i) {
    programme.mutable_goals(i)->set_goal_id(absl::StrCat(i + 1));
    programme.mutable_goals(i)->clear_reach_date();
  }
  SetTime(*programme.mutable_create_time(), now);
  return CheckGoals(programme);
}

absl::Status AcknowledgeProgramme(Programme& programme, std::string_view comment, absl::Time now) {
  RETURN_IF_ERROR(MoveProgramme(programme, DevelopmentAction::kAcknowledge));
  if (programme.has_acknowledge_time()) {
    return errors::FailedPrecondition(v1::DEVELOPMENT_ACKNOWLEDGED,
                                      "The person has taken note already.");
  }
  programme.set_acknowledgement(std::string(comment));
  SetTime(*programme.mutable_acknowledge_time(), now);
  return absl::OkStatus();
}

absl::Status ReviewProgramme(Programme& programme,
                             const v1::DevelopmentReview& review,
                             absl::CivilDay today) {
  RETURN_IF_ERROR(MoveProgramme(programme, DevelopmentAction::kReview));
  errors::FieldViolations violations;
  const bool in_time = IsDay(review.date()) && DayOfDate(review.date()) <= today &&
                       DayOfDate(review.date()) >= DayOfDate(programme.start_date());
  if (!in_time) {
    violations.Add("date",
                   "OUTSIDE_PROGRAMME",
                   "Isi tanggal peninjauan sejak awal program dan tidak di masa depan.",
                   "Give a day since the programme began that is not in the future.");
  }
  for (int i = 0; i < review.reached_goals_size(); ++i) {
    const auto goal = std::find_if(
        programme.mutable_goals()->begin(),
        programme.mutable_goals()->end(),
        [&](const v1::DevelopmentGoal& one) { return one.goal_id() == review.reached_goals(i); });
    if (goal == programme.mutable_goals()->end()) {
      violations.Add(absl::StrCat("reachedGoals[", i, "]"),
                     "GOAL_UNKNOWN",
                     "Sebutkan sasaran dengan nomornya dalam program ini.",
                     "Name a goal by its id in this programme.");
    } else if (!goal->has_reach_date()) {
      *goal->mutable_reach_date() = review.date();
    }
  }
  RETURN_IF_ERROR(violations.ToStatus());
  *programme.add_reviews() = review;
  return absl::OkStatus();
}

absl::Status ExtendProgramme(Programme& programme,
                             const google::type::Date& end,
                             std::string_view reason) {
  RETURN_IF_ERROR(MoveProgramme(programme, DevelopmentAction::kExtend));
  const absl::CivilDay last = DayOfDate(programme.end_date());
  if (!IsDay(end) || DayOfDate(end) <= last || DayOfDate(end) > AddMonths(last, kMonthsToImprove)) {
    return RefuseDay(
        "endDate",
        "EXTENSION_INVALID",
        "Isi hari setelah hari terakhir yang sekarang, paling lama enam bulan sesudahnya.",
        "Give a day after the present last day, at most six months later.");
  }
  *programme.mutable_end_date() = end;
  programme.set_extend_reason(std::string(reason));
  return absl::OkStatus();
}

absl::Status ConcludeProgramme(Programme& programme,
                               bool improved,
                               std::string_view reason,
                               absl::CivilDay today,
                               absl::Time now) {
  RETURN_IF_ERROR(
      MoveProgramme(programme, improved ? DevelopmentAction::kSucceed : DevelopmentAction::kFail));
  if (programme.reviews().empty()) {
    return errors::FailedPrecondition(v1::DEVELOPMENT_NOT_REVIEWED,
                                      "The programme has not been reviewed.");
  }
  const absl::CivilDay last = DayOfDate(programme.end_date());
  if (!improved && today <= last) {
    return errors::FailedPrecondition(v1::DEVELOPMENT_TOO_EARLY,
                                      "The time to improve has not passed.")
        .With("end_date", time::FormatDay(last));
  }
  programme.set_end_reason(std::string(reason));
  SetTime(*programme.mutable_end_time(), now);
  return absl::OkStatus();
}

absl::Status CancelProgramme(Programme& programme, std::string_view reason, absl::Time now) {
  RETURN_IF_ERROR(MoveProgramme(programme, DevelopmentAction::kCancel));
  programme.set_end_reason(std::string(reason));
  SetTime(*programme.mutable_end_time(), now);
  return absl::OkStatus();
}

}  // namespace teraju::evaluation::domain
