#include "services/training/api/mentoring_preferences_service.h"

#include <string_view>
#include <vector>

#include "common/api/field_mask.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/training/api/objects.h"
#include "services/training/domain/mentoring.h"
#include "services/training/store/mentoring_preference_store.h"

namespace teraju::training {
namespace {

absl::StatusOr<PreferenceKey> ParsePreference(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kPreferenceName.Parse(name, field));
  return PreferenceKey{AgencyId(ids[0]), ids[1]};
}

auth::Object PreferenceObject(const PreferenceKey& key) {
  return {
      .resource = key.Name(), .agency = key.agency, .person = SubjectOf(key.agency, key.Person())};
}

}  // namespace

grpc::ServerUnaryReactor* MentoringPreferencesService::GetMentoringPreference(
    grpc::CallbackServerContext* context,
    const v1::GetMentoringPreferenceRequest* request,
    v1::MentoringPreference* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::MentoringPreference> {
        ASSIGN_OR_RETURN(const PreferenceKey key, ParsePreference(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(PreferenceObject(key)));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::MentoringPreference> {
              return MentoringPreferenceStore(tx).Get(key);
            });
      });
}

grpc::ServerUnaryReactor* MentoringPreferencesService::UpdateMentoringPreference(
    grpc::CallbackServerContext* context,
    const v1::UpdateMentoringPreferenceRequest* request,
    v1::MentoringPreference* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::MentoringPreference> {
        const v1::MentoringPreference& update = request->mentoring_preference();
        ASSIGN_OR_RETURN(const PreferenceKey key,
                         ParsePreference(update.name(), "mentoringPreference.name"));
        RETURN_IF_ERROR(call.Authorize(PreferenceObject(key)));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::MentoringPreference> {
              MentoringPreferenceStore store(tx);
              v1::MentoringPreference preference = store.Get(key);
              RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, preference));
              RETURN_IF_ERROR(domain::CheckPreference(preference));
              RecordChange(tx, key.Name(), "mentoringPreference.updated");
              return store.Set(key, preference, api::Precondition::FromEtag(update.etag()));
            });
      });
}

}  // namespace teraju::training
