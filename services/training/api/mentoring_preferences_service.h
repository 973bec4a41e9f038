// The methods of teraju.training.v1.MentoringPreferences.
#pragma once

#include "common/postgres/database.h"
#include "common/rpc/pipeline.h"
#include "teraju/training/v1/mentoring_preferences_service.grpc.pb.h"

namespace teraju::training {

class MentoringPreferencesService final : public v1::MentoringPreferences::CallbackService {
 public:
  MentoringPreferencesService(rpc::Pipeline& pipeline, postgres::Database& database)
      : pipeline_(pipeline), database_(database) {}

  grpc::ServerUnaryReactor* GetMentoringPreference(grpc::CallbackServerContext* context,
                                                   const v1::GetMentoringPreferenceRequest* request,
                                                   v1::MentoringPreference* response) override;
  grpc::ServerUnaryReactor* UpdateMentoringPreference(
      grpc::CallbackServerContext* context,
      const v1::UpdateMentoringPreferenceRequest* request,
      v1::MentoringPreference* response) override;

 private:
  rpc::Pipeline& pipeline_;
  postgres::Database& database_;
};

}  // namespace teraju::training
