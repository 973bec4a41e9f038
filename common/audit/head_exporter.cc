#include "common/audit/head_exporter.h"

#include <fmt/format.h>
#include <prometheus/counter.h>
#include <prometheus/gauge.h>

#include <algorithm>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "absl/random/random.h"
#include "absl/strings/strip.h"
#include "absl/synchronization/notification.h"
#include "absl/time/clock.h"
#include "common/api/strong_id.h"
#include "common/audit/head_export_store.h"
#include "common/errors/status_macros.h"
#include "common/http/http_client.h"
#include "google/protobuf/util/json_util.h"

namespace teraju::audit {
namespace {

constexpr int kMostCounted = 10'000;

}  // namespace

std::string HeadUrl(const HeadExportOptions& options, const v1::TreeHead& head) {
  std::string_view agency = head.agency();
  agency.remove_prefix(std::min(agency.size(), std::string_view("agencies/").size()));
  return fmt::format("{}/{}/{}/{:020}.json",
                     std::string(absl::StripSuffix(options.address, "/")),
                     options.service,
                     agency,
                     head.tree_size());
}

absl::StatusOr<std::string> HeadBody(const v1::TreeHead& head) {
  std::string body;
  const auto written = google::protobuf::util::MessageToJsonString(head, &body);
  if (!written.ok()) return absl::InternalError("a head cannot be written as JSON");
  return body + "\n";
}

struct HeadExporter::Impl {
  Impl(HeadExportOptions settings,
       postgres::Database& where,
       const auth::Authorizer& who,
       metrics::Registry& metrics,
       logging::Logger& log)
      : options(std::move(settings)),
        database(where),
        authorizer(who),
        logger(log),
        lease(NewUuid7(absl::Now())),
        exported(metrics.Counter("teraju_audit_heads_exported_total",
                                 "Signed heads that have arrived outside")),
        failures(metrics.Counter("teraju_audit_head_export_failures_total",
                                 "Failed attempts to bring a signed head outside")),
        waiting(metrics.Gauge("teraju_audit_heads_waiting",
                              "Signed heads that have not arrived outside, at most 10000")),
        lag(metrics.Gauge("teraju_audit_head_export_lag_seconds",
                          "Age of the oldest signed head that has not arrived outside")) {}

  CallContext OwnCall() const {
    const absl::Time now = absl::Now();
    return CallContext({.principal = {.subject = "services/" + options.service},
                        .method = "audit/head_exporter",
                        .time = now,
                        .deadline = now + absl::Seconds(30)},
                       authorizer);
  }

  absl::Status Send(const v1::TreeHead& head) const {
    http::HttpRequest request{.method = options.method,
                              .url = HeadUrl(options, head),
                              .content_type = "application/json",
                              .authority = options.authority,
                              .cancelled = [this] { return stop.HasBeenNotified(); }};
    ASSIGN_OR_RETURN(request.body, HeadBody(head));
    if (!options.token.empty()) request.authorization = "Bearer " + options.token.Reveal();
    return http::SendHttp(request, absl::Now() + options.answer_timeout).status();
  }

  absl::Status Measure() {
    ASSIGN_OR_RETURN(
        const HeadExportStore::Backlog backlog,
        database.Read(OwnCall(),
                      [&](postgres::Transaction& tx) -> absl::StatusOr<HeadExportStore::Backlog> {
                        return HeadExportStore(tx).CountWaiting(options.address, kMostCounted);
                      }));
    waiting.Set(backlog.heads);
    lag.Set(backlog.since.has_value() ? absl::ToDoubleSeconds(absl::Now() - *backlog.since) : 0);
    pending = backlog.heads > 0;
    return absl::OkStatus();
  }

  // Whether this replica may work now, or go on working.
  absl::StatusOr<bool> Take() {
    return database.Write(OwnCall(), [&](postgres::Transaction& tx) -> absl::StatusOr<bool> {
      return HeadExportStore(tx).Take(options.address, lease, options.lease);
    });
  }

  // Whether this replica still works.
  absl::StatusOr<bool> ExportBatch() {
    using Heads = std::vector<NumberedHead>;
    ASSIGN_OR_RETURN(
        const Heads heads,
        database.Read(OwnCall(), [&](postgres::Transaction& tx) -> absl::StatusOr<Heads> {
          return HeadExportStore(tx).Waiting(options.address, options.batch);
        }));
    for (const NumberedHead& one : heads) {
      // The lease is renewed before each, so that it outlives the answer.
      ASSIGN_OR_RETURN(const bool ours, Take());
      if (!ours) return false;
      RETURN_IF_ERROR(Send(one.head));
      ASSIGN_OR_RETURN(
          const bool noted,
          database.Write(OwnCall(), [&](postgres::Transaction& tx) -> absl::StatusOr<bool> {
            return HeadExportStore(tx).Advance(options.address, lease, one.number);
          }));
      if (!noted) return false;
      exported.Increment();
    }
    return true;
  }

  // Whether there is more for this replica to do.
  absl::StatusOr<bool> Round() {
    RETURN_IF_ERROR(Measure());
    if (!pending) return false;
    ASSIGN_OR_RETURN(const bool ours, Take());
    if (!ours) return false;
    ASSIGN_OR_RETURN(const bool still_ours, ExportBatch());
    RETURN_IF_ERROR(Measure());
    return still_ours && pending;
  }

  absl::Duration PauseAfter(int failed) {
    absl::Duration pause = options.first_pause;
    for (int i = 1; i < failed && pause < options.longest_pause; ++i) pause *= 2;
    return std::min(pause, options.longest_pause) * absl::Uniform(random, 0.5, 1.0);
  }

  void Loop() {
    absl::Duration pause = absl::ZeroDuration();
    int failed = 0;
    while (!stop.WaitForNotificationWithTimeout(pause)) {
      const absl::StatusOr<bool> more = Round();
      if (more.ok()) {
        failed = 0;
        pause = *more ? absl::ZeroDuration() : options.interval;
        continue;
      }
      if (stop.HasBeenNotified()) break;
      pause = PauseAfter(++failed);
      failures.Increment();
      logger.Warning("audit_heads_not_exported",
                     {{"error", logging::Describe(more.status())},
                      {"attempt", failed},
                      {"pause_seconds", absl::ToInt64Seconds(pause)}});
    }
    // The next replica need not wait for the end of the lease.
    (void)database.Write(OwnCall(), [&](postgres::Transaction& tx) -> absl::Status {
      HeadExportStore(tx).Release(options.address, lease);
      return absl::OkStatus();
    });
  }

  const HeadExportOptions options;
  postgres::Database& database;
  const auth::Authorizer& authorizer;
  logging::Logger& logger;
  const std::string lease;  // of this exporter
  prometheus::Counter& exported;
  prometheus::Counter& failures;
  prometheus::Gauge& waiting;
  prometheus::Gauge& lag;
  bool pending = false;  // of the thread, as `random`
  absl::BitGen random;
  absl::Notification stop;
  std::thread thread;
};

HeadExporter::HeadExporter(HeadExportOptions options,
                           postgres::Database& database,
                           const auth::Authorizer& authorizer,
                           metrics::Registry& metrics,
                           logging::Logger& logger)
    : impl_(std::make_unique<Impl>(std::move(options), database, authorizer, metrics, logger)) {
  impl_->thread = std::thread([this] { impl_->Loop(); });
}

HeadExporter::~HeadExporter() {
  impl_->stop.Notify();
  impl_->thread.join();
}

}  // namespace teraju::audit
