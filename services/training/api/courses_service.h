// The methods of courses and their offerings.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/training/clients/evaluation_client.h"
#include "teraju/training/v1/training_service.grpc.pb.h"

namespace teraju::training {

class CoursesService final : public v1::Courses::CallbackService {
 public:
  CoursesService(rpc::Pipeline& pipeline,
                 postgres::Database& database,
                 EvaluationClient& evaluation)
      : pipeline_(pipeline), database_(database), evaluation_(evaluation) {}

  grpc::ServerUnaryReactor* GetCourse(grpc::CallbackServerContext* context,
                                      const v1::GetCourseRequest* request,
                                      v1::Course* response) override;
  grpc::ServerUnaryReactor* ListCourses(grpc::CallbackServerContext* context,
                                        const v1::ListCoursesRequest* request,
                                        v1::ListCoursesResponse* response) override;
  grpc::ServerUnaryReactor* CreateCourse(grpc::CallbackServerContext* context,
                                         const v1::CreateCourseRequest* request,
                                         v1::Course* response) override;
  grpc::ServerUnaryReactor* PublishCourse(grpc::CallbackServerContext* context,
                                          const v1::PublishCourseRequest* request,
                                          v1::Course* response) override;
  grpc::ServerUnaryReactor* ListOfferings(grpc::CallbackServerContext* context,
                                          const v1::ListOfferingsRequest* request,
                                          v1::ListOfferingsResponse* response) override;
  grpc::ServerUnaryReactor* CreateOffering(grpc::CallbackServerContext* context,
                                           const v1::CreateOfferingRequest* request,
                                           v1::Offering* response) override;

  grpc::ServerUnaryReactor* CancelOffering(grpc::CallbackServerContext* context,
                                           const v1::CancelOfferingRequest* request,
                                           v1::Offering* response) override;
  grpc::ServerUnaryReactor* EstimateCourseEffect(grpc::CallbackServerContext* context,
                                                 const v1::EstimateCourseEffectRequest* request,
                                                 google::longrunning::Operation* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  EvaluationClient& evaluation_;
};

}  // namespace teraju::training
