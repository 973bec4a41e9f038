// Accounts, activation codes and sessions as rows. Bound to the transaction it is given.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "common/api/strong_id.h"
#include "common/postgres/transaction.h"
#include "services/identity/store/page.h"
#include "teraju/identity/v1/access.pb.h"

namespace teraju::identity {

// Who signs in. The agency is empty for operators of the installation.
struct Account {
  AgencyId agency;
  std::string subject;
  std::string password_hash;  // empty: none has been set
};

struct SessionRow {
  AgencyId agency;
  std::string subject;
  std::string session;
};

class AccountStore {
 public:
  explicit AccountStore(postgres::Transaction& tx) : tx_(tx) {}

  // A person of an agency by NIP or e-mail, an operator by the account's name. Nothing when nobody,
  // or more than one, matches.
  std::optional<Account> FindByLogin(const AgencyId& agency, const std::string& login) const;
  void SetPassword(const AgencyId& agency, const std::string& subject, const std::string& hash);
  bool HasOperator() const;
  // An operator's account, unless there is one of this name. Whether it was made.
  bool InsertOperator(const std::string& name, const std::string& password_hash);

  // One code per subject; it takes the place of an earlier one. `hashes` are SHA-256, in the order
  // of `subjects`.
  void IssueCodes(const AgencyId& agency,
                  const std::vector<std::string>& subjects,
                  const std::vector<std::string>& hashes,
                  absl::Time expire_time);
  // Whose code this is, which then no longer exists. Nothing for an unknown code or one past its
  // time.
  std::optional<Account> TakeCode(const std::string& hash, absl::Time now);

  // False, and nothing, where the account has ended or its password is no longer the one of
  // `password_hash` (where that is given).
  bool StartSession(const SessionRow& session,
                    const std::string& token_hash,
                    absl::Time expire_time,
                    const std::optional<std::string>& password_hash = std::nullopt);
  void EndSession(const AgencyId& agency, const std::string& session);
  // Whose it is or was.
  std::optional<std::string> SubjectOfSession(const AgencyId& agency,
                                              const std::string& session) const;
  // The newest first; of everybody where `subject` is empty.
  Page<v1::OpenSession> ListOpenSessions(const AgencyId& agency,
                                         const std::string& subject,
                                         absl::Time now,
                                         const PageQuery& query) const;
  // No sign-in until a new code is issued; passwords and codes are forgotten. The sessions that
  // ended with them.
  std::vector<std::string> EndAccounts(const AgencyId& agency,
                                       const std::vector<std::string>& subjects);

  // Ends all of the subject but `kept`; the ids of those that ended.
  std::vector<std::string> EndOtherSessions(const AgencyId& agency,
                                            const std::string& subject,
                                            const std::string& kept);
  std::optional<Account> FindBySubject(const AgencyId& agency, const std::string& subject) const;
  // The session that a refresh token, used or not, belonged to, if it was the subject's.
  std::optional<std::string> SessionOfToken(const AgencyId& agency,
                                            const std::string& subject,
                                            const std::string& hash) const;
  // Sign-ins that failed under a key, locked until the end of the transaction, also the first.
  struct Failures {
    int count = 0;
    absl::Time blocked_until = absl::InfinitePast();
  };
  Failures FailuresOf(const AgencyId& agency, const std::string& key);
  void SetFailures(const AgencyId& agency, const std::string& key, const Failures& failures);
  void ForgetFailures(const AgencyId& agency, const std::string& key);

  enum class Refresh { kDone, kUnknown, kReused };
  // Puts `next_hash` in the place of `hash`. A token that was used before ends its session.
  Refresh RefreshSession(const std::string& hash,
                         const std::string& next_hash,
                         absl::Time now,
                         SessionRow& session);

 private:
  postgres::Transaction& tx_;
};

}  // namespace teraju::identity
