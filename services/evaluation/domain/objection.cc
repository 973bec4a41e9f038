#include "services/evaluation/domain/objection.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_cat.h"
#include "common/engines/rules/predicate.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/time/business_days.h"
#include "google/protobuf/util/time_util.h"
#include "services/evaluation/domain/rating.h"
#include "services/evaluation/domain/timestamps.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation::domain {
namespace {

constexpr int kLegalDays = 14;  // PP 30/2019, art. 59
constexpr int kResponseDays = 5;
constexpr int kWarningDays = 3;
constexpr std::string_view kDefaultZone = "Asia/Jakarta";

std::string ObjectionStateName(v1::Objection::State state) {
  return v1::Objection::State_Name(state);
}

absl::Status MoveObjection(v1::Objection& objection, ObjectionAction action) {
  const std::span<const ObjectionTransition> table(kObjectionTransitions);
  const auto next = Next(table, objection.state(), action);
  if (!next.has_value()) {
    return errors::FailedPrecondition(v1::OBJECTION_WRONG_STATE, "The case is in another state.")
        .With("state", ObjectionStateName(objection.state()))
        .With("allowed", AllowedStates(table, action, ObjectionStateName));
  }
  objection.set_state(*next);
  return absl::OkStatus();
}

absl::StatusOr<time::BusinessCalendar> CalendarOf(const v1::ObjectionRules& rules) {
  absl::TimeZone zone;
  const std::string name =
      rules.time_zone().empty() ? std::string(kDefaultZone) : rules.time_zone();
  if (!absl::LoadTimeZone(name, &zone)) return absl::InternalError("The time zone is not known.");
  std::set<absl::Weekday> weekend = {absl::Weekday::sunday};
  if (!rules.works_on_saturday()) weekend.insert(absl::Weekday::saturday);
  std::set<absl::CivilDay> holidays;
  for (const google::type::Date& day : rules.holidays())
    holidays.insert(absl::CivilDay(day.year(), day.month(), day.day()));
  return time::BusinessCalendar::Make(zone, std::move(weekend), std::move(holidays));
}

absl::CivilDay DayOf(const google::type::Date& date) {
  return absl::CivilDay(date.year(), date.month(), date.day());
}

// Whether `last_day` has passed there.
absl::StatusOr<bool> Passed(const v1::Objection& objection,
                            const google::type::Date& last_day,
                            absl::Time now) {
  ASSIGN_OR_RETURN(const time::BusinessCalendar calendar, CalendarOf(objection.rules()));
  return now >= calendar.EndOf(DayOf(last_day));
}

absl::Status SetDecisionDue(v1::Objection& objection, absl::Time now) {
  ASSIGN_OR_RETURN(const absl::CivilDay due,
                   DueDay(objection.rules(), now, objection.rules().decision_days()));
  *objection.mutable_decision_due_date() = time::ToDate(due);
  return absl::OkStatus();
}

v1::ObjectionResult ResultOf(const v1::Evaluation& evaluation) {
  v1::ObjectionResult result;
  result.set_result_rating(evaluation.result_rating());
  result.set_behavior_rating(evaluation.behavior_rating());
  result.set_predicate(evaluation.predicate());
  return result;
}

// Puts the ruling's ratings in the place of the result's.
absl::Status ChangeResult(v1::Evaluation& evaluation,
                          const ObjectionRuling& ruling,
                          const std::optional<v1::UnitPredicate>& own_unit,
                          absl::Time now) {
  const v1::Rating results =
      ruling.results == v1::RATING_UNSPECIFIED ? evaluation.result_rating() : ruling.results;
  const v1::Rating behavior =
      ruling.behavior == v1::RATING_UNSPECIFIED ? evaluation.behavior_rating() : ruling.behavior;
  if (own_unit.has_value() && results != evaluation.result_rating()) {
    return errors::FailedPrecondition(v1::UNIT_RESULT_BINDS,
                                      "The unit's predicate is the rating of its head.")
        .With("expected", v1::Rating_Name(RatingOfHead(*own_unit)));
  }
  if (results == evaluation.result_rating() && behavior == evaluation.behavior_rating()) {
    return errors::FailedPrecondition(v1::OBJECTION_CHANGES_NOTHING,
                                      "The ratings are those of the result.");
  }
  const auto next = Next(std::span<const EvaluationTransition>(kEvaluationTransitions),
                         evaluation.state(),
                         EvaluationAction::kChangeByObjection);
  if (!next.has_value())
    return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL, "The result is not final.");
  if (results != evaluation.result_rating()) evaluation.set_result_reason(ruling.reason);
  if (behavior != evaluation.behavior_rating()) evaluation.set_behavior_reason(ruling.reason);
  ASSIGN_OR_RETURN(const rules::Rating of_results, rules::RatingOf(results));
  ASSIGN_OR_RETURN(const rules::Rating of_behavior, rules::RatingOf(behavior));
  evaluation.set_state(*next);
  evaluation.set_result_rating(results);
  evaluation.set_behavior_rating(behavior);
  evaluation.set_predicate(static_cast<v1::Predicate>(rules::Combine(of_results, of_behavior)));
  evaluation.set_rated_by(ruling.decider);
  SetTime(*evaluation.mutable_rate_time(), now);
  SetTime(*evaluation.mutable_final_time(), now);
  evaluation.clear_acknowledge_time();
  WarnWhenFar(evaluation);
  return absl::OkStatus();
}

}  // namespace

