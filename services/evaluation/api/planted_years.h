// A fixture for what follows from final years: they are written into the tables as they would
// stand.
#pragma once

#include <string>

#include "services/evaluation/api/evaluation_fixture.h"

namespace teraju::evaluation {

class PlantedYearsTest : public EvaluationTest {
 protected:
  void PlantYear(const std::string& year, const std::string& kind) {
    Query(
        "INSERT INTO cycles (agency_id, cycle_id, display_name, kind, period_kind, start_date, "
        "end_date, state,"
        " create_time, update_time) VALUES ('plaju', '" +
        year + "', '', '" + kind + "', 'QUARTERLY', '" + year.substr(0, 4) + "-01-01', '" +
        year.substr(0, 4) + "-12-31', 'CLOSED', now(), now()) RETURNING 1");
    Query(
        "INSERT INTO periods (agency_id, cycle_id, period_id, start_date, end_date, state) VALUES "
        "('plaju', '" +
        year + "', 'year', '" + year.substr(0, 4) + "-01-01', '" + year.substr(0, 4) +
        "-12-31', 'PUBLISHED') RETURNING 1");
  }
  // A final result with the evaluation that it rests on; nothing for an empty predicate.
  void PlantYearOf(const std::string& person,
                   const std::string& year,
                   const std::string& predicate,
                   const std::string& achievement) {
    if (predicate.empty()) return;
    const std::string snapshot = "'" + year + "', 'employees/" + person +
                                 "', 'dinas', '{dinas,kota}', 'Analis', 'FUNCTIONAL', false, '" +
                                 year.substr(0, 4) + "-01-01', '" + year.substr(0, 4) +
                                 "-12-31', 'employees/head', '', '', now()";
    const std::string columns =
        "cycle_id, employee, unit_id, unit_path, position_title, position_kind, leads_unit, "
        "start_date,"
        " end_date, appraiser, explanation_id, explanation_en, create_time";
    Query("WITH plan AS (INSERT INTO work_plans (agency_id, plan_id, state, update_time, " +
          columns + ") VALUES ('plaju', gen_random_uuid(), 'APPROVED', now(), " + snapshot +
          ") RETURNING plan_id) INSERT INTO evaluations (agency_id, evaluation_id, plan_id, "
          "period_id, mean_achievement, " +
          columns + ") SELECT 'plaju', plan_id, plan_id, 'year', " + achievement + ", " + snapshot +
          " FROM plan RETURNING 1");
    Query(
        "INSERT INTO annual_results (agency_id, annual_result_id, period_id, state, predicate, "
        "body, document,"
        " final_time, " +
        columns + ") VALUES ('plaju', gen_random_uuid(), 'year', 'FINAL', '" + predicate +
        "', '', '', now(), " + snapshot + ") RETURNING 1");
  }
};

}  // namespace teraju::evaluation
