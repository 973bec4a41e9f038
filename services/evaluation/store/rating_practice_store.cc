#include "services/evaluation/store/rating_practice_store.h"

#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kListPeople{"rating_practice_list_people", R"sql(
SELECT e.appraiser, e.result_rating, e.behavior_rating, e.computed,
       e.result_reason <> '' OR e.behavior_reason <> '' AS reasoned,
       EXISTS (SELECT FROM dialogues d WHERE d.agency_id = e.agency_id AND d.plan_id = e.plan_id
               AND d.date BETWEEN q.start_date AND q.end_date) AS talked,
       EXISTS (SELECT FROM objections o WHERE o.agency_id = e.agency_id AND o.evaluation_id = e.evaluation_id
               AND o.state = 'RESULT_CHANGED') AS changed
FROM periods q
JOIN LATERAL (
  SELECT DISTINCT a.appraiser FROM evaluations a
  WHERE a.agency_id = q.agency_id AND a.cycle_id = q.cycle_id AND a.period_id = q.period_id
    AND ($4::text IS NULL OR a.appraiser > $4) AND ($6::boolean OR a.appraiser = $7)
    AND (q.state = 'PUBLISHED' OR a.appraiser = $8) AND ($9::text IS NULL OR a.appraiser = $9)
  ORDER BY a.appraiser LIMIT $5) leaders ON true
JOIN evaluations e ON e.agency_id = q.agency_id AND e.cycle_id = q.cycle_id AND e.period_id = q.period_id
  AND e.appraiser = leaders.appraiser
WHERE q.agency_id = $1 AND q.cycle_id = $2 AND q.period_id = $3)sql"};

constexpr postgres::Statement kOfAgency{"rating_practice_of_agency", R"sql(
SELECT count(DISTINCT e.appraiser) AS leaders,
       count(*) FILTER (WHERE result_rating = 'ABOVE_EXPECTATION') AS results_above,
       count(*) FILTER (WHERE result_rating = 'AS_EXPECTED') AS results_as,
       count(*) FILTER (WHERE result_rating = 'BELOW_EXPECTATION') AS results_below,
       count(*) FILTER (WHERE behavior_rating = 'ABOVE_EXPECTATION') AS behavior_above,
       count(*) FILTER (WHERE behavior_rating = 'AS_EXPECTED') AS behavior_as,
       count(*) FILTER (WHERE behavior_rating = 'BELOW_EXPECTATION') AS behavior_below
FROM evaluations e JOIN periods q USING (agency_id, cycle_id, period_id)
WHERE e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3 AND q.state = 'PUBLISHED' AND e.state <> 'OPEN')sql"};

domain::RatedPerson ToPerson(const pqxx::row& row) {
  domain::RatedPerson person;
  person.results = ReadEnum<v1::Rating>(row["result_rating"]);
  person.behavior = ReadEnum<v1::Rating>(row["behavior_rating"]);
  v1::ComputedEvidence computed;
  if (!row["computed"].is_null() && computed.ParseFromString(postgres::FromBytes(row["computed"])))
    person.suggested = computed.suggested_result_rating();
  person.reasoned = row["reasoned"].as<bool>();
  person.talked = row["talked"].as<bool>();
  person.changed = row["changed"].as<bool>();
  return person;
}

}  // namespace

std::map<std::string, std::vector<domain::RatedPerson>> RatingPracticeStore::ListPeople(
    const PracticeQuery& query) const {
  const ScopeParameters scope(query.scope, query.caller);
  std::map<std::string, std::vector<domain::RatedPerson>> people;
  for (const pqxx::row& row : tx_.Exec(kListPeople,
                                       query.period.agency,
                                       query.period.cycle,
                                       query.period.period,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       scope.agency,
                                       scope.appraiser,
                                       query.caller,
                                       postgres::NullIfEmpty(query.appraiser)))
    people[row["appraiser"].c_str()].push_back(ToPerson(row));
  return people;
}

std::optional<v1::AgencyRatings> RatingPracticeStore::OfAgency(const PeriodKey& period,
                                                               int fewest) const {
  const pqxx::row row = tx_.Exec(kOfAgency, period.agency, period.cycle, period.period).front();
  v1::AgencyRatings ratings;
  ratings.set_leaders(row["leaders"].as<int>());
  if (ratings.leaders() < fewest) return std::nullopt;
  const auto read = [&](const std::string& of, v1::RatingCounts& counts) {
    counts.set_above_expectation(row[of + "_above"].as<int>());
    counts.set_as_expected(row[of + "_as"].as<int>());
    counts.set_below_expectation(row[of + "_below"].as<int>());
  };
  read("results", *ratings.mutable_results());
  read("behavior", *ratings.mutable_behavior());
  return ratings;
}

}  // namespace teraju::evaluation
