// The gateway's process: settings, one gateway, until a signal comes.
#include <cstdio>
#include <string>
#include <utility>

#include "common/logging/logger.h"
#include "common/service/process.h"
#include "common/service/settings.h"
#include "services/gateway/gateway.h"

int main(int argc, char** argv) {
  namespace logging = teraju::logging;
  namespace service = teraju::service;
  const std::string command = argc > 1 ? argv[1] : "serve";
  if (command == "version") return std::puts("teraju-gateway " TERAJU_VERSION) < 0 ? 1 : 0;
  if (argc > 2 || command != "serve") {
    std::fputs("usage: teraju-gateway [serve | version]\n", stderr);
    return 2;
  }
  service::BeginProcess();
  logging::Logger logger("gateway");
  service::Settings settings = service::Settings::FromEnvironment("gateway");
  teraju::gateway::Config config = teraju::gateway::Config::Read(settings);
  if (const absl::Status faults = settings.Check(); !faults.ok()) {
    logger.Error("wrong settings", {{"faults", std::string(faults.message())}});
    return 2;
  }
  settings.Log(logger);
  teraju::gateway::Gateway gateway(std::move(config), logger);
  if (const absl::Status started = gateway.Start(*teraju::gateway::Contract::Embedded());
      !started.ok()) {
    logger.Error("not started", {{"cause", logging::Describe(started)}});
    return 1;
  }
  logger.Info("draining", {{"signal", service::AwaitSignal()}});
  gateway.Drain();
  logger.Info("stopped");
}
