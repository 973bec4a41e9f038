// Every method of the suite as something that can be called: by its route, and by gRPC.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "teraju/options/v1/options.pb.h"

namespace teraju::security {

// One way to call a method: its route with ids filled in, and the name that the gateway routes by
// where every service has the method.
struct Target {
  std::string method;  // `teraju.catalog.v1.Goals/GetGoal`
  const options::v1::Access* access;
  std::string verb;
  std::string path;        // in the own agency
  std::string other_path;  // in another agency; empty where the route names none
  std::string request;     // bytes of the message for gRPC
};

// All of them, those that every service offers once for each service. Ids are `kSomeId`, of
// nothing.
inline constexpr char kSomeId[] = "0191d6a0-0000-7000-8000-000000000001";
std::vector<Target> Targets(const std::string& agency, const std::string& other);

// `text` with the first `what` replaced.
std::string Replace(std::string text, std::string_view what, std::string_view with);

}  // namespace teraju::security
