#include "services/identity/store/api_client_store.h"

#include "common/errors/error.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

constexpr Statement kInsert{
    "api_client_insert",
    "INSERT INTO api_clients (agency_id, client_id, display_name, scopes) "
    "SELECT $1, $2, $3, $4::text[] FROM agencies WHERE agency_id = $1 RETURNING *"};
constexpr Statement kInsertSecret{
    "api_client_secret_insert",
    "INSERT INTO api_client_secrets (agency_id, secret_id, client_id, secret_hash, create_time, "
    "expire_time) VALUES ($1, $2, $3, $4, $5, $6)"};
constexpr Statement kLock{"api_client_select_for_update",
                          "SELECT * FROM api_clients WHERE agency_id = $1 AND client_id = $2 "
                          "AND delete_time IS NULL FOR UPDATE"};
constexpr Statement kSelectSecrets{
    "api_client_secret_list",
    "SELECT client_id, secret_id, create_time, expire_time FROM api_client_secrets "
    "WHERE agency_id = $1 AND client_id = ANY ($2::uuid[]) AND expire_time > $3 "
    "ORDER BY client_id, create_time DESC"};
constexpr Statement kDeleteSecret{
    "api_client_secret_delete",
    "DELETE FROM api_client_secrets WHERE agency_id = $1 AND secret_id = $2"};
constexpr Statement kShortenSecret{
    "api_client_secret_shorten",
    "UPDATE api_client_secrets SET expire_time = least(expire_time, $3) WHERE agency_id = $1 AND "
    "secret_id = $2"};
constexpr Statement kList{"api_client_list",
                          "SELECT * FROM api_clients WHERE agency_id = $1 AND client_id > $2 "
                          "ORDER BY client_id LIMIT $3"};
constexpr Statement kDelete{
    "api_client_delete",
    "UPDATE api_clients SET delete_time = now() WHERE agency_id = $1 AND client_id = $2 "
    "AND delete_time IS NULL RETURNING 1"};
constexpr Statement kExists{
    "api_client_exists",
    "SELECT 1 FROM api_clients WHERE agency_id = $1 AND client_id = $2 AND delete_time IS NULL"};
constexpr Statement kAuthenticate{
    "api_client_authenticate",
    "SELECT c.agency_id, s.secret_id, c.scopes FROM api_client_secrets s JOIN api_clients c "
    "ON c.agency_id = s.agency_id AND c.client_id = s.client_id "
    "WHERE s.client_id = $1 AND s.secret_hash = $2 AND s.expire_time > $3 AND c.delete_time IS "
    "NULL"};

v1::ApiClient ToClient(const pqxx::row& row) {
  v1::ApiClient client;
  client.set_name(kApiClientName.Format({row["agency_id"].c_str(), row["client_id"].c_str()}));
  client.set_display_name(row["display_name"].c_str());
  for (std::string& scope : postgres::ToStrings(row["scopes"])) client.add_scopes(std::move(scope));
  *client.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  if (!row["delete_time"].is_null())
    *client.mutable_delete_time() = postgres::ToTimestamp(row["delete_time"]);
  return client;
}

}  // namespace

absl::StatusOr<v1::ApiClient> ApiClientStore::Insert(const AgencyId& agency,
                                                     const std::string& id,
                                                     const v1::ApiClient& client,
                                                     const ClientSecretRow& secret) {
  const std::vector<std::string> scopes(client.scopes().begin(), client.scopes().end());
  const pqxx::result rows =
      tx_.Exec(kInsert, agency.value(), id, client.display_name(), postgres::ToArray(scopes));
  if (rows.empty()) return errors::ResourceNotFound(kAgencyName.Format({agency.value()}));
  tx_.Exec(kInsertSecret,
           agency.value(),
           secret.id,
           id,
           postgres::ToBytes(secret.hash),
           postgres::ToText(secret.create_time),
           postgres::ToText(secret.expire_time));
  std::vector<v1::ApiClient> made = {ToClient(rows[0])};
  AddSecrets(agency, secret.create_time, made);
  return made[0];
}

