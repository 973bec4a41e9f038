#include "common/service/host_settings.h"

#include <cstdlib>
#include <string_view>
#include <utility>

#include "common/http/http_client.h"

namespace teraju::service {

postgres::DatabaseOptions DatabaseOf(const std::string& name,
                                     Settings& settings,
                                     logging::Logger& logger) {
  return {.dsn = settings.RequiredSecret("DATABASE_DSN").Reveal(),
          .service = name,
          .connections = settings.Integer("DATABASE_CONNECTIONS", 8, 1, 200),
          .on_fault = [&logger](std::string_view statement, std::string_view sqlstate) {
            logger.Error("statement failed", {{"statement", statement}, {"sqlstate", sqlstate}});
          }};
}

rpc::TlsFiles TlsOf(Settings& settings) {
  rpc::TlsFiles files{.certificate = settings.Text("TLS_CERTIFICATE", ""),
                      .key = settings.Text("TLS_KEY", ""),
                      .authority = settings.Text("TLS_AUTHORITY", "")};
  if (const absl::Status usable = rpc::CheckTlsFiles(files); !usable.ok()) {
    settings.Fault("TLS_CERTIFICATE", std::string(usable.message()));
  }
  return files;
}

rpc::ServerOptions ServerOf(Settings& settings, rpc::TlsFiles tls) {
  const char* reflection = std::getenv("TERAJU_REFLECTION");
  return {.address = settings.Text("ADDRESS", "0.0.0.0"),
          .port = settings.Integer("PORT", 50051, 0, 65535),
          .tls = std::move(tls),
          .reflection = reflection != nullptr && std::string_view(reflection) == "on"};
}

audit::HeadExportOptions HeadExportOf(const std::string& name, Settings& settings) {
  audit::HeadExportOptions options{.service = name,
                                   .address = settings.Text("AUDIT_HEADS_URL", ""),
                                   .method = settings.Text("AUDIT_HEADS_METHOD", "POST"),
                                   .token = settings.OptionalSecret("AUDIT_HEADS_TOKEN"),
                                   .authority = settings.Text("AUDIT_HEADS_AUTHORITY", "")};
  if (!options.address.empty()) {
    if (const absl::Status usable = http::CheckUrl(options.address); !usable.ok())
      settings.Fault("AUDIT_HEADS_URL", std::string(usable.message()));
  }
  if (options.method != "POST" && options.method != "PUT")
    settings.Fault("AUDIT_HEADS_METHOD", "must be POST or PUT");
  return options;
}

}  // namespace teraju::service
