#include "services/catalog/store/policy_pack_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "common/postgres/lock_name.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

constexpr postgres::Sql kAbout =
    "policy_pack_id, revision, digest, title_id, title_en, source, start_date, end_date, version,"
    " create_time, activate_time";
constexpr postgres::Sql kOne = " FROM policy_packs WHERE agency_id = $1 AND policy_pack_id = $2";

constexpr postgres::Sql kInsertDraft =
    "INSERT INTO policy_packs (agency_id, policy_pack_id, revision, definition, digest, title_id,"
    " title_en, source, start_date, end_date, create_time, version)"
    " VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";
constexpr postgres::Statement kInsert{"policy_pack_insert",
                                      postgres::kSql<kInsertDraft + " ON CONFLICT DO NOTHING">};
// Never touches an active revision. Versions go on rising from revision to revision.
constexpr postgres::Statement kUpsertDraft{
    "policy_pack_upsert_draft",
    postgres::kSql<
        kInsertDraft +
        " ON CONFLICT (agency_id, policy_pack_id, revision) DO UPDATE"
        " SET definition = excluded.definition, digest = excluded.digest,"
        " title_id = excluded.title_id, title_en = excluded.title_en, source = excluded.source,"
        " start_date = excluded.start_date, end_date = excluded.end_date,"
        " version = excluded.version WHERE policy_packs.activate_time IS NULL">};
// What is active last; while nothing was, the draft.
constexpr postgres::Statement kSelect{
    "policy_pack_select",
    postgres::kSql<"SELECT definition, " + kAbout + kOne +
                   " ORDER BY activate_time IS NULL, revision DESC LIMIT 1">};
constexpr postgres::Statement kSelectRevision{
    "policy_pack_select_revision",
    postgres::kSql<"SELECT definition, " + kAbout + kOne +
                   " AND revision = $3 AND activate_time IS NOT NULL">};
constexpr postgres::Statement kSelectDraft{
    "policy_pack_select_draft",
    postgres::kSql<"SELECT definition, " + kAbout + kOne + " AND activate_time IS NULL">};
constexpr postgres::Statement kSelectNewest{
    "policy_pack_select_newest",
    postgres::kSql<"SELECT definition, " + kAbout + kOne + " ORDER BY revision DESC LIMIT 1">};
constexpr postgres::Statement kList{
    "policy_pack_list",
    postgres::kSql<"SELECT DISTINCT ON (policy_pack_id) '' AS definition, " + kAbout +
                   " FROM policy_packs WHERE agency_id = $1 AND policy_pack_id > $2"
                   " ORDER BY policy_pack_id, activate_time IS NULL, revision DESC LIMIT $3">};
constexpr postgres::Statement kActivate{
    "policy_pack_activate",
    "UPDATE policy_packs SET activate_time = $3, version = version + 1"
    " WHERE agency_id = $1 AND policy_pack_id = $2 AND activate_time IS NULL"};

v1::PolicyPack ToPolicyPack(const AgencyId& agency, const pqxx::row& row) {
  v1::PolicyPack pack;
  const StrongId<PolicyPackTag> id(row["policy_pack_id"].as<std::string>());
  pack.set_name(PolicyPackKey{agency, id}.Name());
  pack.set_definition(row["definition"].as<std::string>());
  pack.set_title_id(row["title_id"].as<std::string>());
  pack.set_title_en(row["title_en"].as<std::string>());
  pack.set_source(row["source"].as<std::string>());
  pack.set_start_date(row["start_date"].as<std::string>());
  pack.set_end_date(row["end_date"].as<std::string>(""));
  pack.set_revision(row["revision"].as<int>());
  pack.set_digest(row["digest"].as<std::string>());
  *pack.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  pack.set_state(row["activate_time"].is_null() ? v1::PolicyPack::DRAFT : v1::PolicyPack::ACTIVE);
  if (pack.state() == v1::PolicyPack::ACTIVE)
    *pack.mutable_activate_time() = postgres::ToTimestamp(row["activate_time"]);
  pack.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return pack;
}

