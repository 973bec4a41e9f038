#include "services/evaluation/api/competency_profiles_service.h"

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/domain/competency.h"
#include "services/evaluation/domain/cycle.h"
#include "services/evaluation/domain/timestamps.h"
#include "services/evaluation/store/competency_store.h"
#include "services/evaluation/store/cycle_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

absl::StatusOr<CycleKey> ParseProfile(const std::string& name) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kCompetencyProfileName.Parse(name, "name"));
  return CycleKey{ids[0], ids[1]};
}

struct ProfileInputs {
  v1::Cycle cycle;
  std::vector<v1::CompetencyAssessment> assessments;
};

}  // namespace

grpc::ServerUnaryReactor* CompetencyProfilesService::PublishCompetencyProfile(
    grpc::CallbackServerContext* context,
    const v1::PublishCompetencyProfileRequest* request,
    v1::CompetencyProfile* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::CompetencyProfile> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseProfile(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        // Counting takes longer than a transaction should.
        ASSIGN_OR_RETURN(const ProfileInputs inputs,
                         database_.ReadSnapshot(
                             call, [&](postgres::Transaction& tx) -> absl::StatusOr<ProfileInputs> {
                               ProfileInputs read;
                               ASSIGN_OR_RETURN(read.cycle, CycleStore(tx).Get(key));
                               RETURN_IF_ERROR(domain::CheckBinding(read.cycle));
                               read.assessments = CompetencyStore(tx).ListFinal(key);
                               return read;
                             }));
        if (inputs.assessments.empty()) {
          return errors::FailedPrecondition(v1::COMPETENCY_NONE_FINAL,
                                            "The cycle has no final assessment.");
        }
        v1::CompetencyProfile profile;
        profile.set_name(request->name());
        profile.set_threshold(inputs.cycle.public_threshold());
        for (v1::CompetencyCounts& counts :
             domain::CountCompetencies(inputs.assessments, profile.threshold()))
          *profile.add_counts() = std::move(counts);
        domain::SetTime(*profile.mutable_publish_time(), call.time());
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::CompetencyProfile> {
              RecordChange(tx, profile.name(), "competencyProfile.published");
              RETURN_IF_ERROR(CompetencyStore(tx).InsertProfile(key, profile));
              return profile;
            });
      });
}

grpc::ServerUnaryReactor* CompetencyProfilesService::GetCompetencyProfile(
    grpc::CallbackServerContext* context,
    const v1::GetCompetencyProfileRequest* request,
    v1::CompetencyProfile* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::CompetencyProfile> {
        ASSIGN_OR_RETURN(const CycleKey key, ParseProfile(request->name()));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        using Found = std::optional<v1::CompetencyProfile>;
        ASSIGN_OR_RETURN(
            Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return CompetencyStore(tx).FindProfile(key);
            }));
        if (!found.has_value()) return errors::ResourceNotFound(request->name());
        return *std::move(found);
      });
}

}  // namespace teraju::evaluation
