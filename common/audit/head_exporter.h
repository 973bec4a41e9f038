// Brings every signed head of a service's logs to an outside address, so that a log that is cut off
// or rewritten as a whole is found out (AuditLogs.CheckAuditLog takes such heads).
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "common/auth/authorizer.h"
#include "common/logging/logger.h"
#include "common/logging/secret.h"
#include "common/metrics/registry.h"
#include "common/postgres/database.h"
#include "teraju/audit/v1/audit_events.pb.h"

namespace teraju::audit {

struct HeadExportOptions {
  std::string service;
  // http or https. A head goes to `{address}/{service}/{agency}/{size}.json`, the size with twenty
  // digits, `-` for the installation's own log: the same head always to the same place.
  std::string address;
  std::string method = "POST";  // or PUT
  logging::Secret token;        // as a bearer token; empty: none
  std::string authority;        // PEM file; empty: the machine's authorities
  int batch = 100;
  absl::Duration answer_timeout = absl::Seconds(10);
  // Another replica takes over when the one that works does not say anything for so long.
  absl::Duration lease = absl::Seconds(20);
  absl::Duration interval = absl::Seconds(1);
  // After a failure; doubled with each further one up to the longest, less up to half by chance.
  absl::Duration first_pause = absl::Seconds(1);
  absl::Duration longest_pause = absl::Minutes(5);
};

// Where a head is sent.
std::string HeadUrl(const HeadExportOptions& options, const v1::TreeHead& head);
// What is sent: the message as JSON, as CheckAuditLog takes it. It holds no personal data.
absl::StatusOr<std::string> HeadBody(const v1::TreeHead& head);

// One thread. Every replica has an exporter; the database lets one at a time work. Heads go in the
// order in which they came to be, each until it has been answered with 2xx; what has arrived is
// noted after each, so that after a crash at most the last one is sent again, to the same place.
class HeadExporter {
 public:
  HeadExporter(HeadExportOptions options,
               postgres::Database& database,
               const auth::Authorizer& authorizer,
               metrics::Registry& metrics,
               logging::Logger& logger);
  // Gives up an answer that it waits for.
  ~HeadExporter();

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace teraju::audit
