#include "services/training/api/withdrawal.h"

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/domain/lifecycle.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"
#include "services/training/store/need_store.h"

namespace teraju::training {

absl::StatusOr<v1::Enrollment> Withdraw(postgres::Transaction& tx,
                                        const EnrollmentKey& key,
                                        const api::Precondition& precondition,
                                        const std::string& comment) {
  ASSIGN_OR_RETURN(v1::Enrollment enrollment,
                   EnrollmentStore(tx).Update(key, precondition, [&](v1::Enrollment& changed) {
                     return domain::WithdrawEnrollment(changed, comment);
                   }));
  CourseStore(tx).TakeSeats(enrollment.offering(), -1);
  NeedStore(tx).Settle(enrollment.employee(), enrollment.offering(), v1::Need::CONFIRMED);
  RecordChange(tx, key.Name(), "enrollment.withdrawn");
  return enrollment;
}

}  // namespace teraju::training
