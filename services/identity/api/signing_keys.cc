#include "services/identity/api/signing_keys.h"

#include "common/auth/token_signer.h"
#include "services/identity/store/access_store.h"
#include "services/identity/store/names.h"

namespace teraju::identity {

std::vector<domain::KeyStanding> ReadSigningKeys(postgres::Transaction& tx,
                                                 const domain::KeySchedule& schedule) {
  std::vector<domain::SigningKeyTimes> times;
  for (const SigningKeyRow& row : SigningKeyStore(tx).List()) times.push_back(row.times);
  return domain::StandingsOf(times, schedule, tx.call().time());
}

void RecordKey(postgres::Transaction& tx, const std::string& id, const std::string& type) {
  tx.Audit({.agency = "", .resource = kSigningKeyName.Format({id}), .type = type});
}

std::vector<domain::KeyStanding> TendSigningKeys(postgres::Transaction& tx,
                                                 const domain::KeySchedule& schedule) {
  const absl::Time now = tx.call().time();
  SigningKeyStore store(tx);
  store.Lock();
  for (const domain::KeyStanding& standing : ReadSigningKeys(tx, schedule)) {
    if (standing.use != domain::KeyUse::kExpired) continue;
    store.Delete(standing.key.id);
    RecordKey(tx, standing.key.id, "signingKey.expired");
  }
  std::vector<domain::KeyStanding> standings = ReadSigningKeys(tx, schedule);
  while (const auto missing = domain::MissingKey(standings, schedule, now)) {
    const auth::TokenSigner made = auth::TokenSigner::Generate();
    store.Insert({.times = {.id = made.key_id(),
                            .create_time = now,
                            .sign_time = *missing,
                            .withdraw_time = std::nullopt},
                  .pem = made.PrivateKeyPem()});
    RecordKey(tx, made.key_id(), "signingKey.created");
    standings = ReadSigningKeys(tx, schedule);
  }
  return standings;
}

}  // namespace teraju::identity