std::string_view ActionName(ObjectionAction action) {
  switch (action) {
    case ObjectionAction::kState:
      return "state";
    case ObjectionAction::kRespond:
      return "respond";
    case ObjectionAction::kRecuse:
      return "recuse";
    case ObjectionAction::kEscalate:
      return "escalate";
    case ObjectionAction::kAssign:
      return "assign";
    case ObjectionAction::kUphold:
      return "uphold";
    case ObjectionAction::kChange:
      return "change";
    case ObjectionAction::kWithdraw:
      return "withdraw";
  }
  return "";
}

bool MayAct(ObjectionParty party, ObjectionAction action) {
  switch (action) {
    case ObjectionAction::kState:
      return party == ObjectionParty::kObjector || party == ObjectionParty::kDecider;
    case ObjectionAction::kRespond:
      return party == ObjectionParty::kAppraiser;
    case ObjectionAction::kRecuse:
    case ObjectionAction::kUphold:
    case ObjectionAction::kChange:
      return party == ObjectionParty::kDecider;
    case ObjectionAction::kEscalate:
    case ObjectionAction::kAssign:
      return party == ObjectionParty::kHrOffice;
    case ObjectionAction::kWithdraw:
      return party == ObjectionParty::kObjector;
  }
  return false;
}

v1::ObjectionRules DefaultObjectionRules(std::string_view agency) {
  v1::ObjectionRules rules;
  rules.set_name(absl::StrCat("agencies/", std::string(agency), "/objectionRules"));
  rules.set_day_kind(v1::ObjectionRules::CALENDAR_DAYS);
  rules.set_filing_days(kLegalDays);
  rules.set_response_days(kResponseDays);
  rules.set_decision_days(kLegalDays);
  rules.set_time_zone(std::string(kDefaultZone));
  return rules;
}

absl::Status CheckObjectionRules(const v1::ObjectionRules& rules) {
  errors::FieldViolations violations;
  for (int i = 0; i < rules.holidays_size(); ++i) {
    const google::type::Date& date = rules.holidays(i);
    const absl::CivilDay day = DayOf(date);
    if (date.year() > 0 && day.month() == date.month() && day.day() == date.day()) continue;
    violations.Add(absl::StrCat("objectionRules.holidays[", i, "]"),
                   "NO_SUCH_DAY",
                   "Isi hari libur dengan tanggal lengkap yang ada di kalender.",
                   "Give the holiday as a whole date that the calendar has.");
  }
  return violations.ToStatus();
}

absl::StatusOr<absl::CivilDay> DueDay(const v1::ObjectionRules& rules, absl::Time time, int days) {
  ASSIGN_OR_RETURN(const time::BusinessCalendar calendar, CalendarOf(rules));
  const absl::CivilDay day = calendar.DayOf(time);
  return rules.day_kind() == v1::ObjectionRules::WORKING_DAYS
             ? calendar.NthWorkingDayAfter(day, days)
             : day + days;
}

absl::StatusOr<v1::Objection> FileObjection(const v1::Evaluation& evaluation,
                                            std::string_view reason,
                                            const v1::ObjectionRules& rules,
                                            absl::Time now) {
  if (evaluation.state() != v1::Evaluation::FINAL &&
      evaluation.state() != v1::Evaluation::ACKNOWLEDGED) {
    return errors::FailedPrecondition(v1::EVALUATION_NOT_FINAL, "The result is not final.");
  }
  v1::Objection objection;
  objection.set_evaluation(evaluation.name());
  objection.set_reason(std::string(reason));
  objection.set_state(v1::Objection::FILED);
  *objection.mutable_snapshot() = evaluation.snapshot();
  *objection.mutable_rules() = rules;
  const absl::Time final_time = absl::FromUnixSeconds(evaluation.final_time().seconds());
  ASSIGN_OR_RETURN(const absl::CivilDay deadline, DueDay(rules, final_time, rules.filing_days()));
  *objection.mutable_filing_deadline() = time::ToDate(deadline);
  ASSIGN_OR_RETURN(const bool late, Passed(objection, objection.filing_deadline(), now));
  if (late) {
    return errors::FailedPrecondition(v1::OBJECTION_TOO_LATE, "The days for filing have passed.")
        .With("deadline", time::FormatDay(deadline));
  }
  ASSIGN_OR_RETURN(const absl::CivilDay response, DueDay(rules, now, rules.response_days()));
  *objection.mutable_response_due_date() = time::ToDate(response);
  RETURN_IF_ERROR(SetDecisionDue(objection, now));
  SetTime(*objection.mutable_file_time(), now);
  return objection;
}

