#include "services/evaluation/domain/lateness.h"

#include <algorithm>

namespace teraju::evaluation::domain {
namespace {

absl::CivilDay CivilDayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

bool CheckInOverdue(const v1::Subordinate& subordinate, const LatenessFacts& facts) {
  if (subordinate.plan_state() != v1::WorkPlan::APPROVED || facts.today > facts.segment_end)
    return false;
  const absl::CivilDay last = subordinate.has_last_dialogue_date()
                                  ? CivilDayOf(subordinate.last_dialogue_date())
                                  : facts.segment_start;
  if (facts.today - last > kCheckInDays) return true;
  return subordinate.has_next_dialogue_date() &&
         CivilDayOf(subordinate.next_dialogue_date()) < facts.today;
}

}  // namespace

std::vector<v1::Lateness> LatenessOf(const v1::Subordinate& subordinate,
                                     const LatenessFacts& facts) {
  std::vector<v1::Lateness> late;
  const v1::WorkPlan::State state = subordinate.plan_state();
  if (facts.today >= facts.segment_start) {
    if (state == v1::WorkPlan::DRAFT || state == v1::WorkPlan::RETURNED)
      late.push_back(v1::PLAN_NOT_SUBMITTED);
    if (state == v1::WorkPlan::SUBMITTED) late.push_back(v1::PLAN_NOT_DECIDED);
  }
  if (CheckInOverdue(subordinate, facts)) late.push_back(v1::CHECK_IN_OVERDUE);
  if (facts.support_overdue) late.push_back(v1::SUPPORT_OVERDUE);
  const bool unrated = std::any_of(subordinate.periods().begin(),
                                   subordinate.periods().end(),
                                   [&](const v1::PeriodStanding& period) {
                                     return period.state() == v1::Evaluation::OPEN &&
                                            facts.scored_periods.contains(period.period());
                                   });
  if (unrated) late.push_back(v1::NOT_RATED);
  return late;
}

}  // namespace teraju::evaluation::domain
