#include "services/identity/api/bootstrap.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <fstream>
#include <sstream>

#include "common/auth/encoding.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/credentials.h"
#include "services/identity/domain/text.h"
#include "services/identity/store/access_store.h"
#include "services/identity/store/access_version_store.h"
#include "services/identity/store/account_store.h"

namespace teraju::identity {
namespace {

constexpr char kOperator[] = "operator";

absl::Status WriteOnce(const std::string& path, const std::string& text) {
  const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, S_IRUSR | S_IWUSR);
  if (file < 0) return absl::UnavailableError(fmt::format("{} cannot be created", path));
  const bool written =
      ::write(file, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
      ::fsync(file) == 0;
  ::close(file);
  return written ? absl::OkStatus()
                 : absl::UnavailableError(fmt::format("{} cannot be written", path));
}

}  // namespace

absl::StatusOr<ServiceSecrets> ReadServiceSecrets(const std::string& path) {
  ServiceSecrets secrets;
  if (path.empty()) return secrets;
  std::ifstream file(path);
  if (!file) return absl::InvalidArgumentError(fmt::format("{} cannot be read", path));
  std::string line;
  for (int number = 1; std::getline(file, line); ++number) {
    const std::string_view text = domain::Trim(line);
    if (text.empty() || text.starts_with('#')) continue;
    const std::size_t equals = text.find('=');
    const std::string_view secret = equals == std::string_view::npos ? "" : text.substr(equals + 1);
    if (equals == 0 || secret.empty()) {
      return absl::InvalidArgumentError(
          fmt::format("{}, line {}: expected name=secret", path, number));
    }
    secrets[std::string(text.substr(0, equals))] = auth::Sha256(secret);
  }
  return secrets;
}

absl::StatusOr<Bootstrap::Login> Bootstrap::ReadOrWrite() const {
  std::ifstream file(path_);
  Login login;
  if (file >> login.name >> login.password) return login;
  login = {kOperator, NewSecret()};
  RETURN_IF_ERROR(WriteOnce(path_, fmt::format("{} {}\n", login.name, login.password)));
  logger_.Info("operator's account written", {{"file", path_}});
  return login;
}

absl::Status Bootstrap::Ensure(postgres::Database& database, const CallContext& call) {
  absl::MutexLock lock(&mutex_);
  if (done_ || path_.empty()) return absl::OkStatus();
  ASSIGN_OR_RETURN(const bool exists,
                   database.Read(call, [](postgres::Transaction& tx) -> absl::StatusOr<bool> {
                     return AccountStore(tx).HasOperator();
                   }));
  if (!exists) {
    ASSIGN_OR_RETURN(const Login login, ReadOrWrite());
    ASSIGN_OR_RETURN(const std::string hash, hasher_.Hash(login.password, call.deadline()));
    v1::RoleBinding binding;
    binding.set_subject("accounts/" + login.name);
    binding.set_role(kOperator);
    RETURN_IF_ERROR(database.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
      // Another replica may have been first: its file and account stand.
      if (!AccountStore(tx).InsertOperator(login.name, hash)) return absl::OkStatus();
      AccessVersionStore(tx).ChangeBindings();
      tx.Audit({.agency = "", .resource = binding.subject(), .type = "account.created"});
      return RoleBindingStore(tx).Insert(AgencyId(), NewUuid7(call.time()), binding).status();
    }));
  }
  done_ = true;
  return absl::OkStatus();
}

}  // namespace teraju::identity