ObjectionParty PartyOf(const v1::Objection& objection, std::string_view subject) {
  if (subject.empty()) return ObjectionParty::kNobody;
  if (subject == objection.snapshot().employee()) return ObjectionParty::kObjector;
  if (subject == objection.snapshot().appraiser()) return ObjectionParty::kAppraiser;
  return subject == objection.decider() ? ObjectionParty::kDecider : ObjectionParty::kNobody;
}

bool MayDecide(const v1::Objection& objection, std::string_view subject) {
  if (subject.empty() || subject == objection.snapshot().employee() ||
      subject == objection.snapshot().appraiser()) {
    return false;
  }
  return std::none_of(objection.decider_changes().begin(),
                      objection.decider_changes().end(),
                      [&](const v1::DeciderChange& change) {
                        return change.kind() == v1::DeciderChange::RECUSED &&
                               change.from() == subject;
                      });
}

absl::Status AddStatement(v1::Objection& objection,
                          std::string_view author,
                          std::string_view text,
                          absl::Time now) {
  const ObjectionParty party = PartyOf(objection, author);
  RETURN_IF_ERROR(MoveObjection(
      objection,
      party == ObjectionParty::kAppraiser ? ObjectionAction::kRespond : ObjectionAction::kState));
  v1::ObjectionStatement& statement = *objection.add_statements();
  statement.set_side(party == ObjectionParty::kObjector    ? v1::ObjectionStatement::OBJECTOR
                     : party == ObjectionParty::kAppraiser ? v1::ObjectionStatement::APPRAISER
                                                           : v1::ObjectionStatement::DECIDER);
  statement.set_author(std::string(author));
  statement.set_text(std::string(text));
  SetTime(*statement.mutable_create_time(), now);
  return absl::OkStatus();
}

absl::Status ChangeDecider(v1::Objection& objection, const NewDecider& next, absl::Time now) {
  const ObjectionAction action = next.kind == v1::DeciderChange::RECUSED ? ObjectionAction::kRecuse
                                 : next.kind == v1::DeciderChange::ESCALATED
                                     ? ObjectionAction::kEscalate
                                     : ObjectionAction::kAssign;
  RETURN_IF_ERROR(MoveObjection(objection, action));
  v1::DeciderChange& change = *objection.add_decider_changes();
  change.set_kind(next.kind);
  change.set_from(objection.decider());
  change.set_to(next.name);
  change.set_reason(next.reason);
  SetTime(*change.mutable_change_time(), now);
  if (!next.name.empty() && !MayDecide(objection, next.name)) {
    return errors::FailedPrecondition(v1::OBJECTION_DECIDER_PARTIAL,
                                      "A side of the case cannot decide it.");
  }
  objection.set_decider(next.name);
  return SetDecisionDue(objection, now);
}

absl::Status DecideObjection(v1::Objection& objection,
                             v1::Evaluation& evaluation,
                             const ObjectionRuling& ruling,
                             const std::optional<v1::UnitPredicate>& own_unit,
                             absl::Time now) {
  const bool silent = objection.state() == v1::Objection::FILED;
  RETURN_IF_ERROR(MoveObjection(
      objection, Changes(ruling) ? ObjectionAction::kChange : ObjectionAction::kUphold));
  if (silent) {
    ASSIGN_OR_RETURN(const bool passed, Passed(objection, objection.response_due_date(), now));
    if (!passed) {
      return errors::FailedPrecondition(v1::OBJECTION_NOT_HEARD, "The appraiser has not responded.")
          .With("due_date", time::FormatDay(DayOf(objection.response_due_date())));
    }
  }
  v1::ObjectionDecision& decision = *objection.mutable_decision();
  decision.set_decided_by(ruling.decider);
  decision.set_reason(ruling.reason);
  decision.set_appraiser_silent(silent);
  SetTime(*decision.mutable_decide_time(), now);
  *decision.mutable_before() = ResultOf(evaluation);
  if (Changes(ruling)) RETURN_IF_ERROR(ChangeResult(evaluation, ruling, own_unit, now));
  if (Changes(ruling)) *decision.mutable_after() = ResultOf(evaluation);
  SetTime(*objection.mutable_end_time(), now);
  return absl::OkStatus();
}

absl::Status WithdrawObjection(v1::Objection& objection, absl::Time now) {
  RETURN_IF_ERROR(MoveObjection(objection, ObjectionAction::kWithdraw));
  SetTime(*objection.mutable_end_time(), now);
  return absl::OkStatus();
}

absl::StatusOr<ObjectionDues> DuesOf(const v1::Objection& objection, absl::Time now) {
  ASSIGN_OR_RETURN(const time::BusinessCalendar calendar, CalendarOf(objection.rules()));
  const absl::CivilDay today = calendar.DayOf(now);
  const absl::CivilDay decision = DayOf(objection.decision_due_date());
  return ObjectionDues{.response = objection.state() == v1::Objection::FILED &&
                                   today + kWarningDays >= DayOf(objection.response_due_date()),
                       .decision = today + kWarningDays >= decision,
                       .overdue = !objection.decider().empty() && today > decision};
}

}  // namespace teraju::evaluation::domain
