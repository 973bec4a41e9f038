// The main function of every service.
#pragma once

#include <functional>
#include <string>

#include "common/postgres/migrator.h"
#include "common/service/host.h"

namespace teraju::service {

//   int main(int argc, char** argv) {
//     return teraju::service::Run(argc, argv, "evaluation", kMigrations, [](teraju::service::Host&
//     host) {
//       auto& identity = host.Own<GrpcIdentityClient>(host.Channel("identity"), host.OwnToken());
//       host.Serve<CyclesService>(host.pipeline(), host.database());
//     });
//   }
// Subcommands: `serve` (also without any), `migrate`, `version`. Exit codes: 0 done, 1 failed, 2
// wrong settings or usage.
int Run(int argc,
        char** argv,
        const std::string& name,
        const postgres::Migrations& migrations,
        const std::function<void(Host&)>& wire);

}  // namespace teraju::service
