// Mentoring preferences as rows. Bound to the transaction it is given.
#pragma once

#include <map>
#include <string>

#include "absl/status/statusor.h"
#include "common/api/etag.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/training/store/keys.h"
#include "teraju/training/v1/mentoring_preferences_service.pb.h"

namespace teraju::training {

class MentoringPreferenceStore {
 public:
  explicit MentoringPreferenceStore(postgres::Transaction& tx) : tx_(tx) {}

  // Empty where nothing was said.
  v1::MentoringPreference Get(const PreferenceKey& key) const;
  // ABORTED.
  absl::StatusOr<v1::MentoringPreference> Set(const PreferenceKey& key,
                                              const v1::MentoringPreference& preference,
                                              const api::Precondition& precondition);
  // What people of the agency have said, by the person's name.
  std::map<std::string, v1::MentoringPreference> OfAll(const AgencyId& agency) const;

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::training
