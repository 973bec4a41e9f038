// The settings of a gateway, from TERAJU_GATEWAY_….
#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/rpc/tls.h"
#include "common/service/settings.h"
#include "services/gateway/http/server.h"
#include "services/gateway/proxy/admission.h"
#include "services/gateway/proxy/rest_handler.h"

namespace teraju::gateway {

struct Config {
  http::ServerOptions rest;
  int grpc_port = 0;
  std::string metrics_address;
  int metrics_port = 0;
  std::string token_issuer;
  std::map<std::string, std::string> targets;  // service to address
  rpc::TlsFiles tls;                           // towards the services
  RestLimits limits;
  Admission::Options admission;
  absl::Duration lame_duck;
  absl::Duration drain;

  // Faults are collected by `settings`.
  static Config Read(service::Settings& settings);
};

}  // namespace teraju::gateway
