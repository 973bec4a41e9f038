#include "common/audit/audit_store.h"

#include <fmt/format.h>

#include "common/errors/error.h"
#include "common/postgres/codec.h"

namespace teraju::audit {
namespace {

using postgres::kSql;
using postgres::Sql;
using postgres::Statement;

constexpr Sql kSelectEvents =
    "SELECT e.agency_id, e.event_id, e.create_time, e.actor, e.on_behalf_of, e.method, e.resource, "
    "e.type, e.details, "
    "l.leaf_index, e.xid, e.event_number FROM audit_events e "
    "LEFT JOIN audit_leaves l USING (agency_id, xid, event_number) ";
constexpr Statement kList{
    "audit_event_list",
    kSql<kSelectEvents +
         "WHERE e.agency_id = $1 AND ($2::text IS NULL OR e.resource = $2) "
         "AND ($3::xid8 IS NULL OR (e.xid, e.event_number) < ($3::xid8, $4::bigint)) "
         "ORDER BY e.xid DESC, e.event_number DESC LIMIT $5">};
constexpr Statement kListAbout{
    "audit_event_list_about",
    kSql<kSelectEvents +
         "WHERE e.agency_id = $1 AND e.about = $2 AND e.about <> '' "
         "AND ($3::xid8 IS NULL OR (e.xid, e.event_number) < ($3::xid8, $4::bigint)) "
         "ORDER BY e.xid DESC, e.event_number DESC LIMIT $5">};
constexpr Statement kFind{"audit_event_select",
                          kSql<kSelectEvents + "WHERE e.agency_id = $1 AND e.event_id = $2">};
// Below the oldest running transaction, as in the feed: an event that is committed later cannot
// come before.
constexpr Statement kUnsequenced{
    "audit_event_list_unsequenced",
    kSql<kSelectEvents + "WHERE (e.xid, e.event_number) > ($1::xid8, $2) "
                         "AND e.xid < pg_snapshot_xmin(pg_current_snapshot()) "
                         "ORDER BY e.xid, e.event_number LIMIT $3">};
constexpr Statement kHead{
    "audit_head_select",
    "SELECT tree_size, root_hash, create_time, signature, key_id FROM audit_heads "
    "WHERE agency_id = $1 ORDER BY tree_size DESC LIMIT 1"};
constexpr Statement kHeads{
    "audit_head_list",
    "SELECT tree_size, root_hash, create_time, signature, key_id FROM audit_heads "
    "WHERE agency_id = $1 AND tree_size > $2 AND tree_size <= $3 ORDER BY tree_size LIMIT $4"};
constexpr Statement kLeaves{
    "audit_leaf_list",
    // The column that persons are found by must say what the details say, which the leaf covers.
    "SELECT l.leaf_index, l.leaf_hash, l.agency_id, e.event_id, e.create_time, e.actor, "
    "e.on_behalf_of, e.method, e.resource, e.type, "
    "CASE WHEN starts_with(e.details, '{\"about\":\"') "
    "AND NOT starts_with(e.details, '{\"about\":\"' || e.about || '\"') THEN 'about ' || e.about "
    "ELSE e.details END AS details FROM audit_leaves l "
    "LEFT JOIN audit_events e USING (agency_id, xid, event_number) "
    "WHERE l.agency_id = $1 AND l.leaf_index >= $2 ORDER BY l.leaf_index LIMIT $3"};
constexpr Statement kCountSame{
    "audit_node_count_same",
    "SELECT count(*) FROM unnest($2::int[], $3::bigint[], $4::bytea[]) AS n(level, node_index, "
    "node_hash) JOIN audit_nodes a ON a.agency_id = $1 AND a.level = n.level "
    "AND a.node_index = n.node_index AND a.node_hash = n.node_hash"};
constexpr Statement kCountNodes{"audit_node_count",
                                "SELECT count(*) FROM audit_nodes WHERE agency_id = $1"};
constexpr Statement kCountInserted{
    "audit_event_count_inserted",
    "SELECT count(*) FROM (SELECT FROM audit_events e, audit_sequencer s "
    "WHERE e.agency_id = $1 AND (e.xid, e.event_number) <= (s.xid, s.event_number) "
    "AND NOT EXISTS (SELECT FROM audit_leaves l WHERE l.agency_id = e.agency_id "
    "AND l.xid = e.xid AND l.event_number = e.event_number) LIMIT $2) i"};
constexpr Statement kReadLeaf{
    "audit_leaf_select",
    "SELECT leaf_hash FROM audit_leaves WHERE agency_id = $1 AND leaf_index = $2"};
constexpr Statement kReadNode{
    "audit_node_select",
    "SELECT node_hash FROM audit_nodes WHERE agency_id = $1 AND level = $2 AND node_index = $3"};
// By the last event, which an index gives. EXISTS over a comparison with the sequencer's row reads
// the whole table: PostgreSQL expects a third of it to match, and so the first match at its start.
constexpr Statement kAny{
    "audit_event_any_unsequenced",
    "SELECT coalesce((SELECT (e.xid, e.event_number) > (s.xid, s.event_number) "
    "FROM audit_events e WHERE e.xid < pg_snapshot_xmin(pg_current_snapshot()) "
    "ORDER BY e.xid DESC, e.event_number DESC LIMIT 1), false) FROM audit_sequencer s"};
constexpr Statement kLock{"audit_sequencer_lock",
                          "SELECT xid, event_number FROM audit_sequencer FOR UPDATE SKIP LOCKED"};
constexpr Statement kMove{"audit_sequencer_move",
                          "UPDATE audit_sequencer SET xid = $1::xid8, event_number = $2"};
constexpr Statement kTreeSize{
    "audit_leaf_count",
    "SELECT coalesce(max(leaf_index) + 1, 0) FROM audit_leaves WHERE agency_id = $1"};
constexpr Statement kAppendLeaves{
    "audit_leaf_insert",
    "INSERT INTO audit_leaves (agency_id, leaf_index, xid, event_number, leaf_hash) "
    "SELECT $1, $2 + n - 1, xid, event_number, leaf_hash "
    "FROM unnest($3::xid8[], $4::bigint[], $5::bytea[]) WITH ORDINALITY AS l(xid, event_number, "
    "leaf_hash, n)"};
constexpr Statement kAppendNodes{
    "audit_node_insert",
    "INSERT INTO audit_nodes (agency_id, level, node_index, node_hash) "
    "SELECT $1, level, node_index, node_hash FROM unnest($2::int[], $3::bigint[], $4::bytea[]) "
    "AS n(level, node_index, node_hash)"};
constexpr Statement kInsertHead{
    "audit_head_insert",
    "INSERT INTO audit_heads (agency_id, tree_size, root_hash, create_time, signature, key_id) "
    "VALUES ($1, $2, $3, $4, $5, $6)"};

// bytea as an element of an array.
std::string Element(const Hash& hash) {
  std::string text = "\\x";
  for (const std::uint8_t byte : hash) text += fmt::format("{:02x}", byte);
  return text;
}

std::string AgencyName(std::string_view agency) {
  return fmt::format("agencies/{}", agency.empty() ? "-" : agency);
}

// Levels, indexes and hashes, as arrays.
struct NodeArrays {
  explicit NodeArrays(const std::vector<Node>& nodes) {
    std::vector<std::string> level_texts, index_texts, elements;
    for (const Node& node : nodes) {
      level_texts.push_back(std::to_string(node.id.level));
      index_texts.push_back(std::to_string(node.id.index));
      elements.push_back(Element(node.hash));
    }
    levels = postgres::ToArray(level_texts);
    indexes = postgres::ToArray(index_texts);
    hashes = postgres::ToArray(elements);
  }
  std::string levels, indexes, hashes;
};

}  // namespace

v1::TreeHead ToHead(const std::string& agency, const pqxx::row& row) {
  v1::TreeHead head;
  head.set_agency(AgencyName(agency));
  head.set_tree_size(row["tree_size"].as<std::int64_t>());
  head.set_root_hash(postgres::FromBytes(row["root_hash"]));
  *head.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  head.set_signature(postgres::FromBytes(row["signature"]));
  head.set_key_id(row["key_id"].c_str());
  return head;
}

v1::AuditEvent AuditStore::ToEvent(const pqxx::row& row) const {
  v1::AuditEvent event;
  event.set_name(fmt::format("auditEvents/{}/{}", service_, row["event_id"].c_str()));
  event.set_agency(AgencyName(row["agency_id"].c_str()));
  *event.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  event.set_actor(row["actor"].c_str());
  event.set_on_behalf_of(row["on_behalf_of"].c_str());
  event.set_method(row["method"].c_str());
  event.set_resource(row["resource"].c_str());
  event.set_type(row["type"].c_str());
  event.set_details(row["details"].c_str());
  if (!row["leaf_index"].is_null()) event.set_leaf_index(row["leaf_index"].as<std::int64_t>());
  return event;
}

std::vector<StoredEvent> AuditStore::List(const ListQuery& query) { return Page(kList, query); }

std::vector<StoredEvent> AuditStore::ListAbout(const ListQuery& query) {
  return Page(kListAbout, query);
}

std::vector<StoredEvent> AuditStore::Page(const Statement& statement, const ListQuery& query) {
  std::optional<std::string> xid;
  std::optional<std::int64_t> number;
  if (query.before.has_value()) {
    xid = query.before->xid;
    number = query.before->number;
  }
  std::vector<StoredEvent> list;
  for (const pqxx::row& row : tx_.Exec(statement,
                                       query.agency,
                                       postgres::NullIfEmpty(query.resource),
                                       xid,
                                       number,
                                       query.size)) {
    list.push_back({ToEvent(row), {row["xid"].c_str(), row["event_number"].as<std::int64_t>()}});
  }
  return list;
}

std::optional<v1::AuditEvent> AuditStore::Find(const std::string& agency, const std::string& id) {
  const pqxx::result found = tx_.Exec(kFind, agency, id);
  if (found.empty()) return std::nullopt;
  return ToEvent(found[0]);
}

std::optional<v1::TreeHead> AuditStore::Head(const std::string& agency) {
  const pqxx::result found = tx_.Exec(kHead, agency);
  if (found.empty()) return std::nullopt;
  return ToHead(agency, found[0]);
}

std::vector<v1::TreeHead> AuditStore::Heads(const std::string& agency,
                                            std::int64_t beyond,
                                            std::int64_t to,
                                            int limit) {
  std::vector<v1::TreeHead> heads;
  for (const pqxx::row& row : tx_.Exec(kHeads, agency, beyond, to, limit))
    heads.push_back(ToHead(agency, row));
  return heads;
}

std::vector<StoredLeaf> AuditStore::Leaves(const std::string& agency, std::int64_t from, int size) {
  std::vector<StoredLeaf> leaves;
  for (const pqxx::row& row : tx_.Exec(kLeaves, agency, from, size)) {
    StoredLeaf& leaf = leaves.emplace_back();
    leaf.index = row["leaf_index"].as<std::int64_t>();
    leaf.hash = postgres::FromBytes(row["leaf_hash"]);
    if (!row["event_id"].is_null()) leaf.event = ToEvent(row);
  }
  return leaves;
}

std::size_t AuditStore::CountSame(const std::string& agency, const std::vector<Node>& nodes) {
  const NodeArrays arrays(nodes);
  return tx_.Exec(kCountSame, agency, arrays.levels, arrays.indexes, arrays.hashes)[0][0]
      .as<std::size_t>();
}

std::int64_t AuditStore::CountNodes(const std::string& agency) {
  return tx_.Exec(kCountNodes, agency)[0][0].as<std::int64_t>();
}

int AuditStore::CountInserted(const std::string& agency, int limit) {
  return tx_.Exec(kCountInserted, agency, limit)[0][0].as<int>();
}

absl::StatusOr<Hash> AuditStore::ReadNode(const std::string& agency, NodeId id) {
  const auto index = static_cast<std::int64_t>(id.index);
  const pqxx::result found = id.level == 0 ? tx_.Exec(kReadLeaf, agency, index)
                                           : tx_.Exec(kReadNode, agency, id.level, index);
  if (found.empty())
    return errors::Internal(errors::reasons::INTERNAL_FAULT, "A node of the tree is missing.");
  return ToHash(postgres::FromBytes(found[0][0]));
}

bool AuditStore::AnyUnsequenced() { return tx_.Exec(kAny)[0][0].as<bool>(); }

std::optional<EventKey> AuditStore::LockSequencer() {
  const pqxx::result found = tx_.Exec(kLock);
  if (found.empty()) return std::nullopt;
  return EventKey{found[0][0].c_str(), found[0][1].as<std::int64_t>()};
}

void AuditStore::MoveSequencer(const EventKey& to) { tx_.Exec(kMove, to.xid, to.number); }

std::vector<StoredEvent> AuditStore::Unsequenced(const EventKey& after, int size) {
  std::vector<StoredEvent> events;
  for (const pqxx::row& row : tx_.Exec(kUnsequenced, after.xid, after.number, size)) {
    events.push_back({ToEvent(row), {row["xid"].c_str(), row["event_number"].as<std::int64_t>()}});
  }
  return events;
}

std::uint64_t AuditStore::TreeSize(const std::string& agency) {
  return tx_.Exec(kTreeSize, agency)[0][0].as<std::uint64_t>();
}

void AuditStore::AppendLeaves(const std::string& agency,
                              std::uint64_t first_index,
                              const std::vector<EventKey>& events,
                              const std::vector<Hash>& hashes) {
  std::vector<std::string> xids, numbers, elements;
  for (const EventKey& key : events) {
    xids.push_back(key.xid);
    numbers.push_back(std::to_string(key.number));
  }
  for (const Hash& hash : hashes) elements.push_back(Element(hash));
  tx_.Exec(kAppendLeaves,
           agency,
           static_cast<std::int64_t>(first_index),
           postgres::ToArray(xids),
           postgres::ToArray(numbers),
           postgres::ToArray(elements));
}

void AuditStore::AppendNodes(const std::string& agency, const std::vector<Node>& nodes) {
  if (nodes.empty()) return;
  const NodeArrays arrays(nodes);
  tx_.Exec(kAppendNodes, agency, arrays.levels, arrays.indexes, arrays.hashes);
}

void AuditStore::InsertHead(const std::string& agency, const v1::TreeHead& head) {
  const absl::Time time = absl::FromUnixSeconds(head.create_time().seconds()) +
                          absl::Nanoseconds(head.create_time().nanos());
  tx_.Exec(kInsertHead,
           agency,
           head.tree_size(),
           postgres::ToBytes(head.root_hash()),
           postgres::ToText(time),
           postgres::ToBytes(head.signature()),
           head.key_id());
}

}  // namespace teraju::audit
