// The least of HTTP: for health and metrics pages, and for bytes that no client library would send.
#pragma once

#include <string>

#include "absl/time/time.h"

namespace teraju::harness {

struct HttpAnswer {
  int status = 0;    // 0: no answer
  std::string text;  // head and body
};

HttpAnswer HttpGet(const std::string& port, const std::string& path);
// Sends bytes as they are and reads until the other side closes or `timeout` is over.
HttpAnswer HttpRaw(const std::string& port,
                   const std::string& bytes,
                   absl::Duration timeout = absl::Seconds(5));

}  // namespace teraju::harness
