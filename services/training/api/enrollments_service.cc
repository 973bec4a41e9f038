#include "services/training/api/enrollments_service.h"

#include "common/api/list_page.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/api/objects.h"
#include "services/training/api/withdrawal.h"
#include "services/training/domain/lifecycle.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"
#include "services/training/store/need_store.h"

namespace teraju::training {
namespace {

// Of the course that the offering belongs to.
absl::StatusOr<int> HoursOf(postgres::Transaction& tx,
                            const AgencyId& agency,
                            const std::string& offering) {
  ASSIGN_OR_RETURN(const auto ids, kOfferingName.Parse(offering, "offering"));
  ASSIGN_OR_RETURN(const v1::Course course,
                   CourseStore(tx).Get({agency, StrongId<CourseTag>(ids[1])}));
  return course.learning_hours();
}

}  // namespace

grpc::ServerUnaryReactor* EnrollmentsService::ListEnrollments(
    grpc::CallbackServerContext* context,
    const v1::ListEnrollmentsRequest* request,
    v1::ListEnrollmentsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListEnrollmentsResponse> {
        EnrollmentQuery query;
        ASSIGN_OR_RETURN(query.agency, api::ParseAgencyName(request->parent(), "parent"));
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(query.agency, request->parent()));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        query.employee = request->employee();
        if (!request->offering().empty()) {
          ASSIGN_OR_RETURN(const auto ids, kOfferingName.Parse(request->offering(), "offering"));
          query.course_id = ids[1];
          query.offering_id = ids[2];
        }
        query.after_id = page.after_or_empty(0);
        query.limit = page.limit();
        ASSIGN_OR_RETURN(auto enrollments, database_.Read(call, [&](postgres::Transaction& tx) {
          return EnrollmentStore(tx).List(query);
        }));
        v1::ListEnrollmentsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(enrollments),
                            list.mutable_enrollments(),
                            list,
                            [](const v1::Enrollment& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* EnrollmentsService::CompleteEnrollment(
    grpc::CallbackServerContext* context,
    const v1::CompleteEnrollmentRequest* request,
    v1::Enrollment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Enrollment> {
        ASSIGN_OR_RETURN(const EnrollmentKey key, EnrollmentKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Enrollment> {
              const auto complete = [&](v1::Enrollment& enrollment) -> absl::Status {
                ASSIGN_OR_RETURN(const int hours, HoursOf(tx, key.agency, enrollment.offering()));
                return domain::CompleteEnrollment(
                    enrollment, hours, request->complete_date(), request->effect_note());
              };
              ASSIGN_OR_RETURN(v1::Enrollment enrollment,
                               EnrollmentStore(tx).Update(
                                   key, api::Precondition::FromEtag(request->etag()), complete));
              NeedStore(tx).Settle(enrollment.employee(), enrollment.offering(), v1::Need::MET);
              RecordChange(tx, key.Name(), "enrollment.completed");
              return enrollment;
            });
      });
}

grpc::ServerUnaryReactor* EnrollmentsService::WithdrawEnrollment(
    grpc::CallbackServerContext* context,
    const v1::WithdrawEnrollmentRequest* request,
    v1::Enrollment* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Enrollment> {
        ASSIGN_OR_RETURN(const EnrollmentKey key, EnrollmentKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return Withdraw(
              tx, key, api::Precondition::FromEtag(request->etag()), request->comment());
        });
      });
}

}  // namespace teraju::training
