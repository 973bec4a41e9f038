#include "services/evaluation/store/evidence_store.h"

#include "absl/strings/escaping.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsertContent{"evidence_content_insert", R"sql(
INSERT INTO evidence_contents (agency_id, sha256, size_bytes) VALUES ($1, $2, $3)
ON CONFLICT DO NOTHING)sql"};

constexpr postgres::Statement kInsertBlock{"evidence_block_insert", R"sql(
INSERT INTO evidence_blocks (agency_id, sha256, block_number, data) VALUES ($1, $2, $3, $4))sql"};

constexpr postgres::Statement kSelectBlock{"evidence_block_select", R"sql(
SELECT data FROM evidence_blocks WHERE agency_id = $1 AND sha256 = $2 AND block_number = $3)sql"};

// The period of an upload is the shortest one of the cycle that holds its day.
constexpr postgres::Statement kInsert{"evidence_insert", R"sql(
INSERT INTO evidence (agency_id, plan_id, evidence_id, item_id, media_type, size_bytes, sha256, reused, create_time)
VALUES ($1, $2::uuid, $3::uuid, $4, $5, $6, $7,
        EXISTS (SELECT 1 FROM evidence e
                WHERE e.agency_id = $1 AND e.sha256 = $7
                  AND (e.plan_id <> $2::uuid OR e.item_id <> $4 OR e.create_time <
                       (SELECT p.start_date FROM periods p
                        WHERE p.agency_id = $1 AND p.cycle_id = $8
                          AND $9::timestamptz::date BETWEEN p.start_date AND p.end_date
                        ORDER BY p.start_date DESC, p.end_date LIMIT 1))),
        $9::timestamptz)
RETURNING *)sql"};

constexpr postgres::Statement kSelect{"evidence_select", R"sql(
SELECT * FROM evidence WHERE agency_id = $1 AND plan_id = $2::uuid AND evidence_id = $3::uuid)sql"};

constexpr postgres::Statement kList{"evidence_list", R"sql(
SELECT * FROM evidence
WHERE agency_id = $1 AND plan_id = $2::uuid AND ($3::uuid IS NULL OR evidence_id > $3::uuid)
ORDER BY evidence_id LIMIT $4)sql"};

constexpr postgres::Statement kCount{"evidence_count", R"sql(
SELECT count(*) FROM evidence WHERE agency_id = $1 AND plan_id = $2::uuid AND evidence_id = ANY ($3::uuid[]))sql"};

v1::Evidence ToEvidence(const pqxx::row& row) {
  v1::Evidence evidence;
  evidence.set_name(kEvidenceName.Format(
      {row["agency_id"].c_str(), row["plan_id"].c_str(), row["evidence_id"].c_str()}));
  evidence.set_item_id(row["item_id"].c_str());
  evidence.set_media_type(row["media_type"].c_str());
  evidence.set_size_bytes(row["size_bytes"].as<std::int64_t>());
  evidence.set_sha256(absl::BytesToHexString(postgres::FromBytes(row["sha256"])));
  evidence.set_reused(row["reused"].as<bool>());
  *evidence.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  return evidence;
}

}  // namespace

absl::Status EvidenceContents::Put(const std::string& agency,
                                   const std::string& sha256,
                                   std::int64_t size,
                                   const std::function<absl::StatusOr<std::string>()>& next_block) {
  const pqxx::binarystring hash = postgres::ToBytes(sha256);
  if (tx_.Exec(kInsertContent, agency, hash, size).affected_rows() == 0) return absl::OkStatus();
  for (int number = 0;; ++number) {
    ASSIGN_OR_RETURN(const std::string block, next_block());
    if (block.empty()) return absl::OkStatus();
    tx_.Exec(kInsertBlock, agency, hash, number, postgres::ToBytes(block));
  }
}

std::optional<std::string> EvidenceContents::Get(const std::string& agency,
                                                 const std::string& sha256,
                                                 int number) const {
  const pqxx::result rows = tx_.Exec(kSelectBlock, agency, postgres::ToBytes(sha256), number);
  if (rows.empty()) return std::nullopt;
  return postgres::FromBytes(rows.front()["data"]);
}

v1::Evidence EvidenceStore::Insert(const PlanChildKey& key,
                                   const v1::Evidence& evidence,
                                   const std::string& cycle) {
  return ToEvidence(tx_.Exec(kInsert,
                             key.agency,
                             key.plan,
                             key.id,
                             evidence.item_id(),
                             evidence.media_type(),
                             evidence.size_bytes(),
                             postgres::ToBytes(absl::HexStringToBytes(evidence.sha256())),
                             cycle,
                             postgres::ToText(tx_.call().time()))
                        .front());
}

std::optional<v1::Evidence> EvidenceStore::Find(const PlanChildKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.plan, key.id);
  if (rows.empty()) return std::nullopt;
  return ToEvidence(rows.front());
}

std::vector<v1::Evidence> EvidenceStore::List(const Key& plan, const PageQuery& page) const {
  std::vector<v1::Evidence> files;
  for (const pqxx::row& row :
       tx_.Exec(kList, plan.agency, plan.id, postgres::NullIfEmpty(page.after), page.size)) {
    files.push_back(ToEvidence(row));
  }
  return files;
}

int EvidenceStore::Count(const Key& plan, const std::vector<std::string>& ids) const {
  return tx_.Exec(kCount, plan.agency, plan.id, postgres::ToArray(ids)).front().front().as<int>();
}

}  // namespace teraju::evaluation
