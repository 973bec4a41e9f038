#include "services/identity/api/token_issuer.h"

#include <algorithm>

#include "common/api/strong_id.h"
#include "common/errors/status_macros.h"
#include "services/identity/store/access_store.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kReload = absl::Minutes(1);

const auth::TokenSigner& SignerOf(const std::vector<auth::TokenSigner>& signers,
                                  const std::string& id) {
  return *std::find_if(
      signers.begin(), signers.end(), [&](const auto& signer) { return signer.key_id() == id; });
}

}  // namespace

TokenIssuer::TokenIssuer(std::string issuer,
                         postgres::Database& database,
                         domain::KeySchedule schedule)
    : issuer_(std::move(issuer)),
      database_(database),
      schedule_(schedule),
      reload_(std::min(kReload, schedule.lead / 2)) {}

absl::StatusOr<std::shared_ptr<const TokenIssuer::Keys>> TokenIssuer::Read(
    const CallContext& call) {
  const auto read = [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<SigningKeyRow>> {
    return SigningKeyStore(tx).List();
  };
  ASSIGN_OR_RETURN(std::vector<SigningKeyRow> rows, database_.Read(call, read));
  std::vector<domain::SigningKeyTimes> times;
  for (const SigningKeyRow& row : rows) times.push_back(row.times);
  const auto standings = domain::StandingsOf(times, schedule_, call.time());
  if (domain::MissingKey(standings, schedule_, call.time())) {
    RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
      TendSigningKeys(tx, schedule_);
      return absl::OkStatus();
    }));
    ASSIGN_OR_RETURN(rows, database_.Read(call, read));
  }
  auto keys = std::make_shared<Keys>();
  for (const SigningKeyRow& row : rows) {
    ASSIGN_OR_RETURN(auth::TokenSigner signer, auth::TokenSigner::FromPem(row.pem));
    keys->times.push_back(row.times);
    keys->signers.push_back(std::move(signer));
  }
  return keys;
}

absl::StatusOr<std::shared_ptr<const TokenIssuer::Keys>> TokenIssuer::Load(
    const CallContext& call) {
  absl::MutexLock lock(&mutex_);
  if (keys_ != nullptr && call.time() - loaded_ < reload_) return keys_;
  auto read = Read(call);
  // Known keys stay good while the database is away.
  if (!read.ok() && keys_ != nullptr) return keys_;
  RETURN_IF_ERROR(read.status());
  keys_ = *std::move(read);
  loaded_ = call.time();
  return keys_;
}

void TokenIssuer::Forget() {
  absl::MutexLock lock(&mutex_);
  loaded_ = absl::InfinitePast();
}

absl::StatusOr<std::string> TokenIssuer::Issue(const CallContext& call,
                                               const auth::Principal& principal) {
  ASSIGN_OR_RETURN(const auto keys, Load(call));
  for (const auto& standing : domain::StandingsOf(keys->times, schedule_, call.time())) {
    if (standing.use != domain::KeyUse::kSigning) continue;
    return SignerOf(keys->signers, standing.key.id)
        .Sign({.issuer = issuer_,
               .principal = principal,
               .issue_time = call.time(),
               .expire_time = call.time() + kAccessTokenLife,
               .token_id = NewUuid4()});
  }
  return absl::InternalError("no key signs");
}

absl::StatusOr<std::string> TokenIssuer::KeySet(const CallContext& call) {
  ASSIGN_OR_RETURN(const auto keys, Load(call));
  std::vector<const auth::TokenSigner*> signers;
  for (const auto& standing : domain::StandingsOf(keys->times, schedule_, call.time())) {
    if (standing.published()) signers.push_back(&SignerOf(keys->signers, standing.key.id));
  }
  return auth::MakeKeySetDocument(signers);
}

}  // namespace teraju::identity
