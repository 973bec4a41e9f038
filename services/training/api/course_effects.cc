#include "services/training/api/course_effects.h"

#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/domain/course_effect.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"
#include "teraju/training/v1/training_service.pb.h"

namespace teraju::training {

absl::StatusOr<std::unique_ptr<google::protobuf::Message>> CourseEffects::Run(
    operations::Work& work) const {
  v1::EstimateCourseEffectRequest request;
  work.request().UnpackTo(&request);
  ASSIGN_OR_RETURN(const CourseKey key, CourseKey::Parse(request.name(), "name"));
  domain::EffectBasis basis;
  ASSIGN_OR_RETURN(basis.before, evaluation_.ListAppraisals(work.call(), request.before_period()));
  ASSIGN_OR_RETURN(basis.after, evaluation_.ListAppraisals(work.call(), request.after_period()));
  RETURN_IF_ERROR(database_.ReadSnapshot(work.call(), [&](postgres::Transaction& tx) {
    basis.completions = EnrollmentStore(tx).Completions(key);
    for (const v1::Course& course : CourseStore(tx).ListWithEffect(key.agency)) {
      if (course.name() == key.Name()) {
        basis.earlier = course.effect();
      } else {
        basis.others.push_back(course.effect());
      }
    }
    return absl::OkStatus();
  }));
  ASSIGN_OR_RETURN(v1::CourseEffect effect, domain::EstimateCourse(basis));
  effect.set_before_period(request.before_period());
  effect.set_after_period(request.after_period());
  auto response = std::make_unique<v1::Course>();
  RETURN_IF_ERROR(
      work.Step("estimated", effect.trained(), effect.trained(), [&](auto& tx) -> absl::Status {
        effect.mutable_estimate_time()->set_seconds(absl::ToUnixSeconds(tx.call().time()));
        ASSIGN_OR_RETURN(*response, CourseStore(tx).UpdateEffect(key, effect));
        RecordChange(tx, key.Name(), "course.effectEstimated");
        return absl::OkStatus();
      }));
  return response;
}

}  // namespace teraju::training
