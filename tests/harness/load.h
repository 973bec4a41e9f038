// Callers that go on until they are told to stop.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

namespace teraju::harness {

class Load {
 public:
  // Each of `callers` threads runs `call(caller, number)` again and again.
  Load(int callers, const std::function<void(int caller, int number)>& call) {
    for (int i = 0; i < callers; ++i) {
      threads_.emplace_back([this, i, call] {
        for (int n = 0; !stop_; ++n) call(i, n);
      });
    }
  }
  ~Load() { Stop(); }
  Load(const Load&) = delete;
  Load& operator=(const Load&) = delete;

  void Stop() {
    stop_ = true;
    for (std::thread& thread : threads_) {
      if (thread.joinable()) thread.join();
    }
  }

 private:
  std::atomic<bool> stop_ = false;
  std::vector<std::thread> threads_;
};

}  // namespace teraju::harness
