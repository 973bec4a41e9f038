// Requests for check S09 that RFC 9110 and 9112 forbid, or that two readers could understand in two
// ways. The list is our own, written from the grammar.
#pragma once

#include <string>
#include <vector>

namespace teraju::gateway::http {

struct FramingCase {
  std::string name;
  std::string request;
};

std::vector<FramingCase> MustRefuse();
// The control: what is allowed.
std::vector<FramingCase> MustServe();

}  // namespace teraju::gateway::http
