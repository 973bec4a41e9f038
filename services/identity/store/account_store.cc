#include "services/identity/store/account_store.h"

#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr Statement kByLogin{"account_by_login",
                             "SELECT a.agency_id, a.subject, a.password_hash FROM accounts a WHERE "
                             "a.agency_id = $1 AND a.login = $2 AND a.end_time IS NULL "
                             "UNION ALL "
                             "SELECT a.agency_id, a.subject, a.password_hash FROM employees e JOIN "
                             "accounts a ON a.agency_id = e.agency_id "
                             "AND a.subject = 'employees/' || e.employee_id WHERE e.agency_id = $1 "
                             "AND e.delete_time IS NULL AND a.end_time IS NULL "
                             "AND (e.nip = $2 OR lower(e.email) = lower($2)) LIMIT 2"};
constexpr Statement kSetPassword{"account_set_password",
                                 "UPDATE accounts SET password_hash = $3, update_time = now() "
                                 "WHERE agency_id = $1 AND subject = $2 AND end_time IS NULL"};
constexpr Statement kHasOperator{"account_has_operator",
                                 "SELECT 1 FROM accounts WHERE agency_id = '' LIMIT 1"};
constexpr Statement kInsertOperator{
    "account_insert_operator",
    "INSERT INTO accounts (agency_id, subject, login, password_hash) "
    "VALUES ('', 'accounts/' || $1::text, $1, $2) ON CONFLICT DO NOTHING RETURNING 1"};
