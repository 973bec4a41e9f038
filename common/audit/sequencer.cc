#include "common/audit/sequencer.h"

#include <map>
#include <thread>
#include <utility>
#include <vector>

#include "absl/synchronization/mutex.h"
#include "absl/time/clock.h"
#include "common/api/resource_name.h"
#include "common/audit/audit_store.h"
#include "common/audit/merkle.h"
#include "common/errors/status_macros.h"

namespace teraju::audit {
namespace {

absl::StatusOr<CompactTree> LoadTree(AuditStore& store, const std::string& agency) {
  const std::uint64_t size = store.TreeSize(agency);
  std::vector<Hash> peaks;
  for (const NodeId& id : PeaksOf(size)) {
    ASSIGN_OR_RETURN(const Hash hash, store.ReadNode(agency, id));
    peaks.push_back(hash);
  }
  return CompactTree::Restore(size, std::move(peaks));
}

absl::StatusOr<v1::TreeHead> SignedHead(const std::string& agency,
                                        const CompactTree& tree,
                                        absl::Time now,
                                        const Signer& signer) {
  v1::TreeHead head;
  head.set_agency("agencies/" + agency);
  head.set_tree_size(static_cast<std::int64_t>(tree.size()));
  head.set_root_hash(ToBytes(tree.Root()));
  // Microseconds, because the column keeps no more and the signature covers it.
  const std::int64_t micros = absl::ToUnixMicros(now);
  head.mutable_create_time()->set_seconds(micros / 1000000);
  head.mutable_create_time()->set_nanos(static_cast<int>(micros % 1000000) * 1000);
  RETURN_IF_ERROR(signer.SignHead(head));
  return head;
}

absl::Status Append(AuditStore& store,
                    const std::string& agency,
                    const std::vector<const StoredEvent*>& events,
                    absl::Time now,
                    const Signer& signer) {
  ASSIGN_OR_RETURN(CompactTree tree, LoadTree(store, agency));
  const std::uint64_t first_index = tree.size();
  std::vector<EventKey> keys;
  std::vector<Hash> leaves;
  std::vector<Node> nodes;
  for (const StoredEvent* event : events) {
    keys.push_back(event->key);
    leaves.push_back(LeafHash(CanonicalEvent(event->event)));
    for (Node& node : tree.Append(leaves.back())) {
      if (node.id.level > 0) nodes.push_back(node);
    }
  }
  store.AppendLeaves(agency, first_index, keys, leaves);
  store.AppendNodes(agency, nodes);
  ASSIGN_OR_RETURN(const v1::TreeHead head, SignedHead(agency, tree, now, signer));
  store.InsertHead(agency, head);
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<int> SequenceOnce(postgres::Database& database,
                                 const CallContext& call,
                                 const std::string& service,
                                 const Signer& signer,
                                 int batch) {
  // Most rounds find nothing, and should leave nothing behind but a read.
  ASSIGN_OR_RETURN(const bool any,
                   database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<bool> {
                     return AuditStore(tx, service).AnyUnsequenced();
                   }));
  if (!any) return 0;
  return database.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<int> {
    AuditStore store(tx, service);
    const std::optional<EventKey> place = store.LockSequencer();
    if (!place.has_value()) return 0;
    const std::vector<StoredEvent> events = store.Unsequenced(*place, batch);
    if (events.empty()) return 0;
    std::map<std::string, std::vector<const StoredEvent*>> by_agency;
    for (const StoredEvent& event : events) {
      by_agency[std::string(api::AgencyOf(event.event.agency()))].push_back(&event);
    }
    for (const auto& [agency, of_agency] : by_agency) {
      RETURN_IF_ERROR(Append(store, agency, of_agency, call.time(), signer));
    }
    store.MoveSequencer(events.back().key);
    return static_cast<int>(events.size());
  });
}

struct Sequencer::Impl {
  Impl(std::string service,
       Signer signer,
       postgres::Database& database,
       const auth::Authorizer& authorizer,
       logging::Logger& logger,
       absl::Duration interval)
      : service(std::move(service)),
        signer(std::move(signer)),
        database(database),
        authorizer(authorizer),
        logger(logger),
        interval(interval) {}

  void Loop();

  const std::string service;
  const Signer signer;
  postgres::Database& database;
  const auth::Authorizer& authorizer;
  logging::Logger& logger;
  const absl::Duration interval;
  absl::Mutex mutex;
  bool stopping ABSL_GUARDED_BY(mutex) = false;
  std::thread thread;
};

void Sequencer::Impl::Loop() {
  absl::StatusOr<int> sequenced = 0;
  for (;;) {
    {
      absl::MutexLock lock(&mutex);
      const bool more = sequenced.ok() && *sequenced >= kEventsPerRound;
      if (mutex.AwaitWithTimeout(absl::Condition(&stopping),
                                 more ? absl::ZeroDuration() : interval))
        return;
    }
    const absl::Time now = absl::Now();
    const CallContext call({.principal = {.subject = "services/" + service},
                            .method = "audit/sequencer",
                            .time = now,
                            .deadline = now + absl::Seconds(30)},
                           authorizer);
    sequenced = SequenceOnce(database, call, service, signer);
    if (!sequenced.ok()) {
      logger.Warning("audit_not_sequenced", {{"error", logging::Describe(sequenced.status())}});
    }
  }
}

Sequencer::Sequencer(std::string service,
                     Signer signer,
                     postgres::Database& database,
                     const auth::Authorizer& authorizer,
                     logging::Logger& logger,
                     absl::Duration interval)
    : impl_(std::make_unique<Impl>(
          std::move(service), std::move(signer), database, authorizer, logger, interval)) {
  impl_->thread = std::thread([this] { impl_->Loop(); });
}

Sequencer::~Sequencer() {
  {
    absl::MutexLock lock(&impl_->mutex);
    impl_->stopping = true;
  }
  impl_->thread.join();
}

}  // namespace teraju::audit
