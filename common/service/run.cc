#include "common/service/run.h"

#include <fmt/format.h>

#include <cstdio>

#include "common/logging/logger.h"
#include "common/service/process.h"
#include "common/service/settings.h"

namespace teraju::service {
namespace {

int Serve(const std::string& name,
          const postgres::Migrations& migrations,
          const std::function<void(Host&)>& wire) {
  BeginProcess();
  logging::Logger logger(name);
  Settings settings = Settings::FromEnvironment(name);
  Host host(name, migrations, settings, logger);
  wire(host);
  return host.Run();
}

int Migrate(const std::string& name, const postgres::Migrations& migrations) {
  logging::Logger logger(name);
  Settings settings = Settings::FromEnvironment(name);
  const logging::Secret dsn = settings.RequiredSecret("DATABASE_DSN");
  if (const absl::Status faults = settings.CheckRead(); !faults.ok()) {
    logger.Error("wrong settings", {{"faults", std::string(faults.message())}});
    return 2;
  }
  const absl::StatusOr<int> applied = postgres::Migrate(dsn.Reveal(), migrations);
  if (!applied.ok()) {
    logger.Error("not migrated", {{"cause", logging::Describe(applied.status())}});
    return 1;
  }
  logger.Info("migrated",
              {{"applied", *applied}, {"total", postgres::CountMigrations(migrations)}});
  return 0;
}

}  // namespace

int Run(int argc,
        char** argv,
        const std::string& name,
        const postgres::Migrations& migrations,
        const std::function<void(Host&)>& wire) {
  const std::string command = argc > 1 ? argv[1] : "serve";
  if (argc <= 2 && command == "serve") return Serve(name, migrations, wire);
  if (argc == 2 && command == "migrate") return Migrate(name, migrations);
  if (argc == 2 && command == "version") {
    fmt::print("teraju-{} {}\n", name, TERAJU_VERSION);
    return 0;
  }
  fmt::print(stderr, "usage: teraju-{} [serve | migrate | version]\n", name);
  return 2;
}

}  // namespace teraju::service
