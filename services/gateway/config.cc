#include "services/gateway/config.h"

#include <algorithm>
#include <thread>

#include "absl/strings/ascii.h"

namespace teraju::gateway {
namespace {

constexpr const char* kServices[] = {"identity", "catalog", "evaluation", "feedback", "training"};

RateLimiter::Options Rate(service::Settings& settings, const std::string& prefix, int per_second) {
  const int rate = settings.Integer(prefix + "_CALLS_PER_SECOND", per_second, 0, 1'000'000);
  return {.per_second = static_cast<double>(rate),
          .burst = static_cast<double>(
              settings.Integer(prefix + "_BURST", std::max(2 * rate, 1), 1, 10'000'000))};
}

}  // namespace

Config Config::Read(service::Settings& settings) {
  Config config;
  config.rest.address = settings.Text("ADDRESS", "0.0.0.0");
  config.rest.port = static_cast<std::uint16_t>(settings.Integer("PORT", 8080, 0, 65535));
  config.rest.threads = settings.Integer(
      "THREADS", static_cast<int>(std::max(2U, std::thread::hardware_concurrency())), 1, 256);
  config.rest.max_connections =
      static_cast<std::size_t>(settings.Integer("MAX_CONNECTIONS", 0, 0, 1'000'000));
  config.rest.idle_timeout = settings.Seconds("IDLE_TIMEOUT_SECONDS", 60, 1, 3600);
  config.rest.header_timeout = settings.Seconds("HEADER_TIMEOUT_SECONDS", 10, 1, 600);
  config.rest.body_timeout = settings.Seconds("BODY_TIMEOUT_SECONDS", 30, 1, 3600);
  config.rest.cors_origins = settings.List("CORS_ORIGINS");
  config.grpc_port = settings.Integer("GRPC_PORT", 8081, 0, 65535);
  config.metrics_address = settings.Text("METRICS_ADDRESS", "0.0.0.0");
  config.metrics_port = settings.Integer("METRICS_PORT", 9464, 0, 65535);
  config.token_issuer = settings.RequiredText("TOKEN_ISSUER");
  for (const std::string service : kServices) {
    config.targets[service] = settings.RequiredText(absl::AsciiStrToUpper(service) + "_TARGET");
  }
  config.tls = {.certificate = settings.Text("TLS_CERTIFICATE", ""),
                .key = settings.Text("TLS_KEY", ""),
                .authority = settings.Text("TLS_AUTHORITY", "")};
  if (const absl::Status usable = rpc::CheckTlsFiles(config.tls); !usable.ok()) {
    settings.Fault("TLS_CERTIFICATE", std::string(usable.message()));
  }
  config.limits.max_body_bytes =
      static_cast<std::uint64_t>(settings.Integer("MAX_BODY_BYTES", 1 << 20, 1024, 4 << 20));
  config.limits.call_timeout =
      settings.Milliseconds("CALL_TIMEOUT_MILLISECONDS", 15'000, 10, 600'000);
  config.limits.stream_timeout = settings.Seconds("STREAM_TIMEOUT_SECONDS", 1800, 1, 86'400);
  config.limits.forwarded_hops = settings.Integer("FORWARDED_HOPS", 0, 0, 10);
  config.admission.per_principal = Rate(settings, "PRINCIPAL", 2'000);
  config.admission.per_agency = Rate(settings, "AGENCY", 20'000);
  config.lame_duck = settings.Milliseconds("LAME_DUCK_MILLISECONDS", 500, 0, 60'000);
  config.drain = settings.Seconds("DRAIN_SECONDS", 8, 1, 600);
  return config;
}

}  // namespace teraju::gateway
