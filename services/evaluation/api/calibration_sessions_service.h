// The methods of teraju.evaluation.v1.CalibrationSessions.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "services/evaluation/store/names.h"
#include "teraju/evaluation/v1/calibration_service.grpc.pb.h"

namespace teraju::evaluation {

class CalibrationSessionsService final : public v1::CalibrationSessions::CallbackService {
 public:
  CalibrationSessionsService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetCalibrationSession(grpc::CallbackServerContext* context,
                                                  const v1::GetCalibrationSessionRequest* request,
                                                  v1::CalibrationSession* response) override;
  grpc::ServerUnaryReactor* ListCalibrationSessions(
      grpc::CallbackServerContext* context,
      const v1::ListCalibrationSessionsRequest* request,
      v1::ListCalibrationSessionsResponse* response) override;
  grpc::ServerUnaryReactor* CreateCalibrationSession(
      grpc::CallbackServerContext* context,
      const v1::CreateCalibrationSessionRequest* request,
      v1::CalibrationSession* response) override;
  grpc::ServerUnaryReactor* UpdateCalibrationSession(
      grpc::CallbackServerContext* context,
      const v1::UpdateCalibrationSessionRequest* request,
      v1::CalibrationSession* response) override;
  grpc::ServerUnaryReactor* ListCalibratedRatings(
      grpc::CallbackServerContext* context,
      const v1::ListCalibratedRatingsRequest* request,
      v1::ListCalibratedRatingsResponse* response) override;
  grpc::ServerUnaryReactor* ProposeCalibratedRating(
      grpc::CallbackServerContext* context,
      const v1::ProposeCalibratedRatingRequest* request,
      v1::CalibratedRating* response) override;
  grpc::ServerUnaryReactor* DecideCalibratedRating(grpc::CallbackServerContext* context,
                                                   const v1::DecideCalibratedRatingRequest* request,
                                                   v1::CalibratedRating* response) override;
  grpc::ServerUnaryReactor* CloseCalibrationSession(
      grpc::CallbackServerContext* context,
      const v1::CloseCalibrationSessionRequest* request,
      v1::CalibrationSession* response) override;

 private:
  // The session, for a caller who has the method's permission on it.
  absl::StatusOr<v1::CalibrationSession> AuthorizeSession(const CallContext& call, const Key& key);

  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::evaluation
