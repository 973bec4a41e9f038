#include "services/identity/store/external_sign_in_store.h"

#include "common/postgres/codec.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kInsert{
    "external_sign_in_insert",
    "WITH gone AS (DELETE FROM external_sign_ins WHERE expire_time < $7) "
    "INSERT INTO external_sign_ins (agency_id, state_hash, secret_hash, provider, nonce, verifier, "
    "expire_time) VALUES ($1, $2, $3, $4, $5, $6, $8)"};
constexpr Statement kTake{
    "external_sign_in_take",
    "DELETE FROM external_sign_ins WHERE state_hash = $1 AND secret_hash = $2 AND expire_time > $3 "
    "RETURNING agency_id, provider, nonce, verifier"};

}  // namespace

void ExternalSignInStore::Insert(const ExternalSignInRow& row,
                                 const std::string& state_hash,
                                 const std::string& secret_hash,
                                 absl::Time now,
                                 absl::Time expire_time) {
  tx_.Exec(kInsert,
           row.agency.value(),
           postgres::ToBytes(state_hash),
           postgres::ToBytes(secret_hash),
           row.provider,
           row.nonce,
           row.verifier,
           postgres::ToText(now),
           postgres::ToText(expire_time));
}

std::optional<ExternalSignInRow> ExternalSignInStore::Take(const std::string& state_hash,
                                                           const std::string& secret_hash,
                                                           absl::Time now) {
  const pqxx::result rows = tx_.Exec(
      kTake, postgres::ToBytes(state_hash), postgres::ToBytes(secret_hash), postgres::ToText(now));
  if (rows.empty()) return std::nullopt;
  return ExternalSignInRow{.agency = AgencyId(rows[0][0].c_str()),
                           .provider = rows[0][1].c_str(),
                           .nonce = rows[0][2].c_str(),
                           .verifier = rows[0][3].c_str()};
}

}  // namespace teraju::identity
