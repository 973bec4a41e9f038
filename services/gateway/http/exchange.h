// One request and the way to answer it, as handlers see them: no sockets here.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "services/gateway/http/request_head.h"

namespace teraju::gateway::http {

struct Response {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;  // beside those that every response has
  std::string body;
};

// Everything but Post is called on the exchange's own loop, where the handler was called. Handlers
// keep the exchange alive by their pointer, answer exactly once, and do not touch it afterwards.
class Exchange {
 public:
  using Piece = std::function<void(absl::StatusOr<std::string>)>;

  virtual ~Exchange() = default;

  virtual const RequestHead& head() const = 0;
  // The address of the other end of the connection.
  virtual std::string_view peer() const = 0;

  // The whole body. BODY_TOO_LARGE above `limit` bytes, BODY_INVALID for broken framing,
  // DEADLINE_PASSED where it does not arrive in time; the answer to these ends the connection.
  virtual void ReadAll(std::uint64_t limit, Piece done) = 0;
  // The next piece of a body of any size, empty at its end.
  virtual void ReadSome(Piece done) = 0;

  virtual void Respond(Response response) = 0;

  // An answer in pieces, of unknown size. `written(false)`: the client is gone.
  virtual void BeginStream(Response head, std::function<void(bool)> written) = 0;
  virtual void WriteStream(std::string data, std::function<void(bool)> written) = 0;
  virtual void EndStream() = 0;
  // Breaks the connection off, so that the client does not take a part for the whole.
  virtual void Abort() = 0;

  // Runs `work` on the loop; from any thread.
  virtual void Post(std::function<void()> work) = 0;
  // Runs `work` on the loop later.
  virtual void After(absl::Duration delay, std::function<void()> work) = 0;
};

class Handler {
 public:
  virtual ~Handler() = default;
  virtual void Handle(std::shared_ptr<Exchange> exchange) = 0;
};

// The standard phrase of a status code.
std::string_view ReasonPhrase(int status);

}  // namespace teraju::gateway::http
