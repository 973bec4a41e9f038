#include "tests/harness/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "tests/harness/eventually.h"

namespace teraju::harness {

Process::~Process() { Kill9(); }

absl::Status Process::Start() {
  std::vector<std::string> words = {options_.program};
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  std::vector<std::string> settings;
  for (const auto& [name, value] : options_.environment) settings.push_back(name + "=" + value);
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& setting : settings) envp.push_back(setting.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const pid_t pid = ::fork();
  if (pid < 0) return absl::InternalError(absl::StrCat("fork: ", std::strerror(errno)));
  if (pid == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // a test that dies leaves nothing behind
    const int log = ::open(options_.log.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
    ::dup2(log, STDOUT_FILENO);
    ::dup2(log, STDERR_FILENO);
    ::close(log);
    ::execve(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  pid_ = pid;
  return absl::OkStatus();
}

void Process::Signal(int signal) const {
  if (pid_ > 0) ::kill(pid_, signal);
}

bool Process::running() {
  if (pid_ <= 0) return false;
  int status = 0;
  if (::waitpid(pid_, &status, WNOHANG) != pid_) return true;
  pid_ = 0;
  code_ = WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
  return false;
}

absl::Status Process::Wait(absl::Duration timeout, int& code) {
  if (!Eventually([this] { return !running(); }, timeout)) {
    return absl::DeadlineExceededError(options_.program + " still runs");
  }
  code = code_;
  return absl::OkStatus();
}

void Process::Kill9() {
  if (!running()) return;
  Signal(SIGKILL);
  int code = 0;
  Wait(absl::Seconds(10), code).IgnoreError();
}

std::string Process::Log() const {
  std::ifstream in(options_.log, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

}  // namespace teraju::harness
