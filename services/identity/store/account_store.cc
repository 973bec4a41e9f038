#include "services/identity/store/account_store.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kByLogin{"account_by_login",
                             "SELECT a.agency_id, a.subject, a.password_hash FROM accounts a WHERE "
                             "a.agency_id = $1 AND a.login = $2 "
                             "UNION ALL "
                             "SELECT a.agency_id, a.subject, a.password_hash FROM employees e JOIN "
                             "accounts a ON a.agency_id = e.agency_id "
                             "AND a.subject = 'employees/' || e.employee_id WHERE e.agency_id = $1 "
                             "AND e.delete_time IS NULL "
                             "AND (e.nip = $2 OR lower(e.email) = lower($2)) LIMIT 2"};
constexpr Statement kSetPassword{"account_set_password",
                                 "UPDATE accounts SET password_hash = $3, update_time = now() "
                                 "WHERE agency_id = $1 AND subject = $2"};
constexpr Statement kHasOperator{"account_has_operator",
                                 "SELECT 1 FROM accounts WHERE agency_id = '' LIMIT 1"};
constexpr Statement kInsertOperator{
    "account_insert_operator",
    "INSERT INTO accounts (agency_id, subject, login, password_hash) "
    "VALUES ('', 'accounts/' || $1::text, $1, $2) ON CONFLICT DO NOTHING RETURNING 1"};
constexpr Statement kIssueCodes{
    "activation_code_issue",
    "INSERT INTO activation_codes (agency_id, subject, code_hash, expire_time) "
    "SELECT $1, c.subject, decode(c.hash, 'hex'), $4 FROM unnest($2::text[], $3::text[]) AS c "
    "(subject, hash) "
    "ON CONFLICT (agency_id, subject) DO UPDATE SET code_hash = excluded.code_hash, expire_time = "
    "excluded.expire_time, "
    "create_time = now()"};
constexpr Statement kTakeCode{
    "activation_code_take",
    "WITH taken AS (DELETE FROM activation_codes WHERE code_hash = $1 AND expire_time > $2 "
    "RETURNING agency_id, subject) "
    "SELECT a.agency_id, a.subject, a.password_hash FROM taken t JOIN accounts a "
    "ON a.agency_id = t.agency_id AND a.subject = t.subject"};
constexpr Statement kInsertSession{"session_insert",
                                   "WITH session AS (INSERT INTO sessions (agency_id, session_id, "
                                   "subject, expire_time) VALUES ($1, $2, $3, $5) "
                                   "RETURNING agency_id, session_id) "
                                   "INSERT INTO refresh_tokens (agency_id, token_hash, session_id) "
                                   "SELECT agency_id, $4, session_id FROM session"};
constexpr Statement kSelectToken{
    "session_select_token",
    "SELECT s.agency_id, s.subject, s.session_id, t.use_time IS NOT NULL AS used, "
    "s.end_time IS NULL AND s.expire_time > $2 AS alive FROM refresh_tokens t JOIN sessions s "
    "ON s.agency_id = t.agency_id AND s.session_id = t.session_id WHERE t.token_hash = $1 FOR "
    "UPDATE"};
constexpr Statement kRotateToken{"session_rotate_token",
                                 "WITH used AS (UPDATE refresh_tokens SET use_time = now() WHERE "
                                 "token_hash = $1 RETURNING agency_id, session_id) "
                                 "INSERT INTO refresh_tokens (agency_id, token_hash, session_id) "
                                 "SELECT agency_id, $2, session_id FROM used"};
constexpr Statement kEndSession{"session_end",
                                "UPDATE sessions SET end_time = now() WHERE agency_id = $1 AND "
                                "session_id = $2 AND end_time IS NULL"};

Account ToAccount(const pqxx::row& row) {
  return {AgencyId(row[0].c_str()), row[1].c_str(), postgres::EmptyIfNull(row[2])};
}

std::string Hex(const std::string& bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (const char c : bytes) {
    hex.push_back(kDigits[static_cast<unsigned char>(c) >> 4]);
    hex.push_back(kDigits[static_cast<unsigned char>(c) & 15]);
  }
  return hex;
}

}  // namespace

std::optional<Account> AccountStore::FindByLogin(const AgencyId& agency,
                                                 const std::string& login) const {
  const pqxx::result rows = tx_.Exec(kByLogin, agency.value(), login);
  if (rows.size() != 1) return std::nullopt;
  return ToAccount(rows[0]);
}

void AccountStore::SetPassword(const AgencyId& agency,
                               const std::string& subject,
                               const std::string& hash) {
  tx_.Exec(kSetPassword, agency.value(), subject, hash);
}

bool AccountStore::HasOperator() const { return !tx_.Exec(kHasOperator).empty(); }

bool AccountStore::InsertOperator(const std::string& name, const std::string& password_hash) {
  return !tx_.Exec(kInsertOperator, name, password_hash).empty();
}

void AccountStore::IssueCodes(const AgencyId& agency,
                              const std::vector<std::string>& subjects,
                              const std::vector<std::string>& hashes,
                              absl::Time expire_time) {
  std::vector<std::string> hex;
  for (const std::string& hash : hashes) hex.push_back(Hex(hash));
  tx_.Exec(kIssueCodes,
           agency.value(),
           postgres::ToArray(subjects),
           postgres::ToArray(hex),
           postgres::ToText(expire_time));
}

std::optional<Account> AccountStore::TakeCode(const std::string& hash, absl::Time now) {
  const pqxx::result rows = tx_.Exec(kTakeCode, postgres::ToBytes(hash), postgres::ToText(now));
  if (rows.empty()) return std::nullopt;
  return ToAccount(rows[0]);
}

void AccountStore::StartSession(const SessionRow& session,
                                const std::string& token_hash,
                                absl::Time expire_time) {
  tx_.Exec(kInsertSession,
           session.agency.value(),
           session.session,
           session.subject,
           postgres::ToBytes(token_hash),
           postgres::ToText(expire_time));
}

AccountStore::Refresh AccountStore::RefreshSession(const std::string& hash,
                                                   const std::string& next_hash,
                                                   absl::Time now,
                                                   SessionRow& session) {
  const pqxx::result rows = tx_.Exec(kSelectToken, postgres::ToBytes(hash), postgres::ToText(now));
  if (rows.empty() || !rows[0]["alive"].as<bool>()) return Refresh::kUnknown;
  session = {AgencyId(rows[0]["agency_id"].c_str()),
             rows[0]["subject"].c_str(),
             rows[0]["session_id"].c_str()};
  if (rows[0]["used"].as<bool>()) {
    tx_.Exec(kEndSession, session.agency.value(), session.session);
    return Refresh::kReused;
  }
  tx_.Exec(kRotateToken, postgres::ToBytes(hash), postgres::ToBytes(next_hash));
  return Refresh::kDone;
}

}  // namespace teraju::identity
