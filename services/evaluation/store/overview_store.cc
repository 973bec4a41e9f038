#include "services/evaluation/store/overview_store.h"

#include "absl/strings/str_split.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kListTeam{"overview_list_team", R"sql(
SELECT w.plan_id, w.employee, w.unit_id, w.position_title, w.state, w.revision, w.start_date, w.end_date,
       d.last_date, d.next_date, p.last_progress, s.open_count, s.overdue, e.standings
FROM (SELECT * FROM work_plans
      WHERE agency_id = $1 AND cycle_id = $2 AND appraiser = $3 AND ($4::uuid IS NULL OR plan_id > $4::uuid)
      ORDER BY plan_id LIMIT $5) w
LEFT JOIN LATERAL (
  SELECT max(date) AS last_date, (array_agg(next_date ORDER BY dialogue_id DESC))[1] AS next_date
  FROM dialogues d WHERE d.agency_id = w.agency_id AND d.plan_id = w.plan_id) d ON true
LEFT JOIN LATERAL (
  SELECT max(date) AS last_progress FROM progress_entries p
  WHERE p.agency_id = w.agency_id AND p.plan_id = w.plan_id) p ON true
LEFT JOIN LATERAL (
  SELECT count(*) AS open_count, coalesce(bool_or(state = 'GRANTED' AND due_date < $6::date), false) AS overdue
  FROM support_requests s
  WHERE s.agency_id = w.agency_id AND s.plan_id = w.plan_id AND state IN ('REQUESTED', 'GRANTED')) s ON true
LEFT JOIN LATERAL (
  SELECT array_agg(concat_ws('|', e.period_id, e.evaluation_id, e.state,
                             CASE WHEN e.rehearsal THEN '' ELSE coalesce(e.predicate, '') END)
                   ORDER BY q.start_date, q.end_date DESC) AS standings
  FROM evaluations e JOIN periods q USING (agency_id, cycle_id, period_id)
  WHERE e.agency_id = w.agency_id AND e.plan_id = w.plan_id) e ON true
ORDER BY w.plan_id)sql"};

constexpr postgres::Sql kFacts = R"sql(
WITH facts AS (
  SELECT w.appraiser, coalesce(w.unit_path[cardinality(w.unit_path) - 1], w.unit_path[1]) AS top_unit, w.state,
         EXISTS (SELECT 1 FROM dialogues d WHERE d.agency_id = w.agency_id AND d.plan_id = w.plan_id
                 AND d.date >= $3::date) AS checked_in,
         (SELECT count(*) FROM evaluations e JOIN periods q USING (agency_id, cycle_id, period_id)
          WHERE e.agency_id = w.agency_id AND e.plan_id = w.plan_id AND q.state <> 'OPEN') AS to_rate,
         (SELECT count(*) FROM evaluations e JOIN periods q USING (agency_id, cycle_id, period_id)
          WHERE e.agency_id = w.agency_id AND e.plan_id = w.plan_id AND q.state <> 'OPEN' AND e.state <> 'OPEN') AS rated
  FROM work_plans w WHERE w.agency_id = $1 AND w.cycle_id = $2)
)sql";

constexpr postgres::Sql kCounts = R"sql( AS subject, count(*) AS plans,
       count(*) FILTER (WHERE state IN ('SUBMITTED', 'APPROVED')) AS submitted,
       count(*) FILTER (WHERE state = 'APPROVED') AS approved,
       count(*) FILTER (WHERE checked_in) AS checked_in, sum(to_rate) AS to_rate, sum(rated) AS rated
FROM facts )sql";

constexpr postgres::Statement kCountByUnit{
    "overview_count_by_unit",
    postgres::kSql<kFacts + "SELECT top_unit" + kCounts + "GROUP BY top_unit ORDER BY top_unit">};

// Most that is late first.
constexpr postgres::Statement kCountByLeader{
    "overview_count_by_leader",
    postgres::kSql<kFacts + "SELECT appraiser" + kCounts +
                   "GROUP BY appraiser ORDER BY 2 * count(*)"
                   " - count(*) FILTER (WHERE state = 'APPROVED')"
                   " - count(*) FILTER (WHERE checked_in) + sum(to_rate) - sum(rated) DESC,"
                   " appraiser LIMIT $4">};

