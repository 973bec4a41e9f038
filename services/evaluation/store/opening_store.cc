#include "services/evaluation/store/opening_store.h"

#include "absl/strings/str_join.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

// The path of units comes as one text: unnest would flatten an array of arrays.
constexpr postgres::Statement kInsertPlans{"opening_insert_plans", R"sql(
INSERT INTO work_plans (agency_id, cycle_id, plan_id, employee, unit_id, unit_path, position_title, position_kind,
                        leads_unit, start_date, end_date, appraiser, next_appraiser, explanation_id, explanation_en,
                        state, create_time, update_time)
SELECT $1, $2, s.plan_id, s.employee, s.unit_id, string_to_array(s.unit_path, ','), s.position_title, s.position_kind,
       s.leads_unit, s.start_date, s.end_date, s.appraiser, nullif(s.next_appraiser, ''), s.explanation_id,
       s.explanation_en, 'DRAFT', $3::timestamptz, $3::timestamptz
FROM unnest($4::uuid[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::boolean[], $11::date[],
            $12::date[], $13::text[], $14::text[], $15::text[], $16::text[])
     AS s(plan_id, employee, unit_id, unit_path, position_title, position_kind, leads_unit, start_date, end_date,
          appraiser, next_appraiser, explanation_id, explanation_en)
WHERE NOT EXISTS (
  SELECT 1 FROM work_plans w
  WHERE w.agency_id = $1 AND w.cycle_id = $2 AND w.employee = s.employee
    AND w.start_date <= s.end_date AND s.start_date <= w.end_date)
ON CONFLICT DO NOTHING)sql"};

// Copies the snapshot of the plan as it stands in the database: an earlier opening may have taken
// it.
constexpr postgres::Statement kInsertEvaluations{"opening_insert_evaluations", R"sql(
INSERT INTO evaluations (agency_id, evaluation_id, plan_id, cycle_id, period_id, employee, unit_id, unit_path,
                         position_title, position_kind, leads_unit, start_date, end_date, appraiser, next_appraiser,
                         explanation_id, explanation_en, create_time, rehearsal)
SELECT w.agency_id, n.evaluation_id, w.plan_id, w.cycle_id, p.period_id, w.employee, w.unit_id, w.unit_path,
       w.position_title, w.position_kind, w.leads_unit, w.start_date, w.end_date, w.appraiser, w.next_appraiser,
       w.explanation_id, w.explanation_en, $3::timestamptz,
       EXISTS (SELECT 1 FROM cycles c WHERE c.agency_id = $1 AND c.cycle_id = $2 AND c.kind = 'SHADOW')
FROM unnest($4::uuid[], $5::text[], $6::date[], $7::text[]) AS n(evaluation_id, employee, start_date, period_id)
JOIN work_plans w ON w.agency_id = $1 AND w.cycle_id = $2 AND w.employee = n.employee AND w.start_date = n.start_date
JOIN periods p ON p.agency_id = $1 AND p.cycle_id = $2 AND p.period_id = n.period_id
WHERE p.state <> 'PUBLISHED' AND w.start_date <= p.end_date AND p.start_date <= w.end_date
ON CONFLICT (agency_id, plan_id, period_id) DO NOTHING)sql"};

// The columns of the plans, one array each.
struct Columns {
  std::vector<std::string> id, employee, unit, path, title, kind, leads, start, end, appraiser,
      next, text_id, text_en;

  void Add(const OpeningStore::NewPlan& plan) {
    const v1::Snapshot& s = plan.snapshot;
    std::vector<std::string> units;
    for (const std::string& unit : s.unit_path()) units.push_back(IdOf(unit));
    id.push_back(plan.id);
    employee.push_back(SubjectOf(s.employee()));
    unit.push_back(IdOf(s.unit()));
    path.push_back(absl::StrJoin(units, ","));
    title.push_back(s.position_title());
    kind.push_back(s.position_kind());
    leads.push_back(s.leads_unit() ? "t" : "f");
    start.push_back(*postgres::ToText(s.start_date()));
    end.push_back(*postgres::ToText(s.end_date()));
    appraiser.push_back(SubjectOf(s.appraiser()));
    next.push_back(SubjectOf(s.next_appraiser()));
    text_id.push_back(s.explanation_id());
    text_en.push_back(s.explanation_en());
  }
};

constexpr postgres::Statement kAnalyze{"opening_analyze", "ANALYZE work_plans, evaluations"};

}  // namespace

OpeningStore::Opened OpeningStore::Add(const CycleKey& cycle,
                                       std::span<const NewPlan> plans,
                                       std::span<const NewEvaluation> evaluations) {
  Columns c;
  for (const NewPlan& plan : plans) c.Add(plan);
  const std::string now = postgres::ToText(tx_.call().time());
  Opened opened;
  opened.plans = static_cast<int>(tx_.Exec(kInsertPlans,
                                           cycle.agency,
                                           cycle.cycle,
                                           now,
                                           postgres::ToArray(c.id),
                                           postgres::ToArray(c.employee),
                                           postgres::ToArray(c.unit),
                                           postgres::ToArray(c.path),
                                           postgres::ToArray(c.title),
                                           postgres::ToArray(c.kind),
                                           postgres::ToArray(c.leads),
                                           postgres::ToArray(c.start),
                                           postgres::ToArray(c.end),
                                           postgres::ToArray(c.appraiser),
                                           postgres::ToArray(c.next),
                                           postgres::ToArray(c.text_id),
                                           postgres::ToArray(c.text_en))
                                      .affected_rows());
  std::vector<std::string> ids, employees, starts, periods;
  for (const NewEvaluation& evaluation : evaluations) {
    ids.push_back(evaluation.id);
    employees.push_back(c.employee[evaluation.plan]);
    starts.push_back(c.start[evaluation.plan]);
    periods.push_back(evaluation.period);
  }
  opened.evaluations = static_cast<int>(tx_.Exec(kInsertEvaluations,
                                                 cycle.agency,
                                                 cycle.cycle,
                                                 now,
                                                 postgres::ToArray(ids),
                                                 postgres::ToArray(employees),
                                                 postgres::ToArray(starts),
                                                 postgres::ToArray(periods))
                                            .affected_rows());
  return opened;
}

void OpeningStore::Analyze() { tx_.Exec(kAnalyze); }

}  // namespace teraju::evaluation
