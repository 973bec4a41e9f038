#include "tests/simulation/world.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <exception>
#include <functional>
#include <thread>

namespace teraju::simulation {
namespace {

std::int64_t Microseconds() {
  return std::chrono::duration_cast<std::chrono::microseconds>(
             std::chrono::steady_clock::now().time_since_epoch())
      .count();
}

// FNV-1a: the same on every machine, unlike std::hash.
std::uint64_t Hash(std::string_view text, std::uint64_t start) {
  std::uint64_t hash = 1469598103934665603ULL ^ start;
  for (const char c : text) {
    hash ^= static_cast<unsigned char>(c);
    hash *= 1099511628211ULL;
  }
  return hash;
}

void Print(double seconds, const std::string& text, bool last) {
  static const bool terminal = isatty(STDOUT_FILENO) != 0;
  if (!last && !terminal) return;
  std::printf(
      "%s  %7.1f s  %-70s%s", terminal ? "\r" : "", seconds, text.c_str(), last ? "\n" : "");
  std::fflush(stdout);
}

}  // namespace

Luck::Luck(std::uint32_t seed, std::string_view key, std::string_view purpose)
    : engine_(Hash(purpose, Hash(key, seed))) {}

double Luck::Normal(double mean, double deviation) {
  // Box and Muller; std::normal_distribution differs between libraries.
  const double u = (static_cast<double>(engine_() >> 11) + 0.5) / 9007199254740992.0;
  const double v = (static_cast<double>(engine_() >> 11) + 0.5) / 9007199254740992.0;
  return mean + deviation * std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * v);
}

int Luck::Between(int low, int high) {
  return low + static_cast<int>(engine_() % static_cast<std::uint64_t>(high - low + 1));
}

bool Luck::Chance(double probability) {
  return static_cast<double>(engine_() >> 11) / 9007199254740992.0 < probability;
}

World::World(Options options)
    : options_(std::move(options)),
      rest_(std::make_unique<RestClient>(options_.host, options_.port, tally_)),
      start_(Microseconds()) {
  for (int i = 0; i < options_.workers; ++i) {
    workers_.push_back(std::make_unique<RestClient>(options_.host, options_.port, tally_));
  }
}

World::~World() = default;

double World::seconds() const { return static_cast<double>(Microseconds() - start_) / 1e6; }

std::string World::Seeded(std::string_view words) const {
  return RequestId(agency + "/" + std::to_string(options_.seed), words);
}

void World::ForEach(const std::string& what,
                    std::size_t count,
                    const std::function<void(RestClient&, std::size_t)>& work) {
  std::atomic<std::size_t> next = 0;
  std::atomic<std::size_t> done = 0;
  std::atomic<bool> stop = false;
  std::exception_ptr failure;
  std::mutex mutex;
  std::vector<std::thread> threads;
  for (auto& client : workers_) {
    threads.emplace_back([&, rest = client.get()] {
      for (std::size_t i = next++; i < count && !stop; i = next++) {
        try {
          work(*rest, i);
        } catch (...) {
          const std::lock_guard lock(mutex);
          if (!stop.exchange(true)) failure = std::current_exception();
        }
        const std::size_t now = ++done;
        if (now % 100 == 0) {
          const std::lock_guard lock(mutex);
          Print(seconds(), what + "  " + std::to_string(now) + "/" + std::to_string(count), false);
        }
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  if (failure) std::rethrow_exception(failure);
}

void World::Step(const std::string& what, const std::function<void()>& work) {
  const double start = seconds();
  const std::int64_t calls = tally_.calls;
  Print(start, what + " …", false);
  work();
  steps_.push_back({what, seconds() - start, tally_.calls - calls});
  Print(seconds(), what + "  (" + std::to_string(tally_.calls - calls) + " calls)", true);
}

void World::Count(const std::string& what, std::int64_t number) {
  for (auto& [name, value] : counts_) {
    if (name == what) {
      value += number;
      return;
    }
  }
  counts_.emplace_back(what, number);
}

json::value Date(const std::string& text) {
  return {{"year", std::stoi(text.substr(0, 4))},
          {"month", std::stoi(text.substr(5, 2))},
          {"day", std::stoi(text.substr(8, 2))}};
}

std::string DateText(const json::value& date) {
  const auto part = [&](const char* name) {
    const json::value* value = date.as_object().if_contains(name);
    return value == nullptr ? 0 : static_cast<int>(value->to_number<int>());
  };
  char text[16];
  std::snprintf(text,
                sizeof text,
                "%04d-%02d-%02d",
                part("year") % 10000,
                part("month") % 100,
                part("day") % 100);
  return text;
}

json::value Decimal(double value, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return {{"value", text}};
}

json::value Rupiah(std::int64_t amount) {
  return {{"currencyCode", "IDR"}, {"units", std::to_string(amount)}};
}

}  // namespace teraju::simulation
