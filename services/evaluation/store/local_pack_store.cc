#include "services/evaluation/store/local_pack_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/evaluation/store/evaluation_store.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsertPack{"local_pack_insert", R"sql(
INSERT INTO local_packs (agency_id, pack_id, revision, digest, definition, create_time)
VALUES ($1, $2, $3, $4, $5, $6::timestamptz) ON CONFLICT DO NOTHING)sql"};

constexpr postgres::Statement kSelectPack{
    "local_pack_select",
    "SELECT definition, digest FROM local_packs WHERE agency_id = $1 AND pack_id = $2 AND revision "
    "= $3"};

constexpr postgres::Sql kPeople =
    "SELECT * FROM evaluations WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3"
    " AND employee = ANY ($4::text[]) ORDER BY evaluation_id";
constexpr postgres::Statement kFindPeople{"figures_find_people", postgres::kSql<kPeople>};
constexpr postgres::Statement kLockPeople{"figures_lock_people",
                                          postgres::kSql<kPeople + " FOR NO KEY UPDATE">};

constexpr postgres::Statement kStoreFigures{"figures_store", R"sql(
UPDATE evaluations e SET figures = decode(nullif(s.figures, ''), 'hex'), version = e.version + 1
FROM unnest($2::uuid[], $3::text[]) AS s(evaluation_id, figures)
WHERE e.agency_id = $1 AND e.evaluation_id = s.evaluation_id)sql"};

std::vector<v1::Evaluation> PeopleBy(postgres::Transaction& tx,
                                     const postgres::Statement& statement,
                                     const PeriodKey& period,
                                     const std::vector<std::string>& employees) {
  std::vector<v1::Evaluation> found;
  for (const pqxx::row& row : tx.Exec(
           statement, period.agency, period.cycle, period.period, postgres::ToArray(employees))) {
    found.push_back(ToEvaluation(row));
  }
  return found;
}

}  // namespace

void LocalPackStore::Insert(const PackKey& key,
                            const std::string& definition,
                            const std::string& digest) {
  tx_.Exec(kInsertPack,
           key.agency,
           key.pack,
           key.revision,
           digest,
           definition,
           postgres::ToText(tx_.call().time()));
}

absl::StatusOr<domain::LocalPack> LocalPackStore::Get(const std::string& name) const {
  ASSIGN_OR_RETURN(const PackKey key, ParsePackRevision(name, "localPack"));
  const pqxx::result rows = tx_.Exec(kSelectPack, key.agency, key.pack, key.revision);
  if (rows.empty()) return errors::ResourceNotFound(name);
  return domain::ReadLocalPack(
      name, rows.front()["definition"].c_str(), rows.front()["digest"].c_str());
}

std::vector<v1::Evaluation> LocalPackStore::FindPeople(
    const PeriodKey& period, const std::vector<std::string>& employees) const {
  return PeopleBy(tx_, kFindPeople, period, employees);
}

std::vector<v1::Evaluation> LocalPackStore::LockPeople(const PeriodKey& period,
                                                       const std::vector<std::string>& employees) {
  return PeopleBy(tx_, kLockPeople, period, employees);
}

void LocalPackStore::StoreFigures(const std::string& agency,
                                  std::span<const v1::Evaluation> evaluations) {
  std::vector<std::string> ids, figures;
  for (const v1::Evaluation& evaluation : evaluations) {
    ids.push_back(IdOf(evaluation.name()));
    figures.push_back(FiguresHex(evaluation).value_or(""));
  }
  tx_.Exec(kStoreFigures, agency, postgres::ToArray(ids), postgres::ToArray(figures));
}

}  // namespace teraju::evaluation
