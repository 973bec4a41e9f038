#include "services/identity/api/token_issuer.h"

#include "common/api/strong_id.h"
#include "common/errors/status_macros.h"
#include "services/identity/store/access_store.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kReload = absl::Minutes(1);

}  // namespace

absl::StatusOr<std::shared_ptr<const TokenIssuer::Keys>> TokenIssuer::Load(
    const CallContext& call) {
  absl::MutexLock lock(&mutex_);
  if (keys_ != nullptr && call.time() - loaded_ < kReload) return keys_;
  const auto read = [&] {
    return database_.Read(
        call, [](postgres::Transaction& tx) -> absl::StatusOr<std::vector<logging::Secret>> {
          return SigningKeyStore(tx).List();
        });
  };
  auto stored = read();
  if (stored.ok() && stored->empty()) {
    const auth::TokenSigner first = auth::TokenSigner::Generate();
    RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) {
      SigningKeyStore(tx).InsertFirst(first.key_id(), first.PrivateKeyPem());
      return absl::OkStatus();
    }));
    stored = read();
  }
  // Known keys stay good while the database is away.
  if (!stored.ok() && keys_ != nullptr) return keys_;
  RETURN_IF_ERROR(stored.status());
  auto keys = std::make_shared<Keys>();
  for (const logging::Secret& pem : *stored) {
    ASSIGN_OR_RETURN(auth::TokenSigner signer, auth::TokenSigner::FromPem(pem));
    keys->push_back(std::move(signer));
  }
  keys_ = std::move(keys);
  loaded_ = call.time();
  return keys_;
}

absl::StatusOr<std::string> TokenIssuer::Issue(const CallContext& call,
                                               const auth::Principal& principal) {
  ASSIGN_OR_RETURN(const auto keys, Load(call));
  return keys->front().Sign({.issuer = issuer_,
                             .principal = principal,
                             .issue_time = call.time(),
                             .expire_time = call.time() + kAccessTokenLife,
                             .token_id = NewUuid4()});
}

absl::StatusOr<std::string> TokenIssuer::KeySet(const CallContext& call) {
  ASSIGN_OR_RETURN(const auto keys, Load(call));
  std::vector<const auth::TokenSigner*> signers;
  for (const auth::TokenSigner& key : *keys) signers.push_back(&key);
  return auth::MakeKeySetDocument(signers);
}

}  // namespace teraju::identity
