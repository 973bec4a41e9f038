#include "services/evaluation/store/scoring_store.h"

#include "absl/strings/escaping.h"
#include "absl/strings/str_cat.h"
#include "common/decimal/decimal.h"
#include "common/postgres/codec.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/rows.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kNext{"scoring_next", R"sql(
SELECT e.*, w.state AS plan_state, w.body AS plan_body
FROM evaluations e JOIN work_plans w USING (agency_id, plan_id)
WHERE e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3 AND e.state = ANY ($4::text[])
  AND ($5::uuid IS NULL OR e.evaluation_id > $5::uuid) AND e.evaluation_id <= $6::uuid
ORDER BY e.evaluation_id
FOR NO KEY UPDATE OF e)sql"};

constexpr postgres::Statement kNextIds{"scoring_next_ids", R"sql(
SELECT evaluation_id FROM evaluations
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = ANY ($4::text[])
  AND ($5::uuid IS NULL OR evaluation_id > $5::uuid)
ORDER BY evaluation_id LIMIT $6)sql"};

// Per indicator the latest realisation, without those that were corrected, and per item (without an
// indicator) its initiatives and the files uploaded for it.
constexpr postgres::Statement kActivities{"scoring_activities", R"sql(
WITH standing AS (
  SELECT * FROM progress_entries e
  WHERE e.agency_id = $1 AND e.plan_id = ANY ($2::uuid[]) AND e.date <= $3::date
    AND NOT EXISTS (SELECT 1 FROM progress_entries c
                    WHERE c.agency_id = e.agency_id AND c.plan_id = e.plan_id AND c.corrects = e.entry_id))
SELECT plan_id, item_id, indicator_id,
       (array_agg(realisation ORDER BY date DESC, entry_id DESC))[1] AS realisation,
       count(*) AS entries, 0 AS initiatives, sum(cardinality(evidence)) AS files,
       count(*) FILTER (WHERE date > $3::date - $4::int) AS recent
FROM standing WHERE kind = 'REALISATION'
GROUP BY plan_id, item_id, indicator_id
UNION ALL
SELECT plan_id, item_id, '', NULL, 0, sum(initiatives), sum(files), sum(recent)
FROM (SELECT plan_id, item_id, count(*) AS initiatives, sum(cardinality(evidence)) AS files,
             count(*) FILTER (WHERE date > $3::date - $4::int) AS recent
      FROM standing WHERE kind = 'INITIATIVE' GROUP BY plan_id, item_id
      UNION ALL
      SELECT plan_id, item_id, 0, count(*), 0 FROM evidence
      WHERE agency_id = $1 AND plan_id = ANY ($2::uuid[]) AND item_id <> ''
      GROUP BY plan_id, item_id) i
GROUP BY plan_id, item_id)sql"};

constexpr postgres::Statement kStoreEvidence{"scoring_store_evidence", R"sql(
UPDATE evaluations e
SET computed = decode(s.computed, 'hex'), mean_achievement = nullif(s.mean, '')::numeric,
  local_result = decode(nullif(s.local_result, ''), 'hex'), version = e.version + 1
FROM unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) AS s(evaluation_id, computed, mean, local_result)
WHERE e.agency_id = $1 AND e.evaluation_id = s.evaluation_id)sql"};

constexpr postgres::Statement kClearFeedback{"scoring_clear_feedback", R"sql(
UPDATE evaluations
SET feedback_mean = NULL, feedback_report = NULL, feedback_superior = NULL, feedback_peers = NULL,
  feedback_subordinates = NULL
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND feedback_report IS NOT NULL
  AND state IN ('OPEN', 'RATED'))sql"};

constexpr postgres::Statement kStoreFeedback{"scoring_store_feedback", R"sql(
UPDATE evaluations e
SET feedback_mean = nullif(s.mean, '')::numeric, feedback_report = s.report,
  feedback_superior = nullif(s.superior, '')::numeric, feedback_peers = nullif(s.peers, '')::numeric,
  feedback_subordinates = nullif(s.subordinates, '')::numeric
FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[])
     AS s(employee, report, mean, superior, peers, subordinates)
