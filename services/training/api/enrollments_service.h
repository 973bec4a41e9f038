// The methods of places in offerings.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/training/v1/training_service.grpc.pb.h"

namespace teraju::training {

class EnrollmentsService final : public v1::Enrollments::CallbackService {
 public:
  EnrollmentsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* ListEnrollments(grpc::CallbackServerContext* context,
                                            const v1::ListEnrollmentsRequest* request,
                                            v1::ListEnrollmentsResponse* response) override;
  grpc::ServerUnaryReactor* CompleteEnrollment(grpc::CallbackServerContext* context,
                                               const v1::CompleteEnrollmentRequest* request,
                                               v1::Enrollment* response) override;
  grpc::ServerUnaryReactor* WithdrawEnrollment(grpc::CallbackServerContext* context,
                                               const v1::WithdrawEnrollmentRequest* request,
                                               v1::Enrollment* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::training
