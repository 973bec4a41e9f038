#include "common/testing/mini_postgres.h"

#include <fmt/format.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "common/errors/status_macros.h"
#include "common/testing/child_process.h"

namespace teraju::testing {
namespace {

namespace fs = std::filesystem;

constexpr char kPrefix[] = "teraju-test-postgres-";
constexpr char kUser[] = "teraju";

std::string TempFolder() {
  const char* folder = std::getenv("TMPDIR");
  // A socket's path may have 107 characters, so a long TMPDIR is not used.
  return folder != nullptr && std::string_view(folder).size() < 60 ? folder : "/tmp";
}

std::string ReadFile(const std::string& path) {
  std::ifstream in(path);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

// Field 22 of /proc/<pid>/stat: a process id may come again, together with its start time it does
// not.
std::string StartTime(pid_t pid) {
  const std::string stat = ReadFile(absl::StrCat("/proc/", pid, "/stat"));
  std::istringstream fields(stat.substr(std::min(stat.size(), stat.rfind(')') + 1)));
  std::string field;
  for (int i = 3; i <= 22; ++i) fields >> field;
  return fields ? field : "";
}

// Who answers for the server: `pid start-time` or `file path-of-dsn-file`.
std::string OwnerLine(const std::string& dsn_file) {
  if (!dsn_file.empty()) return absl::StrCat("file ", dsn_file);
  return absl::StrCat(::getpid(), " ", StartTime(::getpid()));
}

bool OwnerLives(const std::string& folder) {
  std::istringstream line(ReadFile(folder + "/owner"));
  std::string first, second;
  line >> first >> second;
  if (first == "file") return ReadFile(second).find(folder) != std::string::npos;
  const pid_t pid = static_cast<pid_t>(std::atoi(first.c_str()));
  return pid > 0 && StartTime(pid) == second;
}

absl::Status Configure(const std::string& folder, const MiniPostgres::Options& options) {
  std::ofstream conf(folder + "/data/postgresql.conf", std::ios::app);
  conf << "listen_addresses = ''\nunix_socket_directories = '" << folder
       << "'\nunix_socket_permissions = 0700\n"
       << "max_connections = " << options.max_connections
       << (options.durable ? "\nshared_buffers = 256MB\nmax_wal_size = 2GB\n"
                           : "\nshared_buffers = 64MB\nmax_wal_size = 256MB\n")
       << "timezone = 'UTC'\nlog_timezone = 'UTC'\nlc_messages = 'C'\n";
  if (!options.durable) conf << "fsync = off\nfull_page_writes = off\nsynchronous_commit = off\n";
  for (const std::string& line : options.settings) conf << line << "\n";
  conf.close();
  return conf ? absl::OkStatus() : absl::InternalError("cannot write postgresql.conf");
}

// Whether any process works in the folder, as all of a server's do.
bool WorksIn(const std::string& folder) {
  std::error_code ignored;
  const fs::path data = fs::canonical(folder, ignored);
  for (const auto& entry : fs::directory_iterator("/proc", ignored)) {
    if (fs::read_symlink(entry.path() / "cwd", ignored) == data) return true;
  }
  return false;
}

bool Reaped(pid_t pid) { return ::waitpid(pid, nullptr, WNOHANG) == pid || ::kill(pid, 0) != 0; }

}  // namespace

void RemoveStaleServers() {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(TempFolder(), ignored)) {
    const std::string path = entry.path().string();
    struct stat info {};
    if (!entry.path().filename().string().starts_with(kPrefix) || ::stat(path.c_str(), &info) != 0)
      continue;
    // Ours only, and not one that is being made (its owner file comes first, within the same
    // second).
    if (::geteuid() != 0 && info.st_uid != ::geteuid()) continue;
    if (!fs::exists(path + "/owner", ignored)) continue;
    if (!OwnerLives(path)) MiniPostgres stale = MiniPostgres::Adopt(path);
  }
}

absl::StatusOr<MiniPostgres> MiniPostgres::Create(const Options& options) {
  RemoveStaleServers();
  ASSIGN_OR_RETURN(const ServerUser user, FindServerUser());
  std::string folder = absl::StrCat(TempFolder(), "/", kPrefix, "XXXXXX");
  if (::mkdtemp(folder.data()) == nullptr)
    return absl::InternalError("cannot make a folder under " + TempFolder());
  MiniPostgres server(folder);
  // The server of this process is its (adopted) child, so that it can be reaped after a kill.
  if (options.dsn_file.empty()) ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  // Before the owner's line, or a clean-up at this moment would take the server for a stale one.
  if (!options.dsn_file.empty()) std::ofstream(options.dsn_file) << server.Dsn() << "\n";
  std::ofstream(folder + "/owner") << OwnerLine(options.dsn_file) << "\n";
  if (::geteuid() == 0 && ::chown(folder.c_str(), user.uid, user.gid) != 0) {
    return absl::InternalError("cannot give the folder to the server's user");
  }
  RETURN_IF_ERROR(RunPostgresProgram(user,
                                     {"initdb",
                                      "-D",
                                      folder + "/data",
                                      "-U",
                                      kUser,
                                      "--auth=trust",
                                      "--encoding=UTF8",
                                      "--locale=C.UTF-8",
                                      "--no-sync",
                                      "--no-instructions"},
                                     folder + "/log"));
  RETURN_IF_ERROR(Configure(folder, options));
  // The log is the server's from here on.
  if (::geteuid() == 0 && ::chown((folder + "/log").c_str(), user.uid, user.gid) != 0) {
    return absl::InternalError("cannot give the log to the server's user");
  }
  RETURN_IF_ERROR(server.Start());
  return server;
}

MiniPostgres::MiniPostgres(MiniPostgres&& other) noexcept : folder_(std::move(other.folder_)) {
  other.folder_.clear();
}

MiniPostgres& MiniPostgres::operator=(MiniPostgres&& other) noexcept {
  std::swap(folder_, other.folder_);
  return *this;
}

MiniPostgres::~MiniPostgres() { Remove(); }

std::string MiniPostgres::Dsn(std::string_view database) const {
  return fmt::format("host={} user={} dbname={}", folder_, kUser, database);
}

pid_t MiniPostgres::pid() const {
  const pid_t pid =
      static_cast<pid_t>(std::atoi(ReadFile(folder_ + "/data/postmaster.pid").c_str()));
  // After a reboot the number may be somebody else's: a postmaster works in its data folder.
  std::error_code missing;
  const fs::path cwd = fs::read_symlink(absl::StrCat("/proc/", pid, "/cwd"), missing);
  return pid > 0 && !missing && cwd == fs::canonical(folder_ + "/data", missing) ? pid : 0;
}

absl::Status MiniPostgres::Start() {
  ASSIGN_OR_RETURN(const ServerUser user, FindServerUser());
  return RunPostgresProgram(
      user,
      {"pg_ctl", "start", "-w", "-t", "60", "-s", "-D", folder_ + "/data", "-l", folder_ + "/log"},
      folder_ + "/log");
}

absl::Status MiniPostgres::Stop(Mode mode) {
  ASSIGN_OR_RETURN(const ServerUser user, FindServerUser());
  return RunPostgresProgram(user,
                            {"pg_ctl",
                             "stop",
                             "-w",
                             "-t",
                             "60",
                             "-s",
                             "-D",
                             folder_ + "/data",
                             "-m",
                             mode == Mode::kFast ? "fast" : "immediate"},
                            folder_ + "/log");
}

absl::Status MiniPostgres::Kill9() {
  const pid_t postmaster = pid();
  if (postmaster == 0 || ::kill(postmaster, SIGKILL) != 0) {
    return absl::FailedPreconditionError("no server to kill");
  }
  const absl::Time limit = absl::Now() + absl::Seconds(30);
  // Its children notice on their own. A dead postmaster that nobody has reaped would keep its lock
  // file in force.
  while (WorksIn(folder_ + "/data") || !Reaped(postmaster)) {
    if (absl::Now() > limit) return absl::DeadlineExceededError("the server's processes stayed");
    absl::SleepFor(absl::Milliseconds(20));
  }
  return absl::OkStatus();
}

void MiniPostgres::Remove() {
  if (folder_.empty()) return;
  if (pid() != 0) Stop(Mode::kImmediate).IgnoreError();
  std::error_code ignored;
  fs::remove_all(folder_, ignored);
  folder_.clear();
}

}  // namespace teraju::testing