WHERE e.agency_id = $1 AND e.cycle_id = $2 AND e.period_id = $3 AND e.employee = s.employee
  AND e.state IN ('OPEN', 'RATED'))sql"};

constexpr postgres::Statement kStoreFinal{"scoring_store_final", R"sql(
WITH final AS (
  UPDATE evaluations e
  SET state = 'FINAL', final_time = $4::timestamptz, version = e.version + 1,
    local_result = decode(nullif(s.local_result, ''), 'hex')
  FROM unnest($2::uuid[], $5::text[]) AS s(evaluation_id, local_result)
  WHERE e.agency_id = $1 AND e.evaluation_id = s.evaluation_id)
INSERT INTO receipts (agency_id, evaluation_id, receipt, digest, create_time)
SELECT $1, s.evaluation_id, decode(s.receipt, 'hex'), s.digest, $4::timestamptz
FROM unnest($2::uuid[], $3::text[], $6::text[]) AS s(evaluation_id, receipt, digest))sql"};

constexpr postgres::Statement kCount{"scoring_count", R"sql(
SELECT count(*) FROM evaluations
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = ANY ($4::text[]))sql"};

constexpr postgres::Statement kCountUnscored{"scoring_count_unscored", R"sql(
SELECT count(*) FROM evaluations
WHERE agency_id = $1 AND cycle_id = $2 AND period_id = $3 AND state = 'RATED' AND computed IS NULL)sql"};

std::string Names(std::span<const v1::Evaluation::State> states) {
  std::vector<std::string> names;
  for (const v1::Evaluation::State state : states) names.push_back(EnumText(state).value_or(""));
  return postgres::ToArray(names);
}

// Empty where there is none.
std::string LocalResultHex(const v1::Evaluation& evaluation) {
  return evaluation.has_local_result()
             ? absl::BytesToHexString(evaluation.local_result().SerializeAsString())
             : "";
}

ScoringStore::Subject ToSubject(const pqxx::row& row) {
  ScoringStore::Subject subject;
  subject.evaluation = ToEvaluation(row);
  subject.plan.ParseFromString(postgres::FromBytes(row["plan_body"]));
  subject.plan.set_state(ReadEnum<v1::WorkPlan::State>(row["plan_state"]));
  if (!row["feedback_report"].is_null()) {
    domain::Feedback& feedback = subject.feedback.emplace();
    feedback.report = row["feedback_report"].c_str();
    if (!row["feedback_mean"].is_null()) {
      feedback.mean = Decimal::Parse(row["feedback_mean"].c_str()).value_or(Decimal());
    }
    for (const char* group : {"superior", "peers", "subordinates"}) {
      const pqxx::field mean = row[absl::StrCat("feedback_", group)];
      if (!mean.is_null())
        feedback.groups[group] = Decimal::Parse(mean.c_str()).value_or(Decimal());
    }
  }
  return subject;
}

}  // namespace

std::vector<std::string> ScoringStore::NextIds(const PeriodKey& period,
                                               std::span<const v1::Evaluation::State> states,
                                               const std::string& after,
                                               int size) {
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx_.Exec(kNextIds,
                                       period.agency,
                                       period.cycle,
                                       period.period,
                                       Names(states),
                                       postgres::NullIfEmpty(after),
                                       size)) {
    ids.emplace_back(row.front().c_str());
  }
  return ids;
}

std::vector<ScoringStore::Subject> ScoringStore::Next(const PeriodKey& period,
                                                      std::span<const v1::Evaluation::State> states,
                                                      const std::string& after,
                                                      const std::string& last) {
  std::vector<Subject> subjects;
  for (const pqxx::row& row : tx_.Exec(kNext,
                                       period.agency,
                                       period.cycle,
                                       period.period,
                                       Names(states),
                                       postgres::NullIfEmpty(after),
                                       last)) {
    subjects.push_back(ToSubject(row));
  }
  return subjects;
}

