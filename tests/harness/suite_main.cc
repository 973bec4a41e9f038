// Starts a private suite, prints where everything is as one line of JSON, and ends with its
// standard input: teraju-suite [--durable] [TERAJU_…=VALUE]...
#include <cstdio>
#include <string>

#include "tests/harness/suite.h"

int main(int argc, char** argv) {
  teraju::harness::Suite::Options options;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const std::size_t sign = word.find('=');
    if (word == "--durable") {
      options.durable = true;
    } else if (sign != std::string::npos) {
      options.settings[word.substr(0, sign)] = word.substr(sign + 1);
    } else {
      std::fprintf(stderr, "usage: teraju-suite [--durable] [TERAJU_...=VALUE]...\n");
      return 2;
    }
  }
  auto suite = teraju::harness::Suite::Start(options);
  if (!suite.ok()) {
    std::fprintf(stderr, "teraju-suite: %s\n", std::string(suite.status().message()).c_str());
    return 1;
  }
  std::string pids;
  std::string dsns;
  for (const std::string& service : options.services) {
    pids += (pids.empty() ? "" : ",") + ("\"" + service + "\":") +
            std::to_string((*suite)->process(service).pid());
    if (service != "gateway")
      dsns +=
          (dsns.empty() ? "" : ",") + ("\"" + service + "\":\"") + (*suite)->Dsn(service) + "\"";
  }
  std::printf(
      "{\"rest\":%s,\"grpc\":%s,\"catalog\":%s,\"operator\":\"%s\",\"postmaster\":%d,\"pids\":{%s},"
      "\"dsns\":{%s}}\n",
      (*suite)->rest_port().c_str(),
      (*suite)->grpc_port().c_str(),
      (*suite)->port("catalog").c_str(),
      (*suite)->operator_file().c_str(),
      (*suite)->postgres().pid(),
      pids.c_str(),
      dsns.c_str());
  std::fflush(stdout);
  while (std::getchar() != EOF) {
  }
  return 0;
}
