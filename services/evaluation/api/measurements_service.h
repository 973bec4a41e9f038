// The methods of teraju.evaluation.v1.Measurements.
#pragma once

#include <string>
#include <vector>

#include "absl/functional/function_ref.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/clients/people_client.h"
#include "services/evaluation/domain/measurement.h"
#include "teraju/evaluation/v1/measurements_service.grpc.pb.h"

namespace teraju::evaluation {

class MeasurementsService final : public v1::Measurements::CallbackService {
 public:
  MeasurementsService(rpc::Pipeline& pipeline, postgres::Database& database, PeopleClient& people)
      : pipeline_(pipeline), database_(database), people_(people) {}

  grpc::ServerUnaryReactor* BatchCreateMeasurements(
      grpc::CallbackServerContext* context,
      const v1::BatchCreateMeasurementsRequest* request,
      v1::BatchCreateMeasurementsResponse* response) override;
  grpc::ServerUnaryReactor* ImportMeasurements(
      grpc::CallbackServerContext* context,
      const v1::ImportMeasurementsRequest* request,
      v1::BatchCreateMeasurementsResponse* response) override;

 private:
  // Reads the figures of an agency once the caller may record them.
  using ReadFigures =
      absl::FunctionRef<absl::StatusOr<std::vector<domain::ToldFigure>>(const std::string& agency)>;
  absl::StatusOr<v1::BatchCreateMeasurementsResponse> Record(const CallContext& call,
                                                             const std::string& parent,
                                                             ReadFigures read);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
  PeopleClient& people_;
};

}  // namespace teraju::evaluation
