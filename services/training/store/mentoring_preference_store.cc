#include "services/training/store/mentoring_preference_store.h"

#include <vector>

#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "common/postgres/lock_name.h"

namespace teraju::training {
namespace {

constexpr postgres::Statement kSelectPreference{
    "mentoring_preference_select",
    "SELECT * FROM mentoring_preferences WHERE agency_id = $1 AND employee = $2"};
constexpr postgres::Statement kSelectPreferences{
    "mentoring_preference_select_all", "SELECT * FROM mentoring_preferences WHERE agency_id = $1"};
constexpr postgres::Statement kSetPreference{"mentoring_preference_set", R"sql(
INSERT INTO mentoring_preferences AS p (agency_id, employee, languages, no_mentees)
VALUES ($1, $2, $3::text[], $4)
ON CONFLICT (agency_id, employee) DO UPDATE
SET languages = excluded.languages, no_mentees = excluded.no_mentees, version = p.version + 1
RETURNING *)sql"};
constexpr postgres::Statement kLockPreference{
    "mentoring_preference_lock",
    "SELECT version FROM mentoring_preferences WHERE agency_id = $1 AND employee = $2 FOR UPDATE"};

v1::MentoringPreference ToPreference(const pqxx::row& row) {
  v1::MentoringPreference preference;
  for (std::string& language : postgres::ToStrings(row["languages"]))
    preference.add_languages(std::move(language));
  preference.set_no_mentees(row["no_mentees"].as<bool>());
  preference.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return preference;
}

}  // namespace

v1::MentoringPreference MentoringPreferenceStore::Get(const PreferenceKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelectPreference, key.agency.value(), key.Person());
  v1::MentoringPreference preference;
  if (rows.empty()) {
    preference.set_etag(api::MakeEtag(0));
  } else {
    preference = ToPreference(rows.front());
  }
  preference.set_name(key.Name());
  return preference;
}

absl::StatusOr<v1::MentoringPreference> MentoringPreferenceStore::Set(
    const PreferenceKey& key,
    const v1::MentoringPreference& preference,
    const api::Precondition& precondition) {
  postgres::LockName(tx_, key.Name());
  const pqxx::result locked = tx_.Exec(kLockPreference, key.agency.value(), key.Person());
  RETURN_IF_ERROR(
      precondition.Check(locked.empty() ? 0 : locked[0][0].as<std::int64_t>(), key.Name()));
  const std::vector<std::string> languages(preference.languages().begin(),
                                           preference.languages().end());
  v1::MentoringPreference stored = ToPreference(tx_.Exec(kSetPreference,
                                                         key.agency.value(),
                                                         key.Person(),
                                                         postgres::ToArray(languages),
                                                         preference.no_mentees())
                                                    .front());
  stored.set_name(key.Name());
  return stored;
}

std::map<std::string, v1::MentoringPreference> MentoringPreferenceStore::OfAll(
    const AgencyId& agency) const {
  std::map<std::string, v1::MentoringPreference> preferences;
  for (const pqxx::row& row : tx_.Exec(kSelectPreferences, agency.value()))
    preferences[row["employee"].c_str()] = ToPreference(row);
  return preferences;
}

}  // namespace teraju::training
