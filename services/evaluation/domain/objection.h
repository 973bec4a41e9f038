// The rules of objections: who may do what in which state, how days are counted, what is decided.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/evaluation/domain/state_machine.h"
#include "teraju/evaluation/v1/objection.pb.h"

namespace teraju::evaluation::domain {

enum class ObjectionAction {
  kState,
  kRespond,
  kRecuse,
  kEscalate,
  kAssign,
  kUphold,
  kChange,
  kWithdraw
};
inline constexpr ObjectionAction kObjectionActions[] = {ObjectionAction::kState,
                                                        ObjectionAction::kRespond,
                                                        ObjectionAction::kRecuse,
                                                        ObjectionAction::kEscalate,
                                                        ObjectionAction::kAssign,
                                                        ObjectionAction::kUphold,
                                                        ObjectionAction::kChange,
                                                        ObjectionAction::kWithdraw};
std::string_view ActionName(ObjectionAction action);

using ObjectionTransition = Transition<v1::Objection::State, ObjectionAction>;
inline constexpr ObjectionTransition kObjectionTransitions[] = {
    {v1::Objection::FILED, ObjectionAction::kState, v1::Objection::FILED},
    {v1::Objection::FILED, ObjectionAction::kRespond, v1::Objection::HEARD},
    {v1::Objection::FILED, ObjectionAction::kRecuse, v1::Objection::FILED},
    {v1::Objection::FILED, ObjectionAction::kEscalate, v1::Objection::FILED},
    {v1::Objection::FILED, ObjectionAction::kAssign, v1::Objection::FILED},
    {v1::Objection::FILED, ObjectionAction::kUphold, v1::Objection::RESULT_UPHELD},
    {v1::Objection::FILED, ObjectionAction::kChange, v1::Objection::RESULT_CHANGED},
    {v1::Objection::FILED, ObjectionAction::kWithdraw, v1::Objection::WITHDRAWN},
    {v1::Objection::HEARD, ObjectionAction::kState, v1::Objection::HEARD},
    {v1::Objection::HEARD, ObjectionAction::kRespond, v1::Objection::HEARD},
    {v1::Objection::HEARD, ObjectionAction::kRecuse, v1::Objection::HEARD},
    {v1::Objection::HEARD, ObjectionAction::kEscalate, v1::Objection::HEARD},
    {v1::Objection::HEARD, ObjectionAction::kAssign, v1::Objection::HEARD},
    {v1::Objection::HEARD, ObjectionAction::kUphold, v1::Objection::RESULT_UPHELD},
    {v1::Objection::HEARD, ObjectionAction::kChange, v1::Objection::RESULT_CHANGED},
    {v1::Objection::HEARD, ObjectionAction::kWithdraw, v1::Objection::WITHDRAWN},
};

// What somebody is to a case.
enum class ObjectionParty { kObjector, kAppraiser, kDecider, kHrOffice, kNobody };
inline constexpr ObjectionParty kObjectionParties[] = {ObjectionParty::kObjector,
                                                       ObjectionParty::kAppraiser,
                                                       ObjectionParty::kDecider,
                                                       ObjectionParty::kHrOffice,
                                                       ObjectionParty::kNobody};
// The one of the first four that may do it; the HR office escalates by its daily reminder. Asked by
// the permission table in a running service.
bool MayAct(ObjectionParty party, ObjectionAction action);

// The rules of an agency that has set nothing: 14 calendar days to file and to decide, 5 to
// respond.
v1::ObjectionRules DefaultObjectionRules(std::string_view agency);

// INVALID_ARGUMENT (FIELD_INVALID) for a holiday that is no day of the calendar.
absl::Status CheckObjectionRules(const v1::ObjectionRules& rules);

// The last day of `days` days after the day on which `time` is there; that day does not count.
absl::StatusOr<absl::CivilDay> DueDay(const v1::ObjectionRules& rules, absl::Time time, int days);

// A case without name, record and decider. FAILED_PRECONDITION: EVALUATION_NOT_FINAL,
// OBJECTION_TOO_LATE.
absl::StatusOr<v1::Objection> FileObjection(const v1::Evaluation& evaluation,
                                            std::string_view reason,
                                            const v1::ObjectionRules& rules,
                                            absl::Time now);

// What `subject` (a full name) is to the case; kNobody for everybody else, HR office included.
ObjectionParty PartyOf(const v1::Objection& objection, std::string_view subject);

// Whether the case may be given to this person (a full name): no side of it, nobody who stepped
// back.
bool MayDecide(const v1::Objection& objection, std::string_view subject);

// FAILED_PRECONDITION (OBJECTION_WRONG_STATE).
absl::Status AddStatement(v1::Objection& objection,
                          std::string_view author,
                          std::string_view text,
                          absl::Time now);

struct NewDecider {
  v1::DeciderChange::Kind kind = v1::DeciderChange::KIND_UNSPECIFIED;
  std::string name;  // empty: nobody yet
  std::string reason;
};
// Gives the case to the next decider, whose days begin now. FAILED_PRECONDITION:
// OBJECTION_WRONG_STATE, OBJECTION_DECIDER_PARTIAL.
absl::Status ChangeDecider(v1::Objection& objection, const NewDecider& next, absl::Time now);

// What the decider sets; unspecified ratings stay as they are.
struct ObjectionRuling {
  v1::Rating results = v1::RATING_UNSPECIFIED;
  v1::Rating behavior = v1::RATING_UNSPECIFIED;
  std::string reason;
  std::string decider;  // full name
};
inline bool Changes(const ObjectionRuling& ruling) {
  return ruling.results != v1::RATING_UNSPECIFIED || ruling.behavior != v1::RATING_UNSPECIFIED;
}

// Decides the case; `evaluation` is changed where the ruling changes the result: then it is final
// anew and waits for the person to take note. FAILED_PRECONDITION: OBJECTION_WRONG_STATE,
// OBJECTION_NOT_HEARD, OBJECTION_CHANGES_NOTHING, UNIT_RESULT_BINDS.
absl::Status DecideObjection(v1::Objection& objection,
                             v1::Evaluation& evaluation,
                             const ObjectionRuling& ruling,
                             const std::optional<v1::UnitPredicate>& own_unit,
                             absl::Time now);

// FAILED_PRECONDITION (OBJECTION_WRONG_STATE).
absl::Status WithdrawObjection(v1::Objection& objection, absl::Time now);

// What a daily look at an open case finds.
struct ObjectionDues {
  bool response = false;  // due within three days, or overdue
  bool decision = false;
  bool overdue = false;  // the decision; the case has a decider
};
absl::StatusOr<ObjectionDues> DuesOf(const v1::Objection& objection, absl::Time now);

}  // namespace teraju::evaluation::domain
