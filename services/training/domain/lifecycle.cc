#include "services/training/domain/lifecycle.h"

#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/time/period.h"
#include "teraju/training/v1/error_reason.pb.h"

namespace teraju::training::domain {

void EnterNeed(v1::Need& need, v1::Need::Source source) {
  const bool superior = source == v1::Need::SUPERIOR;
  need.set_source(source);
  // Beside derived needs, whose weights grow with the gap: a superior's counts as a middling gap.
  need.mutable_weight()->set_value(superior ? "5.0" : "3.0");
  need.set_state(superior ? v1::Need::CONFIRMED : v1::Need::PROPOSED);
  need.set_reason_id(superior ? "Diusulkan oleh atasan." : "Diusulkan oleh pegawai sendiri.");
  need.set_reason_en(superior ? "Entered by the superior." : "Entered by the person.");
}

absl::Status DismissNeed(v1::Need& need, const std::string& comment) {
  if (need.state() != v1::Need::PROPOSED && need.state() != v1::Need::CONFIRMED) {
    return errors::FailedPrecondition(v1::NEED_DECIDED, "The need is decided already.")
        .With("state", v1::Need::State_Name(need.state()));
  }
  need.set_state(v1::Need::DISMISSED);
  need.set_dismiss_comment(comment);
  return absl::OkStatus();
}

namespace {

absl::Status CheckPlanned(const v1::Enrollment& enrollment) {
  if (enrollment.state() == v1::Enrollment::PLANNED) return absl::OkStatus();
  return errors::FailedPrecondition(v1::ENROLLMENT_WRONG_STATE, "The enrollment has ended.")
      .With("state", v1::Enrollment::State_Name(enrollment.state()));
}

absl::Status MentorshipWrongState(const v1::Mentorship& mentorship) {
  return errors::FailedPrecondition(v1::MENTORSHIP_WRONG_STATE,
                                    "The mentorship is in another state.")
      .With("state", v1::Mentorship::State_Name(mentorship.state()));
}

}  // namespace

absl::Status CompleteEnrollment(v1::Enrollment& enrollment,
                                int learning_hours,
                                const google::type::Date& date,
                                const std::string& effect_note) {
  if (absl::Status planned = CheckPlanned(enrollment); !planned.ok()) return planned;
  enrollment.set_state(v1::Enrollment::COMPLETED);
  enrollment.set_learning_hours(learning_hours);
  *enrollment.mutable_complete_date() = date;
  enrollment.set_effect_note(effect_note);
  return absl::OkStatus();
}

absl::Status WithdrawEnrollment(v1::Enrollment& enrollment, const std::string& comment) {
  if (absl::Status planned = CheckPlanned(enrollment); !planned.ok()) return planned;
  enrollment.set_state(v1::Enrollment::WITHDRAWN);
  enrollment.set_withdraw_comment(comment);
  return absl::OkStatus();
}

absl::Status AcceptMentorship(v1::Mentorship& mentorship, const std::string& person) {
  if (mentorship.state() != v1::Mentorship::PROPOSED &&
      mentorship.state() != v1::Mentorship::ACTIVE) {
    return MentorshipWrongState(mentorship);
  }
  if (person == mentorship.mentor()) mentorship.set_mentor_accepted(true);
  if (person == mentorship.mentee()) mentorship.set_mentee_accepted(true);
  if (mentorship.mentor_accepted() && mentorship.mentee_accepted()) {
    mentorship.set_state(v1::Mentorship::ACTIVE);
  }
  return absl::OkStatus();
}

absl::Status VetoMentorship(v1::Mentorship& mentorship, const std::string& comment) {
  if (mentorship.state() != v1::Mentorship::PROPOSED &&
      mentorship.state() != v1::Mentorship::ACTIVE) {
    return MentorshipWrongState(mentorship);
  }
  mentorship.set_state(v1::Mentorship::VETOED);
  mentorship.set_veto_comment(comment);
  return absl::OkStatus();
}

absl::Status CloseMentorship(v1::Mentorship& mentorship,
                             v1::Mentorship::Outcome outcome,
                             const std::string& comment) {
  if (mentorship.state() != v1::Mentorship::ACTIVE) return MentorshipWrongState(mentorship);
  mentorship.set_state(v1::Mentorship::CLOSED);
  mentorship.set_outcome(outcome);
  mentorship.set_close_comment(comment);
  return absl::OkStatus();
}

absl::Status CheckSession(const v1::Mentorship& mentorship,
                          const v1::MentoringSession& session,
                          absl::CivilDay today) {
  if (mentorship.state() != v1::Mentorship::ACTIVE) return MentorshipWrongState(mentorship);
  errors::FieldViolations violations;
  const auto day = time::ToCivilDay(session.date());
  if (!day.ok()) {
    violations.Add("session.date",
                   "INVALID_DATE",
                   "Tanggal ini tidak ada. Isi tahun, bulan, dan hari.",
                   "There is no such day. Give year, month and day.");
  } else if (*day > today) {
    violations.Add("session.date",
                   "IN_THE_FUTURE",
                   "Catat pertemuan setelah berlangsung.",
                   "Log a meeting once it has been held.");
  }
  return violations.ToStatus();
}

}  // namespace teraju::training::domain
