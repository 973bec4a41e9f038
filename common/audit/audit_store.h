// Audit events, the trees over them and their signed heads, as rows. Bound to the transaction it is
// given.
#pragma once

#include <cstdint>
#include <optional>
#include <pqxx/pqxx>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "common/audit/merkle.h"
#include "common/postgres/transaction.h"
#include "teraju/audit/v1/audit_events.pb.h"

namespace teraju::audit {

// What the leaf of an event is the hash of: the form's version, then each field with its length in
// bytes, so that no two events have the same form. `leaf_index` takes no part.
std::string CanonicalEvent(const v1::AuditEvent& event);

// The place of an event in the table: transaction, then number.
struct EventKey {
  std::string xid = "0";
  std::int64_t number = 0;
};

struct StoredEvent {
  v1::AuditEvent event;
  EventKey key;
};

struct StoredLeaf {
  std::int64_t index = 0;
  std::string hash;                     // 32 bytes
  std::optional<v1::AuditEvent> event;  // nothing where it is gone
};

struct ListQuery {
  std::string agency;
  std::string resource;            // empty: every
  std::optional<EventKey> before;  // the last of the page before
  int size = 0;
};

// A row of audit_heads.
v1::TreeHead ToHead(const std::string& agency, const pqxx::row& row);

class AuditStore {
 public:
  AuditStore(postgres::Transaction& tx, std::string_view service) : tx_(tx), service_(service) {}

  // Newest first.
  std::vector<StoredEvent> List(const ListQuery& query);
  // Those that are about a person, in the same order.
  std::vector<StoredEvent> ListAbout(const ListQuery& query);
  std::optional<v1::AuditEvent> Find(const std::string& agency, const std::string& id);
  // The newest head; nothing before the first.
  std::optional<v1::TreeHead> Head(const std::string& agency);
  // The heads for more than `beyond` events and at most `to`, smallest first.
  std::vector<v1::TreeHead> Heads(const std::string& agency,
                                  std::int64_t beyond,
                                  std::int64_t to,
                                  int limit);
  // A full node of the tree. INTERNAL when it is missing: the tables contradict one another.
  absl::StatusOr<Hash> ReadNode(const std::string& agency, NodeId id);

  // Whether the sequencer has something to do; takes no lock.
  bool AnyUnsequenced();
  // For checking. The leaves from an index on, in order.
  std::vector<StoredLeaf> Leaves(const std::string& agency, std::int64_t from, int size);
  // How many of these nodes are stored as they are, and how many nodes there are at all.
  std::size_t CountSame(const std::string& agency, const std::vector<Node>& nodes);
  std::int64_t CountNodes(const std::string& agency);
  // How many events, at most `limit`, lie before the sequencer's place and have none of their own.
  int CountInserted(const std::string& agency, int limit);

  // For the sequencer. Its place; nothing while another one works.
  std::optional<EventKey> LockSequencer();
  void MoveSequencer(const EventKey& to);
  // The next events that can be followed by no earlier one, in order.
  std::vector<StoredEvent> Unsequenced(const EventKey& after, int size);
  std::uint64_t TreeSize(const std::string& agency);
  void AppendLeaves(const std::string& agency,
                    std::uint64_t first_index,
                    const std::vector<EventKey>& events,
                    const std::vector<Hash>& hashes);
  void AppendNodes(const std::string& agency, const std::vector<Node>& nodes);
  void InsertHead(const std::string& agency, const v1::TreeHead& head);

 private:
  v1::AuditEvent ToEvent(const pqxx::row& row) const;
  std::vector<StoredEvent> Page(const postgres::Statement& statement, const ListQuery& query);

  postgres::Transaction& tx_;
  const std::string service_;
};

}  // namespace teraju::audit
