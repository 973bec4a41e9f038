// What a host reads from the settings that every service has.
#pragma once

#include <string>

#include "common/audit/head_exporter.h"
#include "common/logging/logger.h"
#include "common/postgres/database.h"
#include "common/rpc/server.h"
#include "common/service/settings.h"

namespace teraju::service {

// Each tells `settings` of what is wrong.
postgres::DatabaseOptions DatabaseOf(const std::string& name,
                                     Settings& settings,
                                     logging::Logger& logger);
rpc::TlsFiles TlsOf(Settings& settings);
rpc::ServerOptions ServerOf(Settings& settings, rpc::TlsFiles tls);
// Without an address heads stay here.
audit::HeadExportOptions HeadExportOf(const std::string& name, Settings& settings);

}  // namespace teraju::service
