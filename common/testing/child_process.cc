#include "common/testing/child_process.h"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <iterator>

#include "absl/strings/str_cat.h"

namespace teraju::testing {
namespace {

constexpr char kBinaries[] = "/usr/lib/postgresql/15/bin/";

// Runs in the forked child: only system calls until exec.
[[noreturn]] void Become(const ServerUser& user, char* const* argv, const std::string& log) {
  const int out = ::open(log.c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
  const int in = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  if (out < 0 || in < 0 || ::dup2(in, 0) < 0 || ::dup2(out, 1) < 0 || ::dup2(out, 2) < 0)
    ::_exit(126);
  if (::geteuid() == 0 && (::setgroups(user.groups.size(), user.groups.data()) != 0 ||
                           ::setgid(user.gid) != 0 || ::setuid(user.uid) != 0)) {
    ::_exit(126);
  }
  if (::chdir("/") != 0) ::_exit(126);
  ::execv(argv[0], argv);
  ::_exit(127);
}

std::string Tail(const std::string& path) {
  std::ifstream in(path);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  return text.size() > 2000 ? text.substr(text.size() - 2000) : text;
}

}  // namespace

absl::StatusOr<ServerUser> FindServerUser() {
  if (::geteuid() != 0) return ServerUser{::geteuid(), ::getegid(), {}};
  const passwd* entry = ::getpwnam("postgres");
  if (entry == nullptr)
    return absl::FailedPreconditionError("There is no user postgres: install postgresql-15.");
  ServerUser user{entry->pw_uid, entry->pw_gid, std::vector<gid_t>(64)};
  int count = static_cast<int>(user.groups.size());
  if (::getgrouplist("postgres", user.gid, user.groups.data(), &count) < 0) count = 0;
  user.groups.resize(static_cast<size_t>(count));
  return user;
}

absl::Status RunPostgresProgram(const ServerUser& user,
                                const std::vector<std::string>& args,
                                const std::string& log) {
  std::vector<std::string> words = args;
  words[0] = kBinaries + words[0];
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  const pid_t child = ::fork();
  if (child < 0) return absl::InternalError("fork failed");
  if (child == 0) Become(user, argv.data(), log);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) return absl::InternalError("waitpid failed");
  }
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return absl::OkStatus();
  return absl::InternalError(
      absl::StrCat(words[0], " failed with status ", status, ":\n", Tail(log)));
}

}  // namespace teraju::testing