v1::ParticipationCounts ToCounts(const pqxx::row& row) {
  v1::ParticipationCounts counts;
  counts.set_plans(row["plans"].as<int>());
  counts.set_submitted(row["submitted"].as<int>());
  counts.set_approved(row["approved"].as<int>());
  counts.set_checked_in(row["checked_in"].as<int>());
  counts.set_to_rate(row["to_rate"].as<int>());
  counts.set_rated(row["rated"].as<int>());
  return counts;
}

void AddStandings(const std::string& agency,
                  const pqxx::field& field,
                  v1::Subordinate& subordinate) {
  if (field.is_null()) return;
  for (const std::string& text : postgres::ToStrings(field)) {
    const std::vector<std::string> parts = absl::StrSplit(text, '|');
    if (parts.size() != 4) continue;
    v1::PeriodStanding& standing = *subordinate.add_periods();
    standing.set_period(parts[0]);
    standing.set_evaluation(kEvaluationName.Format({agency, parts[1]}));
    v1::Evaluation::State state = v1::Evaluation::STATE_UNSPECIFIED;
    if (v1::Evaluation::State_Parse(parts[2], &state)) standing.set_state(state);
    v1::Predicate predicate = v1::PREDICATE_UNSPECIFIED;
    if (v1::Predicate_Parse(parts[3], &predicate)) standing.set_predicate(predicate);
  }
}

}  // namespace

std::vector<OverviewStore::Row> OverviewStore::ListTeam(const CycleKey& cycle,
                                                        const std::string& appraiser,
                                                        const google::type::Date& today,
                                                        const PageQuery& page) const {
  std::vector<Row> team;
  for (const pqxx::row& row : tx_.Exec(kListTeam,
                                       cycle.agency,
                                       cycle.cycle,
                                       appraiser,
                                       postgres::NullIfEmpty(page.after),
                                       page.size,
                                       postgres::ToText(today))) {
    Row& one = team.emplace_back();
    v1::Subordinate& person = one.subordinate;
    person.set_name(kWorkPlanName.Format({cycle.agency, row["plan_id"].c_str()}));
    person.set_employee(PersonName(cycle.agency, row["employee"].c_str()));
    person.set_unit(UnitName(cycle.agency, row["unit_id"].c_str()));
    person.set_position_title(row["position_title"].c_str());
    person.set_plan_state(ReadEnum<v1::WorkPlan::State>(row["state"]));
    person.set_plan_revision(row["revision"].as<int>());
    if (!row["last_date"].is_null())
      *person.mutable_last_dialogue_date() = postgres::ToDate(row["last_date"]);
    if (!row["next_date"].is_null())
      *person.mutable_next_dialogue_date() = postgres::ToDate(row["next_date"]);
    if (!row["last_progress"].is_null())
      *person.mutable_last_progress_date() = postgres::ToDate(row["last_progress"]);
    person.set_open_support_requests(row["open_count"].as<int>());
    AddStandings(cycle.agency, row["standings"], person);
    one.segment_start = postgres::ToDate(row["start_date"]);
    one.segment_end = postgres::ToDate(row["end_date"]);
    one.support_overdue = row["overdue"].as<bool>();
  }
  return team;
}

std::vector<v1::ParticipationCounts> OverviewStore::CountByUnit(
    const CycleKey& cycle, const google::type::Date& since) const {
  std::vector<v1::ParticipationCounts> counts;
  for (const pqxx::row& row :
       tx_.Exec(kCountByUnit, cycle.agency, cycle.cycle, postgres::ToText(since))) {
    counts.push_back(ToCounts(row));
    counts.back().set_subject(UnitName(cycle.agency, row["subject"].c_str()));
  }
  return counts;
}

std::vector<v1::ParticipationCounts> OverviewStore::CountByLeader(const CycleKey& cycle,
                                                                  const google::type::Date& since,
                                                                  std::optional<int> limit) const {
  std::vector<v1::ParticipationCounts> counts;
  for (const pqxx::row& row :
       tx_.Exec(kCountByLeader, cycle.agency, cycle.cycle, postgres::ToText(since), limit)) {
    counts.push_back(ToCounts(row));
    counts.back().set_subject(PersonName(cycle.agency, row["subject"].c_str()));
  }
  return counts;
}

}  // namespace teraju::evaluation
