#include "services/evaluation/store/snapshot_columns.h"

#include "absl/strings/str_join.h"
#include "common/postgres/codec.h"
#include "services/evaluation/store/names.h"

namespace teraju::evaluation {

void SnapshotColumns::Add(const std::string& plan_id, const v1::Snapshot& s) {
  std::vector<std::string> units;
  for (const std::string& unit : s.unit_path()) units.push_back(IdOf(unit));
  id_.push_back(plan_id);
  employee_.push_back(SubjectOf(s.employee()));
  unit_.push_back(IdOf(s.unit()));
  path_.push_back(absl::StrJoin(units, ","));
  title_.push_back(s.position_title());
  kind_.push_back(s.position_kind());
  leads_.push_back(s.leads_unit() ? "t" : "f");
  start_.push_back(*postgres::ToText(s.start_date()));
  end_.push_back(*postgres::ToText(s.end_date()));
  appraiser_.push_back(SubjectOf(s.appraiser()));
  next_.push_back(SubjectOf(s.next_appraiser()));
  text_id_.push_back(s.explanation_id());
  text_en_.push_back(s.explanation_en());
}

pqxx::result SnapshotColumns::Exec(postgres::Transaction& tx,
                                   const postgres::Statement& statement,
                                   const std::string& first,
                                   const std::string& second,
                                   const std::string& third) const {
  return tx.Exec(statement,
                 first,
                 second,
                 third,
                 postgres::ToArray(id_),
                 postgres::ToArray(employee_),
                 postgres::ToArray(unit_),
                 postgres::ToArray(path_),
                 postgres::ToArray(title_),
                 postgres::ToArray(kind_),
                 postgres::ToArray(leads_),
                 postgres::ToArray(start_),
                 postgres::ToArray(end_),
                 postgres::ToArray(appraiser_),
                 postgres::ToArray(next_),
                 postgres::ToArray(text_id_),
                 postgres::ToArray(text_en_));
}

}  // namespace teraju::evaluation