constexpr Statement kIssueCodes{
    "activation_code_issue",
    "WITH revived AS (UPDATE accounts SET end_time = NULL WHERE agency_id = $1 "
    "AND subject = ANY ($2::text[]) AND end_time IS NOT NULL) "
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
// Whoever ends the account or changes its password at the same time waits for this, and ends the
// session then; or this waits, and finds nothing to start.
constexpr Statement kInsertSession{
    "session_insert",
    "WITH account AS (SELECT agency_id, subject FROM accounts WHERE agency_id = $1 "
    "AND subject = $3 AND end_time IS NULL "
    "AND ($6::text IS NULL OR coalesce(password_hash, '') = $6) FOR SHARE), "
    "session AS (INSERT INTO sessions (agency_id, session_id, subject, expire_time) "
    "SELECT agency_id, $2, subject, $5 FROM account RETURNING agency_id, session_id) "
    "INSERT INTO refresh_tokens (agency_id, token_hash, session_id) "
    "SELECT agency_id, $4, session_id FROM session RETURNING 1"};
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
constexpr Statement kFindSession{
    "session_subject", "SELECT subject FROM sessions WHERE agency_id = $1 AND session_id = $2"};
constexpr Statement kOpenSessions{
    "session_list_open",
    "SELECT session_id, subject, create_time, expire_time FROM sessions WHERE agency_id = $1 "
    "AND end_time IS NULL AND expire_time > $2 AND ($3::text IS NULL OR subject = $3) "
    "AND session_id < $4::uuid ORDER BY session_id DESC LIMIT $5"};
constexpr Statement kDeleteCodes{
    "activation_code_delete",
    "DELETE FROM activation_codes WHERE agency_id = $1 AND subject = ANY ($2::text[])"};
constexpr Statement kEndAccounts{"account_end",
                                 "UPDATE accounts SET end_time = now(), password_hash = NULL "
                                 "WHERE agency_id = $1 AND subject = ANY ($2::text[])"};
constexpr Statement kEndSessionsOf{
    "session_end_of_accounts",
    "UPDATE sessions SET end_time = now() WHERE agency_id = $1 AND subject = ANY ($2::text[]) "
    "AND end_time IS NULL RETURNING session_id"};
constexpr Statement kEndOthers{
    "session_end_others",
    "UPDATE sessions SET end_time = now() WHERE agency_id = $1 AND subject = $2 "
    "AND session_id::text <> $3 AND end_time IS NULL RETURNING session_id"};
constexpr Statement kBySubject{
    "account_by_subject",
    "SELECT agency_id, subject, password_hash FROM accounts WHERE agency_id = $1 AND subject = $2 "
    "AND end_time IS NULL"};
constexpr Statement kSessionOfToken{
    "session_of_token",
    "SELECT s.session_id FROM refresh_tokens t JOIN sessions s ON s.agency_id = t.agency_id "
    "AND s.session_id = t.session_id WHERE t.token_hash = $3 AND s.agency_id = $1 AND s.subject = "
    "$2"};
// The first failure makes the row, so that there is something to lock.
constexpr Statement kFailures{
    "sign_in_failure_lock",
    "INSERT INTO sign_in_failures (agency_id, key, failures, blocked_until) VALUES ($1, $2, 0, $3) "
    "ON CONFLICT (agency_id, key) DO UPDATE SET failures = sign_in_failures.failures "
    "RETURNING failures, blocked_until"};
constexpr Statement kSetFailures{
    "sign_in_failure_upsert",
    "WITH gone AS (DELETE FROM sign_in_failures WHERE blocked_until < $4::timestamptz - interval "
    "'1 day') "
    "INSERT INTO sign_in_failures (agency_id, key, failures, blocked_until) VALUES ($1, $2, $3, "
    "$4) "
    "ON CONFLICT (agency_id, key) DO UPDATE SET failures = excluded.failures, blocked_until = "
    "excluded.blocked_until"};
constexpr Statement kForgetFailures{
    "sign_in_failure_delete", "DELETE FROM sign_in_failures WHERE agency_id = $1 AND key = $2"};
// The newest session sorts first.
constexpr std::string_view kBehindTheLast = "ffffffff-ffff-ffff-ffff-ffffffffffff";

v1::OpenSession ToOpenSession(const AgencyId& agency, const pqxx::row& row) {
  v1::OpenSession session;
  session.set_name(kSessionName.Format({agency.value(), row["session_id"].c_str()}));
  session.set_subject(row["subject"].c_str());
  *session.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *session.mutable_expire_time() = postgres::ToTimestamp(row["expire_time"]);
  return session;
}

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

bool AccountStore::StartSession(const SessionRow& session,
                                const std::string& token_hash,
                                absl::Time expire_time,
                                const std::optional<std::string>& password_hash) {
  return !tx_.Exec(kInsertSession,
                   session.agency.value(),
                   session.session,
                   session.subject,
                   postgres::ToBytes(token_hash),
                   postgres::ToText(expire_time),
                   password_hash)
              .empty();
}

void AccountStore::EndSession(const AgencyId& agency, const std::string& session) {
  tx_.Exec(kEndSession, agency.value(), session);
}

std::optional<std::string> AccountStore::SubjectOfSession(const AgencyId& agency,
                                                          const std::string& session) const {
  if (!IsUuid(session)) return std::nullopt;
  const pqxx::result rows = tx_.Exec(kFindSession, agency.value(), session);
  if (rows.empty()) return std::nullopt;
  return rows[0][0].c_str();
}

Page<v1::OpenSession> AccountStore::ListOpenSessions(const AgencyId& agency,
                                                     const std::string& subject,
                                                     absl::Time now,
                                                     const PageQuery& query) const {
  Page<v1::OpenSession> page;
  for (const pqxx::row& row :
       tx_.Exec(kOpenSessions,
                agency.value(),
                postgres::ToText(now),
                postgres::NullIfEmpty(subject),
                query.after.empty() ? std::string(kBehindTheLast) : query.after[0],
                query.size + 1)) {
    page.items.push_back(ToOpenSession(agency, row));
  }
  EndPage(page, query.size, [](const v1::OpenSession& last) -> std::vector<std::string> {
    return {LastSegment(last.name())};
  });
  return page;
}

std::vector<std::string> AccountStore::EndOtherSessions(const AgencyId& agency,
                                                        const std::string& subject,
                                                        const std::string& kept) {
  std::vector<std::string> sessions;
  for (const pqxx::row& row : tx_.Exec(kEndOthers, agency.value(), subject, kept))
    sessions.emplace_back(row[0].c_str());
  return sessions;
}

std::optional<Account> AccountStore::FindBySubject(const AgencyId& agency,
                                                   const std::string& subject) const {
  const pqxx::result rows = tx_.Exec(kBySubject, agency.value(), subject);
  if (rows.empty()) return std::nullopt;
  return ToAccount(rows[0]);
}

std::optional<std::string> AccountStore::SessionOfToken(const AgencyId& agency,
                                                        const std::string& subject,
                                                        const std::string& hash) const {
  const pqxx::result rows =
      tx_.Exec(kSessionOfToken, agency.value(), subject, postgres::ToBytes(hash));
  if (rows.empty()) return std::nullopt;
  return rows[0][0].c_str();
}

AccountStore::Failures AccountStore::FailuresOf(const AgencyId& agency, const std::string& key) {
  const pqxx::result rows = tx_.Exec(
      kFailures, agency.value(), postgres::ToBytes(key), postgres::ToText(tx_.call().time()));
  return {.count = rows[0][0].as<int>(), .blocked_until = postgres::ToTime(rows[0][1])};
}

void AccountStore::SetFailures(const AgencyId& agency,
                               const std::string& key,
                               const Failures& failures) {
  tx_.Exec(kSetFailures,
           agency.value(),
           postgres::ToBytes(key),
           failures.count,
           postgres::ToText(failures.blocked_until));
}

void AccountStore::ForgetFailures(const AgencyId& agency, const std::string& key) {
  tx_.Exec(kForgetFailures, agency.value(), postgres::ToBytes(key));
}

std::vector<std::string> AccountStore::EndAccounts(const AgencyId& agency,
                                                   const std::vector<std::string>& subjects) {
  const std::string array = postgres::ToArray(subjects);
  tx_.Exec(kDeleteCodes, agency.value(), array);
  tx_.Exec(kEndAccounts, agency.value(), array);
  // A statement of its own: it sees the sessions that began while the account was waited for.
  std::vector<std::string> sessions;
  for (const pqxx::row& row : tx_.Exec(kEndSessionsOf, agency.value(), array))
    sessions.emplace_back(row[0].c_str());
  return sessions;
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
