// What may happen to needs, enrollments and mentorships, and in which state.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/time/civil_time.h"
#include "google/type/date.pb.h"
#include "teraju/training/v1/training.pb.h"

namespace teraju::training::domain {

// A need as somebody enters it: the superior's is confirmed, the person's own is proposed. Sets
// source, weight, state and the reason in words.
void EnterNeed(v1::Need& need, v1::Need::Source source);

// FAILED_PRECONDITION (NEED_DECIDED) once it is planned, met or dismissed.
absl::Status DismissNeed(v1::Need& need, const std::string& comment);

// Credits the hours of the course. FAILED_PRECONDITION (ENROLLMENT_WRONG_STATE).
absl::Status CompleteEnrollment(v1::Enrollment& enrollment,
                                int learning_hours,
                                const google::type::Date& date,
                                const std::string& effect_note);
// FAILED_PRECONDITION (ENROLLMENT_WRONG_STATE).
absl::Status WithdrawEnrollment(v1::Enrollment& enrollment, const std::string& comment);

// `person` is one of the two; accepting twice changes nothing. FAILED_PRECONDITION
// (MENTORSHIP_WRONG_STATE).
absl::Status AcceptMentorship(v1::Mentorship& mentorship, const std::string& person);
// Either may, until it has ended. FAILED_PRECONDITION (MENTORSHIP_WRONG_STATE).
absl::Status VetoMentorship(v1::Mentorship& mentorship, const std::string& comment);
// Only an active pair has something to close. FAILED_PRECONDITION (MENTORSHIP_WRONG_STATE).
absl::Status CloseMentorship(v1::Mentorship& mentorship,
                             v1::Mentorship::Outcome outcome,
                             const std::string& comment);
// A meeting of this pair, at most as late as `today`. FAILED_PRECONDITION (MENTORSHIP_WRONG_STATE),
// INVALID_ARGUMENT (FIELD_INVALID).
absl::Status CheckSession(const v1::Mentorship& mentorship,
                          const v1::MentoringSession& session,
                          absl::CivilDay today);

}  // namespace teraju::training::domain
