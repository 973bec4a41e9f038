#include "tests/harness/process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <condition_variable>
#include <deque>
#include <fstream>
#include <functional>
#include <future>
#include <mutex>
#include <sstream>
#include <thread>

#include "absl/strings/str_cat.h"
#include "common/testing/eventually.h"

namespace teraju::harness {
namespace {

// The one thread that forks. The kernel sends PR_SET_PDEATHSIG when the *thread* that forked ends,
// so a child started by a worker thread of a test would be killed with that thread; this one lives
// as long as the program.
class Launcher {
 public:
  static Launcher& Instance() {
    static auto* launcher = new Launcher;
    return *launcher;
  }

  pid_t Launch(std::function<pid_t()> fork) {
    std::packaged_task<pid_t()> task(std::move(fork));
    std::future<pid_t> pid = task.get_future();
    {
      const std::lock_guard lock(mutex_);
      tasks_.push_back(std::move(task));
    }
    waiting_.notify_one();
    return pid.get();
  }

 private:
  Launcher() { std::thread(&Launcher::Run, this).detach(); }
  void Run() {
    while (true) {
      std::unique_lock lock(mutex_);
      waiting_.wait(lock, [this] { return !tasks_.empty(); });
      std::packaged_task<pid_t()> task = std::move(tasks_.front());
      tasks_.pop_front();
      lock.unlock();
      task();
    }
  }

  std::mutex mutex_;
  std::condition_variable waiting_;
  std::deque<std::packaged_task<pid_t()>> tasks_;
};

// Runs in the forked child: only system calls until exec.
[[noreturn]] void Become(pid_t test, char* const* argv, char* const* envp, const char* log_file) {
  ::prctl(PR_SET_PDEATHSIG, SIGKILL);     // a test that dies leaves nothing behind
  if (::getppid() != test) ::_exit(127);  // it died before the line above
  const int log = ::open(log_file, O_WRONLY | O_CREAT | O_APPEND, 0600);
  ::dup2(log, STDOUT_FILENO);
  ::dup2(log, STDERR_FILENO);
  ::close(log);
  ::execve(argv[0], argv, envp);
  ::_exit(127);
}

}  // namespace

Process::~Process() { Kill9(); }

absl::Status Process::Start() {
  std::vector<std::string> words = {options_.program};
  words.insert(words.end(), options_.arguments.begin(), options_.arguments.end());
  std::vector<std::string> settings;
  for (const auto& [name, value] : options_.environment)
    settings.push_back(absl::StrCat(name, "=", value));
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (std::string& word : words) argv.push_back(word.data());
  for (std::string& setting : settings) envp.push_back(setting.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const pid_t pid = Launcher::Instance().Launch([&] {
    const pid_t test = ::getpid();
    const pid_t child = ::fork();
    if (child == 0) Become(test, argv.data(), envp.data(), options_.log.c_str());
    return child;
  });
  if (pid < 0) return absl::InternalError(absl::StrCat("fork failed for ", options_.program));
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
  if (!testing::Eventually([this] { return !running(); }, timeout)) {
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
