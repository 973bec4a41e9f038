// An HTTP server in the process that keeps what it is sent, and can be told to fail: for tests of
// whoever sends.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace teraju::http {

struct Received {
  std::string method;
  std::string target;
  std::string body;
  std::map<std::string, std::string> headers;  // names in small letters
};

// One connection at a time, one request on each.
class HttpReceiver {
 public:
  // Gives the status of the answer; it is called on the server's thread. 0 hangs up without one.
  using Answer = std::function<int(const Received&)>;

  // Listens on 127.0.0.1, on a free port for 0. With `certificate` and `key` (PEM files) over TLS.
  explicit HttpReceiver(Answer answer,
                        int port = 0,
                        const std::string& certificate = "",
                        const std::string& key = "");
  ~HttpReceiver();

  int port() const;
  // `http://127.0.0.1:{port}`, or https with `localhost`.
  std::string url() const;
  std::vector<Received> received() const;  // in order, also what was refused

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::http