std::map<std::string, std::vector<domain::Activity>> ScoringStore::Activities(
    const std::string& agency,
    const std::vector<std::string>& plans,
    const google::type::Date& last_day) {
  std::map<std::string, std::vector<domain::Activity>> activities;
  for (const pqxx::row& row : tx_.Exec(kActivities,
                                       agency,
                                       postgres::ToArray(plans),
                                       postgres::ToText(last_day),
                                       domain::kRecentDays)) {
    domain::Activity& activity = activities[row["plan_id"].c_str()].emplace_back();
    activity.item_id = row["item_id"].c_str();
    activity.indicator_id = row["indicator_id"].c_str();
    if (!row["realisation"].is_null()) {
      activity.realisation = Decimal::Parse(row["realisation"].c_str()).value_or(Decimal());
    }
    activity.entries = row["entries"].as<int>();
    activity.initiatives = row["initiatives"].as<int>();
    activity.evidence = row["files"].as<int>();
    activity.recent = row["recent"].as<int>();
  }
  return activities;
}

void ScoringStore::StoreEvidence(const std::string& agency,
                                 std::span<const v1::Evaluation> evaluations) {
  std::vector<std::string> ids, computed, means, locals;
  for (const v1::Evaluation& evaluation : evaluations) {
    ids.push_back(IdOf(evaluation.name()));
    computed.push_back(absl::BytesToHexString(evaluation.computed().SerializeAsString()));
    means.push_back(evaluation.computed().mean_achievement().value());
    locals.push_back(LocalResultHex(evaluation));
  }
  tx_.Exec(kStoreEvidence,
           agency,
           postgres::ToArray(ids),
           postgres::ToArray(computed),
           postgres::ToArray(means),
           postgres::ToArray(locals));
}

void ScoringStore::ClearFeedback(const PeriodKey& period) {
  tx_.Exec(kClearFeedback, period.agency, period.cycle, period.period);
}

void ScoringStore::StoreFeedback(const PeriodKey& period, std::span<const FeedbackMean> feedback) {
  std::vector<std::string> employees, reports, means, superior, peers, subordinates;
  for (const FeedbackMean& one : feedback) {
    superior.push_back(one.superior.value());
    peers.push_back(one.peers.value());
    subordinates.push_back(one.subordinates.value());
    employees.push_back(one.employee);
    reports.push_back(one.report);
    means.push_back(one.mean.value());
  }
  tx_.Exec(kStoreFeedback,
           period.agency,
           period.cycle,
           period.period,
           postgres::ToArray(employees),
           postgres::ToArray(reports),
           postgres::ToArray(means),
           postgres::ToArray(superior),
           postgres::ToArray(peers),
           postgres::ToArray(subordinates));
}

void ScoringStore::StoreFinal(const std::string& agency,
                              std::span<const v1::Evaluation> evaluations,
                              std::span<const v1::ScoreReceipt> receipts) {
  std::vector<std::string> ids, bodies, locals, digests;
  for (const v1::Evaluation& evaluation : evaluations) {
    ids.push_back(IdOf(evaluation.name()));
    locals.push_back(LocalResultHex(evaluation));
  }
  for (const v1::ScoreReceipt& receipt : receipts) {
    bodies.push_back(absl::BytesToHexString(receipt.SerializeAsString()));
    digests.push_back(receipt.digest());
  }
  tx_.Exec(kStoreFinal,
           agency,
           postgres::ToArray(ids),
           postgres::ToArray(bodies),
           postgres::ToText(tx_.call().time()),
           postgres::ToArray(locals),
           postgres::ToArray(digests));
}

int ScoringStore::Count(const PeriodKey& period, std::span<const v1::Evaluation::State> states) {
  return tx_.Exec(kCount, period.agency, period.cycle, period.period, Names(states))
      .front()
      .front()
      .as<int>();
}

int ScoringStore::CountUnscored(const PeriodKey& period) const {
  return tx_.Exec(kCountUnscored, period.agency, period.cycle, period.period)
      .front()
      .front()
      .as<int>();
}

}  // namespace teraju::evaluation
