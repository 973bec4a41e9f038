#include "services/identity/store/access_version_store.h"

#include "common/postgres/codec.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kChangeBindings{
    "access_state_change_bindings",
    "UPDATE access_state SET version = version + 1, bindings_version = version + 1"};
constexpr Statement kRevoke{
    "access_revocation_insert",
    "WITH gone AS (DELETE FROM access_revocations WHERE expire_time < $3), "
    "state AS (UPDATE access_state SET version = version + cardinality($1::text[]) "
    "RETURNING version - cardinality($1::text[]) AS before) "
    "INSERT INTO access_revocations (version, key, expire_time) "
    "SELECT state.before + k.n, k.key, $2 FROM state, unnest($1::text[]) WITH ORDINALITY AS k(key, "
    "n)"};
constexpr Statement kVersion{"access_state_select",
                             "SELECT version, bindings_version FROM access_state"};
constexpr Statement kStanding{
    "access_lease_select",
    "SELECT s.version, s.bindings_version, "
    "floor(extract(epoch FROM l.expire_time - now()) * 1000)::bigint FROM access_state s "
    "LEFT JOIN access_leases l ON l.follower_id = $1 AND l.version = $2 AND l.expire_time > now()"};
constexpr Statement kGiveLease{
    "access_lease_upsert",
    "WITH gone AS (DELETE FROM access_leases WHERE expire_time < now() - interval '1 hour') "
    "INSERT INTO access_leases (follower_id, version, expire_time) "
    "VALUES ($1, $2, now() + make_interval(secs => $3)) "
    "ON CONFLICT (follower_id) DO UPDATE SET version = excluded.version, "
    "expire_time = greatest(access_leases.expire_time, excluded.expire_time)"};
constexpr Statement kConfirmed{
    "access_lease_all_know",
    "SELECT NOT EXISTS (SELECT FROM access_leases WHERE version < $1 AND expire_time > now())"};
constexpr Statement kRevocations{
    "access_revocation_list",
    "SELECT version, key, expire_time FROM access_revocations WHERE version > $1 "
    "ORDER BY version LIMIT $2"};

}  // namespace

void AccessVersionStore::ChangeBindings() { tx_.Exec(kChangeBindings); }

void AccessVersionStore::Revoke(const std::vector<std::string>& keys, absl::Time expire_time) {
  if (!keys.empty())
    tx_.Exec(kRevoke,
             postgres::ToArray(keys),
             postgres::ToText(expire_time),
             postgres::ToText(tx_.call().time()));
}

auth::AccessVersion AccessVersionStore::Version() const {
  const pqxx::result rows = tx_.Exec(kVersion);
  return {.changes = rows[0][0].as<std::int64_t>(), .bindings = rows[0][1].as<std::int64_t>()};
}

AccessStanding AccessVersionStore::StandingOf(const std::string& follower,
                                              std::int64_t version) const {
  const pqxx::row row = tx_.Exec(kStanding, follower, version)[0];
  return {.version = {.changes = row[0].as<std::int64_t>(), .bindings = row[1].as<std::int64_t>()},
          .lease = absl::Milliseconds(row[2].as<std::int64_t>(0))};
}

void AccessVersionStore::GiveLease(const std::string& follower, std::int64_t version) {
  tx_.Exec(kGiveLease, follower, version, absl::ToInt64Seconds(kAccessLease));
}

bool AccessVersionStore::ConfirmedByAll(std::int64_t version) const {
  return tx_.Exec(kConfirmed, version)[0][0].as<bool>();
}

std::vector<auth::Revocation> AccessVersionStore::RevocationsSince(std::int64_t version,
                                                                   int limit,
                                                                   std::int64_t& last) const {
  std::vector<auth::Revocation> revocations;
  for (const pqxx::row& row : tx_.Exec(kRevocations, version, limit)) {
    last = row[0].as<std::int64_t>();
    revocations.push_back({.key = row[1].c_str(), .expire_time = postgres::ToTime(row[2])});
  }
  return revocations;
}

}  // namespace teraju::identity