std::int64_t StoreDraft(postgres::Transaction& tx,
                        const postgres::Statement& statement,
                        const PolicyPackKey& key,
                        int revision,
                        const v1::PolicyPack& pack,
                        std::int64_t version) {
  return tx
      .Exec(statement,
            key.agency.value(),
            key.id.value(),
            revision,
            pack.definition(),
            pack.digest(),
            pack.title_id(),
            pack.title_en(),
            pack.source(),
            pack.start_date(),
            postgres::NullIfEmpty(pack.end_date()),
            postgres::ToText(tx.call().time()),
            version)
      .affected_rows();
}

}  // namespace

absl::StatusOr<v1::PolicyPack> PolicyPackStore::Insert(const PolicyPackKey& key,
                                                       const v1::PolicyPack& pack) {
  if (StoreDraft(tx_, kInsert, key, 1, pack, 1) == 0) return errors::ResourceExists(key.Name());
  return Get(key);
}

absl::StatusOr<v1::PolicyPack> PolicyPackStore::Get(const PolicyPackKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToPolicyPack(key.agency, rows[0]);
}

absl::StatusOr<v1::PolicyPack> PolicyPackStore::GetRevision(const PolicyPackKey& key,
                                                            int revision) const {
  const pqxx::result rows = tx_.Exec(kSelectRevision, key.agency.value(), key.id.value(), revision);
  if (rows.empty())
    return errors::ResourceNotFound(key.Name() + "/revisions/" + std::to_string(revision));
  return ToPolicyPack(key.agency, rows[0]);
}

absl::StatusOr<v1::PolicyPack> PolicyPackStore::GetDraft(const PolicyPackKey& key) const {
  RETURN_IF_ERROR(Get(key).status());
  const pqxx::result rows = tx_.Exec(kSelectDraft, key.agency.value(), key.id.value());
  if (rows.empty()) {
    return errors::FailedPrecondition(v1::PACK_DRAFT_MISSING, "There is no draft.")
        .With("policy_pack", key.Name());
  }
  return ToPolicyPack(key.agency, rows[0]);
}

std::vector<v1::PolicyPack> PolicyPackStore::List(const AgencyId& agency,
                                                  const std::string& after_id,
                                                  int limit) const {
  std::vector<v1::PolicyPack> packs;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after_id, limit))
    packs.push_back(ToPolicyPack(agency, row));
  return packs;
}

absl::StatusOr<v1::PolicyPack> PolicyPackStore::UpdateDraft(
    const PolicyPackKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::PolicyPack&, int next_revision)> change) {
  postgres::LockName(tx_, key.Name());
  const pqxx::result rows = tx_.Exec(kSelectNewest, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  v1::PolicyPack pack = ToPolicyPack(key.agency, rows[0]);
  const auto version = rows[0]["version"].as<std::int64_t>();
  RETURN_IF_ERROR(precondition.Check(version, key.Name()));
  const int next = pack.state() == v1::PolicyPack::ACTIVE ? pack.revision() + 1 : pack.revision();
  RETURN_IF_ERROR(change(pack, next));
  StoreDraft(tx_, kUpsertDraft, key, next, pack, version + 1);
  return GetDraft(key);
}

absl::StatusOr<v1::PolicyPack> PolicyPackStore::Activate(
    const PolicyPackKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(const v1::PolicyPack&)> check) {
  postgres::LockName(tx_, key.Name());
  const pqxx::result rows = tx_.Exec(kSelectNewest, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  const v1::PolicyPack pack = ToPolicyPack(key.agency, rows[0]);
  if (pack.state() == v1::PolicyPack::ACTIVE) return pack;
  RETURN_IF_ERROR(check(pack));
  tx_.Exec(kActivate, key.agency.value(), key.id.value(), postgres::ToText(tx_.call().time()));
  return Get(key);
}

}  // namespace teraju::catalog