absl::StatusOr<v1::ApiClient> ApiClientStore::RotateSecret(const AgencyId& agency,
                                                           const std::string& id,
                                                           const ClientSecretRow& secret,
                                                           absl::Time overlap_end,
                                                           std::vector<std::string>& ended) {
  const pqxx::result rows = IsUuid(id) ? tx_.Exec(kLock, agency.value(), id) : pqxx::result();
  if (rows.empty()) return errors::ResourceNotFound(kApiClientName.Format({agency.value(), id}));
  bool newest = true;
  for (const pqxx::row& row : tx_.Exec(kSelectSecrets,
                                       agency.value(),
                                       postgres::ToArray(std::vector<std::string>{id}),
                                       postgres::ToText(secret.create_time))) {
    const std::string other = row["secret_id"].c_str();
    if (newest && overlap_end > secret.create_time) {
      tx_.Exec(kShortenSecret, agency.value(), other, postgres::ToText(overlap_end));
    } else {
      tx_.Exec(kDeleteSecret, agency.value(), other);
      ended.push_back(other);
    }
    newest = false;
  }
  tx_.Exec(kInsertSecret,
           agency.value(),
           secret.id,
           id,
           postgres::ToBytes(secret.hash),
           postgres::ToText(secret.create_time),
           postgres::ToText(secret.expire_time));
  std::vector<v1::ApiClient> rotated = {ToClient(rows[0])};
  AddSecrets(agency, secret.create_time, rotated);
  return rotated[0];
}

void ApiClientStore::AddSecrets(const AgencyId& agency,
                                absl::Time now,
                                std::vector<v1::ApiClient>& clients) const {
  std::vector<std::string> ids;
  for (const v1::ApiClient& client : clients) ids.push_back(LastSegment(client.name()));
  for (const pqxx::row& row :
       tx_.Exec(kSelectSecrets, agency.value(), postgres::ToArray(ids), postgres::ToText(now))) {
    for (v1::ApiClient& client : clients) {
      if (LastSegment(client.name()) != row["client_id"].c_str()) continue;
      v1::ClientSecret& secret = *client.add_secrets();
      *secret.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
      *secret.mutable_expire_time() = postgres::ToTimestamp(row["expire_time"]);
    }
  }
}

Page<v1::ApiClient> ApiClientStore::List(const AgencyId& agency,
                                         absl::Time now,
                                         const PageQuery& query) const {
  Page<v1::ApiClient> page;
  const std::string after = query.after.empty() ? std::string(kFirstId) : query.after[0];
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after, query.size + 1)) {
    page.items.push_back(ToClient(row));
  }
  EndPage(page, query.size, [](const v1::ApiClient& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  AddSecrets(agency, now, page.items);
  return page;
}

absl::Status ApiClientStore::Delete(const AgencyId& agency, const std::string& id) {
  if (IsUuid(id) && !tx_.Exec(kDelete, agency.value(), id).empty()) return absl::OkStatus();
  return errors::ResourceNotFound(kApiClientName.Format({agency.value(), id}));
}

bool ApiClientStore::Exists(const AgencyId& agency, const std::string& id) const {
  return IsUuid(id) && !tx_.Exec(kExists, agency.value(), id).empty();
}

std::optional<AuthenticatedClient> ApiClientStore::Authenticate(const std::string& id,
                                                                const std::string& secret_hash,
                                                                absl::Time now) const {
  if (!IsUuid(id)) return std::nullopt;
  const pqxx::result rows =
      tx_.Exec(kAuthenticate, id, postgres::ToBytes(secret_hash), postgres::ToText(now));
  if (rows.empty()) return std::nullopt;
  return AuthenticatedClient{.agency = AgencyId(rows[0][0].c_str()),
                             .secret = rows[0][1].c_str(),
                             .scopes = postgres::ToStrings(rows[0][2])};
}

}  // namespace teraju::identity
