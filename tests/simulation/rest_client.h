// A client of the public REST API as an outsider would write it: JSON in, JSON out, one bearer
// token per caller.
#pragma once

#include <atomic>
#include <boost/json.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>

namespace teraju::simulation {

namespace json = boost::json;

// One person or program at the keyboard. Its session is refreshed when it is about to end.
struct Caller {
  std::string subject;  // `employees/{id}`, `officials/{id}`; empty for programs
  std::string access_token;
  std::string refresh_token;  // of a person
  std::string client_id;      // of a program
  std::string client_secret;
  std::int64_t expires_at = 0;  // seconds of the system clock
  std::string on_behalf_of;     // by a mandate; empty: for oneself
};

struct Answer {
  int status = 0;
  json::value body;
  bool ok() const { return status >= 200 && status < 300; }
  // A string field of the body, by JSON pointer; empty when absent.
  std::string Text(std::string_view pointer) const;
  std::int64_t Number(std::string_view pointer) const;
};

// What was called how often, and what was refused.
struct Tally {
  std::atomic<std::int64_t> calls = 0;
  std::atomic<std::int64_t> errors = 0;
  std::atomic<std::int64_t> repeats = 0;  // of calls that found a replica away
  std::mutex mutex;
  std::map<std::string, int> refusals;  // method and reason -> count
};

// A failed step ends the simulation: it must run without a single refusal that it did not expect.
class UnexpectedAnswer : public std::runtime_error {
  using std::runtime_error::runtime_error;
};

// One keep-alive connection; not thread-safe, one per worker.
class RestClient {
 public:
  RestClient(std::string host, std::string port, Tally& tally);
  ~RestClient();

  // Throws UnexpectedAnswer, naming method, path and the server's message, unless the answer is
  // 2xx.
  Answer Get(Caller* caller, const std::string& path);
  Answer Post(Caller* caller, const std::string& path, const json::value& body);
  Answer Patch(Caller* caller, const std::string& path, const json::value& body);
  Answer PostForm(const std::string& path, const std::string& form);
  Answer Upload(Caller* caller,
                const std::string& path,
                const std::string& type,
                const std::string& content);
  // Gives the answer whatever its status: for what must be refused.
  Answer Try(const std::string& verb,
             Caller* caller,
             const std::string& path,
             const json::value& body);
  // Asks again until the answer is 2xx, at most ten seconds: a new role is known everywhere within
  // one.
  void WaitFor(Caller* caller, const std::string& path);
  // Waits until an operation is done and returns its response; `progress` is told percent on the
  // way.
  json::value Wait(Caller* caller,
                   const json::value& operation,
                   void (*progress)(int percent) = nullptr);
  // Reads every page of a list.
  json::array List(Caller* caller, const std::string& path, std::string_view field);

 private:
  Answer Send(const std::string& verb,
              Caller* caller,
              const std::string& path,
              const std::string& type,
              const std::string& body);
  // The first answer that is `done`, or the last one when patience ends.
  Answer Until(std::chrono::seconds patience,
               const std::function<Answer()>& send,
               const std::function<bool(const Answer&)>& done);
  // Says again what found a replica away (503), and throws unless the answer is 2xx in the end.
  Answer Insist(const std::string& verb,
                Caller* caller,
                const std::string& path,
                const std::string& type,
                const std::string& body);
  Answer Expect(const std::string& verb, const std::string& path, Answer answer);
  void Refresh(Caller& caller);

  struct Connection;
  std::unique_ptr<Connection> connection_;
  Tally& tally_;
};

// Fields of a JSON object; empty, false or 0 when absent (proto3 JSON leaves defaults out).
std::string TextOf(const json::value& value, std::string_view field);
bool FlagOf(const json::value& value, std::string_view field);
std::int64_t NumberOf(const json::value& value, std::string_view field);
// A google.type.Decimal field; NaN when absent.
double DecimalOf(const json::value& value, std::string_view field);
// An object field; an empty object when absent.
json::value ObjectOf(const json::value& value, std::string_view field);
// An array field; empty when absent.
json::array ArrayOf(const json::value& value, std::string_view field);

// The same id for the same words, so that a simulation run again repeats its requests and changes
// nothing.
std::string RequestId(std::string_view seed, std::string_view words);

}  // namespace teraju::simulation
