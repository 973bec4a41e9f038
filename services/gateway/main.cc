// The gateway's process: settings, one gateway, until a signal comes.
#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "common/logging/logger.h"
#include "common/service/settings.h"
#include "common/service/shutdown.h"
#include "services/gateway/gateway.h"

int main(int argc, char** argv) {
  using namespace teraju;
  const std::string_view command = argc > 1 ? argv[1] : "serve";
  if (command == "version") {
    fmt::print("teraju-gateway {}\n", TERAJU_VERSION);
    return 0;
  }
  if (argc > 2 || command != "serve") {
    fmt::print(stderr, "usage: teraju-gateway [serve | version]\n");
    return 2;
  }
  service::BlockSignals();
  logging::Logger logger("gateway");
  service::Settings settings = service::Settings::FromEnvironment("gateway");
  gateway::Config config = gateway::Config::Read(settings);
  if (const absl::Status faults = settings.Check(); !faults.ok()) {
    logger.Error("wrong settings", {{"faults", std::string(faults.message())}});
    return 2;
  }
  settings.Log(logger);
  gateway::Gateway gateway(std::move(config), gateway::Contract::Embedded(), logger);
  if (const absl::Status started = gateway.Start(); !started.ok()) {
    logger.Error("not started", {{"cause", logging::Describe(started)}});
    return 1;
  }
  logger.Info("draining", {{"signal", service::AwaitSignal()}});
  gateway.Drain();
  logger.Info("stopped");
}
