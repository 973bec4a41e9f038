// A child process of a test: started with its own environment, its output in a file, killed with
// the object.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"

namespace teraju::harness {

class Process {
 public:
  struct Options {
    std::string program;
    std::vector<std::string> arguments;
    std::map<std::string, std::string> environment;
    std::string log;  // output is appended
  };
  explicit Process(Options options) : options_(std::move(options)) {}
  ~Process();
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  absl::Status Start();
  // Sends a signal: SIGTERM, SIGKILL, SIGSTOP, SIGCONT.
  void Signal(int signal) const;
  // Waits for the end; the exit code, or minus the signal that ended it. DEADLINE_EXCEEDED while it
  // lives.
  absl::Status Wait(absl::Duration timeout, int& code);
  // SIGKILL, and waits.
  void Kill9();
  bool running();
  pid_t pid() const { return pid_; }
  std::string Log() const;
  std::map<std::string, std::string>& environment() { return options_.environment; }

 private:
  Options options_;
  pid_t pid_ = 0;
  int code_ = 0;
};

}  // namespace teraju::harness
