#include "services/training/api/courses_service.h"

#include "common/api/list_page.h"
#include "common/errors/status_macros.h"
#include "common/operations/operations.h"
#include "common/postgres/record_change.h"
#include "services/training/api/authorized_read.h"
#include "services/training/api/effects.h"
#include "services/training/api/withdrawal.h"
#include "services/training/domain/course.h"
#include "services/training/store/course_store.h"
#include "services/training/store/enrollment_store.h"

namespace teraju::training {

grpc::ServerUnaryReactor* CoursesService::GetCourse(grpc::CallbackServerContext* context,
                                                    const v1::GetCourseRequest* request,
                                                    v1::Course* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Course> {
        ASSIGN_OR_RETURN(const CourseKey key, CourseKey::Parse(request->name(), "name"));
        return AuthorizedRead(call, database_, key, [&](postgres::Transaction& tx) {
          return CourseStore(tx).Get(key);
        });
      });
}

grpc::ServerUnaryReactor* CoursesService::ListCourses(grpc::CallbackServerContext* context,
                                                      const v1::ListCoursesRequest* request,
                                                      v1::ListCoursesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListCoursesResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        ASSIGN_OR_RETURN(auto courses, database_.Read(call, [&](postgres::Transaction& tx) {
          return CourseStore(tx).List(
              agency, request->topic(), page.after_or_empty(0), page.limit());
        }));
        v1::ListCoursesResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(courses),
                            list.mutable_courses(),
                            list,
                            [](const v1::Course& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* CoursesService::CreateCourse(grpc::CallbackServerContext* context,
                                                       const v1::CreateCourseRequest* request,
                                                       v1::Course* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Course> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        RETURN_IF_ERROR(domain::CheckCourse(request->course()));
        const CourseKey key{agency, StrongId<CourseTag>(NewUuid7(call.time()))};
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Course> {
          RecordChange(tx, key.Name(), "course.created");
          return CourseStore(tx).Insert(key, request->course());
        });
      });
}

grpc::ServerUnaryReactor* CoursesService::PublishCourse(grpc::CallbackServerContext* context,
                                                        const v1::PublishCourseRequest* request,
                                                        v1::Course* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Course> {
        ASSIGN_OR_RETURN(const CourseKey key, CourseKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, key.Name(), "course.published");
          return CourseStore(tx).UpdateState(
              key, api::Precondition::FromEtag(request->etag()), domain::PublishCourse);
        });
      });
}

grpc::ServerUnaryReactor* CoursesService::ListOfferings(grpc::CallbackServerContext* context,
                                                        const v1::ListOfferingsRequest* request,
                                                        v1::ListOfferingsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListOfferingsResponse> {
        ASSIGN_OR_RETURN(const auto ids,
                         CourseTag::kPattern.Parse(request->parent(), "parent", true));
        OfferingQuery query{.agency = AgencyId(ids[0]), .course_id = ids[1] == "-" ? "" : ids[1]};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(query.agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        query.fiscal_year = request->fiscal_year();
        query.after = page.after;
        query.limit = page.limit();
        ASSIGN_OR_RETURN(auto offerings, database_.Read(call, [&](postgres::Transaction& tx) {
          return CourseStore(tx).ListOfferings(query);
        }));
        v1::ListOfferingsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(offerings),
                            list.mutable_offerings(),
                            list,
                            CourseStore::OrderKey);
        return list;
      });
}

grpc::ServerUnaryReactor* CoursesService::CreateOffering(grpc::CallbackServerContext* context,
                                                         const v1::CreateOfferingRequest* request,
                                                         v1::Offering* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Offering> {
        ASSIGN_OR_RETURN(const CourseKey key, CourseKey::Parse(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        const std::string id = NewUuid7(call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Offering> {
              CourseStore courses(tx);
              ASSIGN_OR_RETURN(const v1::Course course, courses.Get(key));
              RETURN_IF_ERROR(domain::CheckOffering(request->offering(), course));
              v1::Offering offering = courses.InsertOffering(key, id, request->offering());
              RecordChange(tx, offering.name(), "offering.created");
              return offering;
            });
      });
}

grpc::ServerUnaryReactor* CoursesService::CancelOffering(grpc::CallbackServerContext* context,
                                                         const v1::CancelOfferingRequest* request,
                                                         v1::Offering* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Offering> {
        ASSIGN_OR_RETURN(const auto ids, kOfferingName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Offering> {
              CourseStore courses(tx);
              const auto cancel = [&](v1::Offering& offering) {
                return domain::CancelOffering(offering, request->comment());
              };
              const auto precondition = api::Precondition::FromEtag(request->etag());
              RETURN_IF_ERROR(
                  courses.UpdateOffering(request->name(), precondition, cancel).status());
              for (const EnrollmentKey& place :
                   EnrollmentStore(tx).ListPlanned(agency, request->name())) {
                RETURN_IF_ERROR(
                    Withdraw(tx, place, api::Precondition::None(), request->comment()).status());
              }
              RecordChange(tx, request->name(), "offering.cancelled");
              return courses.GetOffering(request->name());
            });
      });
}

grpc::ServerUnaryReactor* CoursesService::EstimateCourseEffect(
    grpc::CallbackServerContext* context,
    const v1::EstimateCourseEffectRequest* request,
    google::longrunning::Operation* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::longrunning::Operation> {
        ASSIGN_OR_RETURN(const CourseKey key, CourseKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(AuthorizedRead(call, database_, key, [&](postgres::Transaction& tx) {
                          return CourseStore(tx).Get(key);
                        }).status());
        return StartEstimate(call, database_, evaluation_, CourseEffects::kKind, key, *request);
      });
}

}  // namespace teraju::training
