#include "services/identity/store/access_store.h"

#include "common/errors/error.h"
#include "common/postgres/lock_name.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";
constexpr std::string_view kInstallation =
    "-";  // stands for the agency in names of the installation's own bindings

constexpr Statement kInsertBinding{"role_binding_insert",
                                   "INSERT INTO role_bindings (agency_id, role_binding_id, "
                                   "subject, role, unit_id) VALUES ($1, $2, $3, $4, $5) "
                                   "ON CONFLICT DO NOTHING RETURNING *"};
constexpr Statement kFindBinding{
    "role_binding_find",
    "SELECT * FROM role_bindings WHERE agency_id = $1 AND subject = $2 AND role = $3 "
    "AND unit_id = $4"};
constexpr Statement kDeleteBinding{
    "role_binding_delete",
    "DELETE FROM role_bindings WHERE agency_id = $1 AND role_binding_id = $2 RETURNING *"};
constexpr Statement kListBindings{"role_binding_list",
                                  "SELECT * FROM role_bindings WHERE (agency_id = $1 OR $2) "
                                  "AND (agency_id, role_binding_id) > ($3, $4::uuid) "
                                  "ORDER BY agency_id, role_binding_id LIMIT $5"};
constexpr Statement kListKeys{
    "signing_key_list",
    "SELECT key_id, private_key_pem, create_time, sign_time, withdraw_time FROM signing_keys "
    "ORDER BY sign_time, key_id"};
constexpr Statement kInsertKey{
    "signing_key_insert",
    "INSERT INTO signing_keys (key_id, private_key_pem, create_time, sign_time) "
    "VALUES ($1, $2, $3, $4)"};
constexpr Statement kMoveKey{"signing_key_set_sign_time",
                             "UPDATE signing_keys SET sign_time = $2 WHERE key_id = $1"};
constexpr Statement kWithdrawKey{"signing_key_withdraw",
                                 "UPDATE signing_keys SET withdraw_time = $2 WHERE key_id = $1"};
constexpr Statement kDeleteKey{"signing_key_delete", "DELETE FROM signing_keys WHERE key_id = $1"};

v1::RoleBinding ToBinding(const pqxx::row& row) {
  v1::RoleBinding binding;
  const std::string agency = row["agency_id"].c_str();
  binding.set_name(kRoleBindingName.Format(
      {agency.empty() ? kInstallation : std::string_view(agency), row["role_binding_id"].c_str()}));
  binding.set_subject(row["subject"].c_str());
  binding.set_role(row["role"].c_str());
  const std::string unit = row["unit_id"].c_str();
  if (!unit.empty()) binding.set_unit(kUnitName.Format({agency, unit}));
  *binding.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  return binding;
}

}  // namespace

absl::StatusOr<v1::RoleBinding> RoleBindingStore::Insert(const AgencyId& agency,
                                                         const std::string& id,
                                                         const v1::RoleBinding& binding) {
  const std::string unit = LastSegment(binding.unit());
  const pqxx::result rows =
      tx_.Exec(kInsertBinding, agency.value(), id, binding.subject(), binding.role(), unit);
  if (!rows.empty()) return ToBinding(rows[0]);
  const pqxx::result same =
      tx_.Exec(kFindBinding, agency.value(), binding.subject(), binding.role(), unit);
  return errors::ResourceExists(same.empty() ? binding.name() : ToBinding(same[0]).name());
}

absl::StatusOr<v1::RoleBinding> RoleBindingStore::Delete(const AgencyId& agency,
                                                         const std::string& id) {
  const std::string name = kRoleBindingName.Format({agency.value(), id});
  if (!IsUuid(id)) return errors::ResourceNotFound(name);
  const pqxx::result rows = tx_.Exec(kDeleteBinding, agency.value(), id);
  if (rows.empty()) return errors::ResourceNotFound(name);
  return ToBinding(rows[0]);
}

Page<v1::RoleBinding> RoleBindingStore::List(const std::optional<AgencyId>& agency,
                                             const PageQuery& query) const {
  Page<v1::RoleBinding> page;
  const bool all = !agency.has_value();
  const std::string after_agency = query.after.empty() ? "" : query.after[0];
  const std::string after_id = query.after.empty() ? std::string(kFirstId) : query.after[1];
  std::vector<std::vector<std::string>> keys;
  for (const pqxx::row& row : tx_.Exec(kListBindings,
                                       all ? std::string() : agency->value(),
                                       all,
                                       after_agency,
                                       after_id,
                                       query.size + 1)) {
    page.items.push_back(ToBinding(row));
    keys.push_back({row["agency_id"].c_str(), row["role_binding_id"].c_str()});
  }
  EndPage(page, query.size, [&](const v1::RoleBinding&) { return keys[query.size - 1]; });
  return page;
}

std::vector<SigningKeyRow> SigningKeyStore::List() const {
  std::vector<SigningKeyRow> keys;
  for (const pqxx::row& row : tx_.Exec(kListKeys)) {
    SigningKeyRow key{.times = {.id = row["key_id"].c_str(),
                                .create_time = postgres::ToTime(row["create_time"]),
                                .sign_time = postgres::ToTime(row["sign_time"]),
                                .withdraw_time = std::nullopt},
                      .pem = logging::Secret(std::string(row["private_key_pem"].c_str()))};
    if (!row["withdraw_time"].is_null())
      key.times.withdraw_time = postgres::ToTime(row["withdraw_time"]);
    keys.push_back(std::move(key));
  }
  return keys;
}

void SigningKeyStore::Lock() { postgres::LockName(tx_, "signingKeys"); }

void SigningKeyStore::Insert(const SigningKeyRow& key) {
  tx_.Exec(kInsertKey,
           key.times.id,
           key.pem.Reveal(),
           postgres::ToText(key.times.create_time),
           postgres::ToText(key.times.sign_time));
}

void SigningKeyStore::SetSignTime(const std::string& id, absl::Time sign_time) {
  tx_.Exec(kMoveKey, id, postgres::ToText(sign_time));
}

void SigningKeyStore::Withdraw(const std::string& id, absl::Time now) {
  tx_.Exec(kWithdrawKey, id, postgres::ToText(now));
}

void SigningKeyStore::Delete(const std::string& id) { tx_.Exec(kDeleteKey, id); }

}  // namespace teraju::identity
