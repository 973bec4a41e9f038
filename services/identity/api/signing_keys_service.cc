#include "services/identity/api/signing_keys_service.h"

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/store/access_store.h"
#include "services/identity/store/access_version_store.h"
#include "services/identity/store/names.h"

namespace teraju::identity {

using Standings = std::vector<domain::KeyStanding>;

namespace {

// Whoever has stolen a key makes tokens with it at any time; verifiers read the keys again long
// before.
constexpr absl::Duration kWithdrawnKeyKnown = absl::Hours(24 * 365);

v1::SigningKey::State StateOf(domain::KeyUse use) {
  switch (use) {
    case domain::KeyUse::kWaiting:
      return v1::SigningKey::WAITING;
    case domain::KeyUse::kSigning:
      return v1::SigningKey::SIGNING;
    case domain::KeyUse::kRetired:
    case domain::KeyUse::kExpired:
      return v1::SigningKey::RETIRED;
    case domain::KeyUse::kWithdrawn:
      return v1::SigningKey::WITHDRAWN;
  }
  return v1::SigningKey::STATE_UNSPECIFIED;
}

void SetTime(google::protobuf::Timestamp& timestamp, absl::Time time) {
  timestamp.set_seconds(absl::ToUnixSeconds(time));
  timestamp.set_nanos(static_cast<std::int32_t>(
      absl::ToInt64Nanoseconds(time - absl::FromUnixSeconds(timestamp.seconds()))));
}

v1::SigningKey ToMessage(const domain::KeyStanding& standing, const domain::KeySchedule& schedule) {
  v1::SigningKey key;
  key.set_name(kSigningKeyName.Format({standing.key.id}));
  key.set_state(StateOf(standing.use));
  SetTime(*key.mutable_create_time(), standing.key.create_time);
  SetTime(*key.mutable_sign_time(), standing.key.sign_time);
  if (standing.key.withdraw_time) {
    SetTime(*key.mutable_expire_time(), *standing.key.withdraw_time);
  } else if (standing.retire_time != absl::InfiniteFuture()) {
    SetTime(*key.mutable_retire_time(), standing.retire_time);
    SetTime(*key.mutable_expire_time(), standing.retire_time + schedule.keep);
  }
  return key;
}

// The one that signs next: of several that wait, the one that comes first.
Standings::const_iterator NextOf(const Standings& standings) {
  const auto found =
      std::find_if(standings.rbegin(), standings.rend(), [](const domain::KeyStanding& one) {
        return one.use == domain::KeyUse::kWaiting;
      });
  return found == standings.rend() ? standings.end() : std::prev(found.base());
}

Standings::const_iterator Find(const Standings& standings, const std::string& id) {
  return std::find_if(
      standings.begin(), standings.end(), [&](const auto& one) { return one.key.id == id; });
}

}  // namespace

absl::StatusOr<v1::ListSigningKeysResponse> SigningKeysService::PageOf(
    const Standings& standings,
    const PageQuery& query,
    const v1::ListSigningKeysRequest& request) const {
  auto first = standings.begin();
  if (!query.after.empty()) first = Find(standings, query.after[0]);
  if (!query.after.empty() && first != standings.end()) ++first;
  Page<v1::SigningKey> page;
  for (auto one = first; one != standings.end(); ++one)
    page.items.push_back(ToMessage(*one, issuer_.schedule()));
  EndPage(page, query.size, [](const v1::SigningKey& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  v1::ListSigningKeysResponse list;
  for (v1::SigningKey& key : page.items) *list.add_signing_keys() = std::move(key);
  if (!page.next.empty()) list.set_next_page_token(api::MakePageToken(request, page.next));
  return list;
}

absl::StatusOr<v1::SigningKey> SigningKeysService::Rotate(const CallContext& call) {
  auto rotated =
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SigningKey> {
        Standings standings = TendSigningKeys(tx, issuer_.schedule());
        const domain::SigningKeyTimes next = NextOf(standings)->key;
        const absl::Time earliest = domain::EarliestSignTime(next, issuer_.schedule(), call.time());
        if (earliest < next.sign_time) SigningKeyStore(tx).SetSignTime(next.id, earliest);
        RecordKey(tx, next.id, "signingKey.rotated");
        standings = TendSigningKeys(tx, issuer_.schedule());
        return ToMessage(*Find(standings, next.id), issuer_.schedule());
      });
  issuer_.Forget();
  return rotated;
}

absl::StatusOr<v1::SigningKey> SigningKeysService::Withdraw(const CallContext& call,
                                                            const std::string& id) {
  auto withdrawn =
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SigningKey> {
        Standings standings = TendSigningKeys(tx, issuer_.schedule());
        const auto found = Find(standings, id);
        if (found == standings.end()) return errors::ResourceNotFound(kSigningKeyName.Format({id}));
        if (found->use != domain::KeyUse::kWithdrawn) {
          SigningKeyStore store(tx);
          store.Withdraw(id, call.time());
          if (found->use == domain::KeyUse::kSigning)
            store.SetSignTime(NextOf(standings)->key.id, call.time());
          AccessVersionStore(tx).Revoke({auth::SigningKeyKey(id)},
                                        call.time() + kWithdrawnKeyKnown);
          RecordKey(tx, id, "signingKey.withdrawn");
          standings = TendSigningKeys(tx, issuer_.schedule());
        }
        return ToMessage(*Find(standings, id), issuer_.schedule());
      });
  issuer_.Forget();
  RETURN_IF_ERROR(withdrawn.status());
  RETURN_IF_ERROR(barrier_.Await(call));
  return withdrawn;
}

grpc::ServerUnaryReactor* SigningKeysService::ListSigningKeys(
    grpc::CallbackServerContext* context,
    const v1::ListSigningKeysRequest* request,
    v1::ListSigningKeysResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListSigningKeysResponse> {
        RETURN_IF_ERROR(call.Authorize(AgencyObject(kEveryAgency, "signingKeys")));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListSigningKeysResponse> {
              return PageOf(ReadSigningKeys(tx, issuer_.schedule()), query, *request);
            });
      });
}

grpc::ServerUnaryReactor* SigningKeysService::RotateSigningKey(
    grpc::CallbackServerContext* context,
    const v1::RotateSigningKeyRequest* request,
    v1::SigningKey* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this](const CallContext& call) -> absl::StatusOr<v1::SigningKey> {
        RETURN_IF_ERROR(call.Authorize(AgencyObject(kEveryAgency, "signingKeys")));
        return Rotate(call);
      });
}

grpc::ServerUnaryReactor* SigningKeysService::WithdrawSigningKey(
    grpc::CallbackServerContext* context,
    const v1::WithdrawSigningKeyRequest* request,
    v1::SigningKey* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SigningKey> {
        RETURN_IF_ERROR(call.Authorize(AgencyObject(kEveryAgency, request->name())));
        ASSIGN_OR_RETURN(const auto ids, kSigningKeyName.Parse(request->name(), "name"));
        return Withdraw(call, ids[0]);
      });
}

}  // namespace teraju::identity
