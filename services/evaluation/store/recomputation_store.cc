#include "services/evaluation/store/recomputation_store.h"

#include <map>
#include <utility>

#include "common/postgres/codec.h"
#include "services/evaluation/store/annual_result_store.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {
namespace {

// Final results, and those that have a receipt although they are not: nothing may be overlooked
// because its state was changed. The record is the last decision's, as for the receipt itself.
constexpr postgres::Statement kSelectEvaluations{"recomputation_evaluations", R"sql(
SELECT e.*, r.receipt,
       (SELECT a.details FROM audit_events a
        WHERE a.agency_id = $1 AND a.resource = 'agencies/' || $1 || '/evaluations/' || e.evaluation_id
          AND a.type = 'evaluation.final'
        ORDER BY a.xid DESC, a.event_number DESC LIMIT 1) AS record
FROM evaluations e LEFT JOIN receipts r USING (agency_id, evaluation_id)
WHERE e.agency_id = $1 AND ($2::uuid IS NULL OR e.evaluation_id = $2::uuid)
  AND ($3::text IS NULL OR (e.cycle_id = $3 AND e.period_id = $4))
  AND ($5::uuid IS NULL OR e.evaluation_id > $5::uuid)
  AND (e.state IN ('FINAL', 'ACKNOWLEDGED') OR r.evaluation_id IS NOT NULL)
ORDER BY e.evaluation_id LIMIT $6)sql"};

constexpr postgres::Statement kSelectYears{"recomputation_years", R"sql(
SELECT y.*,
       (SELECT a.details FROM audit_events a
        WHERE a.agency_id = $1 AND a.resource = 'agencies/' || $1 || '/annualResults/' || y.annual_result_id
          AND a.type = 'annualResult.final'
        ORDER BY a.xid DESC, a.event_number DESC LIMIT 1) AS record
FROM annual_results y
WHERE y.agency_id = $1 AND ($2::uuid IS NULL OR y.annual_result_id = $2::uuid)
  AND ($3::text IS NULL OR (y.cycle_id = $3 AND y.period_id = $4))
  AND ($5::uuid IS NULL OR y.annual_result_id > $5::uuid)
  AND (y.state = 'FINAL' OR y.document IS NOT NULL)
ORDER BY y.annual_result_id LIMIT $6)sql"};

constexpr postgres::Statement kCountFinal{"recomputation_count", R"sql(
SELECT (SELECT count(*) FROM evaluations e LEFT JOIN receipts r USING (agency_id, evaluation_id)
        WHERE e.agency_id = $1 AND e.cycle_id = $2
          AND (e.state IN ('FINAL', 'ACKNOWLEDGED') OR r.evaluation_id IS NOT NULL))
     + (SELECT count(*) FROM annual_results
        WHERE agency_id = $1 AND cycle_id = $2 AND (state = 'FINAL' OR document IS NOT NULL)))sql"};

using MaybeText = std::optional<std::string>;

std::vector<domain::StoredEvaluation> ReadEvaluations(const pqxx::result& rows) {
  std::vector<domain::StoredEvaluation> found;
  for (const pqxx::row& row : rows) {
    domain::StoredEvaluation& one = found.emplace_back();
    one.evaluation = ToEvaluation(row);
    if (!row["receipt"].is_null()) one.receipt.ParseFromString(postgres::FromBytes(row["receipt"]));
    one.record = postgres::EmptyIfNull(row["record"]);
  }
  return found;
}

// Of one cycle.
std::vector<domain::StoredYear> ReadYears(postgres::Transaction& tx, const pqxx::result& rows) {
  std::vector<domain::StoredYear> found;
  if (rows.empty()) return found;
  const pqxx::row first = rows.front();
  const PeriodKey year{
      first["agency_id"].c_str(), first["cycle_id"].c_str(), first["period_id"].c_str()};
  std::vector<std::string> people;
  for (const pqxx::row& row : rows) people.emplace_back(row["employee"].c_str());
  auto parts = AnnualResultStore(tx).Parts(year, people);
  for (const pqxx::row& row : rows) {
    domain::StoredYear& one = found.emplace_back();
    one.result = ToAnnualResult(row);
    one.document = postgres::EmptyIfNull(row["document"]);
    one.record = postgres::EmptyIfNull(row["record"]);
    one.parts = std::move(parts[row["employee"].c_str()]);
  }
  return found;
}

}  // namespace

std::optional<domain::StoredEvaluation> RecomputationStore::FindEvaluation(const Key& key) const {
  std::vector<domain::StoredEvaluation> found = ReadEvaluations(
      tx_.Exec(kSelectEvaluations, key.agency, key.id, MaybeText(), MaybeText(), MaybeText(), 1));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::optional<domain::StoredYear> RecomputationStore::FindYear(const Key& key) const {
  std::vector<domain::StoredYear> found = ReadYears(
      tx_, tx_.Exec(kSelectYears, key.agency, key.id, MaybeText(), MaybeText(), MaybeText(), 1));
  if (found.empty()) return std::nullopt;
  return std::move(found.front());
}

std::vector<domain::StoredEvaluation> RecomputationStore::Evaluations(const PeriodKey& period,
                                                                      const std::string& after,
                                                                      int size) const {
  return ReadEvaluations(tx_.Exec(kSelectEvaluations,
                                  period.agency,
                                  MaybeText(),
                                  period.cycle,
                                  period.period,
                                  postgres::NullIfEmpty(after),
                                  size));
}

std::vector<domain::StoredYear> RecomputationStore::Years(const PeriodKey& year,
                                                          const std::string& after,
                                                          int size) const {
  return ReadYears(tx_,
                   tx_.Exec(kSelectYears,
                            year.agency,
                            MaybeText(),
                            year.cycle,
                            year.period,
                            postgres::NullIfEmpty(after),
                            size));
}

std::int64_t RecomputationStore::Count(const CycleKey& cycle) const {
  return tx_.Exec(kCountFinal, cycle.agency, cycle.cycle).front().front().as<std::int64_t>();
}

}  // namespace teraju::evaluation
