#include "services/training/store/need_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/training/store/list_scope.h"

namespace teraju::training {
namespace {

constexpr postgres::Sql kColumns =
    "need_id, employee, topic, source, weight, reason_id, reason_en, comment, fiscal_year,"
    " unit_path, state, create_time, version, appraiser, dismiss_comment, course_id, offering_id";
constexpr postgres::Statement kInsert{
    "need_insert",
    postgres::kSql<"INSERT INTO needs (agency_id, need_id, fiscal_year, employee, topic, source,"
                   " weight, reason_id, reason_en, comment, unit_path, appraiser, state,"
                   " create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13,"
                   " $14) ON CONFLICT (agency_id, fiscal_year, employee, topic) DO NOTHING"
                   " RETURNING " +
                   kColumns>};
constexpr postgres::Statement kFindSame{
    "need_find_same",
    "SELECT need_id FROM needs WHERE agency_id = $1 AND fiscal_year = $2 AND employee = $3"
    " AND topic = $4"};
constexpr postgres::Statement kSelect{
    "need_select",
    postgres::kSql<"SELECT " + kColumns + " FROM needs WHERE agency_id = $1 AND need_id = $2">};
constexpr postgres::Statement kSelectForUpdate{
    "need_select_for_update",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM needs WHERE agency_id = $1 AND need_id = $2 FOR UPDATE">};
constexpr postgres::Statement kList{
    "need_list",
    postgres::kSql<
        "SELECT " + kColumns +
        " FROM needs WHERE agency_id = $1 AND ($2 = 0 OR fiscal_year = $2)"
        " AND ($3 = '' OR employee = $3) AND ($4 = '' OR $4 = ANY (unit_path))"
        " AND ($5 = '' OR state = $5)"
        " AND ($6::boolean OR employee = $7 OR appraiser = $8 OR unit_path && $9::text[])"
        " AND (weight < $10::numeric OR (weight = $10::numeric AND need_id > $11))"
        " ORDER BY weight DESC, need_id LIMIT $12">};
constexpr postgres::Statement kUpdate{
    "need_update",
    postgres::kSql<"UPDATE needs SET state = $3, dismiss_comment = $4, version = version + 1"
                   " WHERE agency_id = $1 AND need_id = $2 RETURNING " +
                   kColumns>};
// What is proposed already is changed only where something differs. A unit
// path travels as one text, since arrays of arrays must be rectangular: names have no blanks.
constexpr postgres::Statement kDerive{
    "need_derive",
    "INSERT INTO needs AS n (agency_id, need_id, fiscal_year, employee, topic, source, weight,"
    " reason_id, reason_en, unit_path, appraiser, create_time)"
    " SELECT $1, d.need_id, $2, d.employee, d.topic, d.source, d.weight::numeric, d.reason_id,"
    " d.reason_en, string_to_array(d.unit_path, ' '), d.appraiser, $12"
    " FROM unnest($3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[],"
    " $9::text[], $10::text[], $11::text[])"
    " AS d (need_id, employee, topic, source, weight, reason_id, reason_en, unit_path, appraiser)"
    " ON CONFLICT (agency_id, fiscal_year, employee, topic) DO UPDATE SET"
    " source = excluded.source, weight = excluded.weight, reason_id = excluded.reason_id,"
    " reason_en = excluded.reason_en, unit_path = excluded.unit_path,"
    " appraiser = excluded.appraiser, version = n.version + 1"
    " WHERE n.state = 'PROPOSED' AND n.source IN ('RESULT', 'FEEDBACK', 'COMPETENCY')"
    " AND (n.source, n.weight, n.reason_id, n.reason_en, n.unit_path, n.appraiser) IS DISTINCT FROM"
    " (excluded.source, excluded.weight, excluded.reason_id, excluded.reason_en,"
    " excluded.unit_path, excluded.appraiser)"
    " RETURNING n.source"};
constexpr postgres::Statement kListUndecided{
    "need_list_undecided",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM needs WHERE agency_id = $1 AND fiscal_year = $2"
                   " AND state IN ('PROPOSED', 'CONFIRMED') AND weight > 0"
                   " ORDER BY weight DESC, need_id">};
constexpr postgres::Statement kListPlannedBy{
    "need_list_planned_by",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM needs WHERE agency_id = $1 AND state IN ('PLANNED', 'MET')"
                   " AND (need_id, course_id, offering_id) IN (SELECT d.need_id, d.course_id,"
                   " d.offering_id FROM allocation_decisions d WHERE d.agency_id = $1"
                   " AND d.plan_id = $2) ORDER BY weight DESC, need_id">};
constexpr postgres::Statement kOpenNeeds{
    "need_open",
    "SELECT employee, topic, weight::text FROM needs WHERE agency_id = $1"
    " AND state NOT IN ('MET', 'DISMISSED') ORDER BY employee, weight DESC, need_id"};
constexpr postgres::Statement kPlan{
    "need_plan",
    "UPDATE needs n SET state = 'PLANNED', course_id = p.course_id, offering_id = p.offering_id,"
    " version = n.version + 1"
    " FROM unnest($2::text[], $3::text[], $4::text[]) AS p (need_id, course_id, offering_id)"
    " WHERE n.agency_id = $1 AND n.need_id = p.need_id AND n.state IN ('PROPOSED', 'CONFIRMED')"};
constexpr postgres::Statement kMeet{
    "need_meet",
    "UPDATE needs SET state = 'MET', version = version + 1 WHERE agency_id = $1 AND employee = $2"
    " AND course_id = $3 AND offering_id = $4 AND state = 'PLANNED'"};
constexpr postgres::Statement kReopen{
    "need_reopen",
    "UPDATE needs SET state = 'CONFIRMED', course_id = NULL, offering_id = NULL,"
    " version = version + 1 WHERE agency_id = $1 AND employee = $2"
    " AND course_id = $3 AND offering_id = $4 AND state = 'PLANNED'"};

v1::Need ToNeed(const AgencyId& agency, const pqxx::row& row) {
  v1::Need need;
  need.set_name(NameOf<NeedKey>(agency, row[0].as<std::string>()));
  need.set_employee(row[1].as<std::string>());
  need.set_topic(row[2].as<std::string>());
  v1::Need::Source source = v1::Need::SOURCE_UNSPECIFIED;
  v1::Need::Source_Parse(row[3].as<std::string>(), &source);
  need.set_source(source);
  *need.mutable_weight() = postgres::ToDecimal(row[4]);
  need.set_reason_id(row[5].as<std::string>());
  need.set_reason_en(row[6].as<std::string>());
  need.set_comment(row[7].as<std::string>());
  need.set_fiscal_year(row[8].as<int>());
  for (std::string& unit : postgres::ToStrings(row[9])) need.add_unit_path(std::move(unit));
  if (need.unit_path_size() > 0) need.set_unit(need.unit_path(0));
  v1::Need::State state = v1::Need::STATE_UNSPECIFIED;
  v1::Need::State_Parse(row[10].as<std::string>(), &state);
  need.set_state(state);
  *need.mutable_create_time() = postgres::ToTimestamp(row[11]);
  need.set_etag(api::MakeEtag(row[12].as<std::int64_t>()));
  need.set_appraiser(row[13].as<std::string>());
  need.set_dismiss_comment(row[14].as<std::string>());
  if (!row[16].is_null()) {
    need.set_offering(kOfferingName.Format(
        {agency.value(), row[15].as<std::string>(), row[16].as<std::string>()}));
  }
  return need;
}

std::vector<std::string> UnitPath(const v1::Need& need) {
  return {need.unit_path().begin(), need.unit_path().end()};
}

std::string Joined(const v1::Need& need) {
  std::string path;
  for (const std::string& unit : need.unit_path()) path += (path.empty() ? "" : " ") + unit;
  return path;
}

}  // namespace

absl::StatusOr<v1::Need> NeedStore::Insert(const NeedKey& key, const v1::Need& need) {
  const pqxx::result rows = tx_.Exec(kInsert,
                                     key.agency.value(),
                                     key.id.value(),
                                     need.fiscal_year(),
                                     need.employee(),
                                     need.topic(),
                                     v1::Need::Source_Name(need.source()),
                                     postgres::ToText(need.weight()),
                                     need.reason_id(),
                                     need.reason_en(),
                                     need.comment(),
                                     postgres::ToArray(UnitPath(need)),
                                     need.appraiser(),
                                     v1::Need::State_Name(need.state()),
                                     postgres::ToText(tx_.call().time()));
  if (!rows.empty()) return ToNeed(key.agency, rows[0]);
  const pqxx::result same =
      tx_.Exec(kFindSame, key.agency.value(), need.fiscal_year(), need.employee(), need.topic());
  return errors::ResourceExists(
      same.empty() ? key.Name() : NameOf<NeedKey>(key.agency, same[0][0].as<std::string>()));
}

absl::StatusOr<v1::Need> NeedStore::Get(const NeedKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToNeed(key.agency, rows[0]);
}

absl::StatusOr<std::vector<v1::Need>> NeedStore::List(const NeedQuery& query) const {
  const ListScope scope(query.scope, query.agency, tx_.call());
  const bool first = query.after.size() != 2;
  std::vector<v1::Need> needs;
  for (const pqxx::row& row :
       tx_.Exec(kList,
                query.agency.value(),
                query.fiscal_year,
                query.employee,
                query.unit,
                query.state == v1::Need::STATE_UNSPECIFIED ? "" : v1::Need::State_Name(query.state),
                scope.agency,
                scope.self,
                scope.appraiser,
                scope.units,
                first ? "Infinity" : query.after[0],
                first ? "" : query.after[1],
                query.limit)) {
    needs.push_back(ToNeed(query.agency, row));
  }
  return needs;
}

absl::StatusOr<v1::Need> NeedStore::Update(const NeedKey& key,
                                           const api::Precondition& precondition,
                                           absl::FunctionRef<absl::Status(v1::Need&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::Need need = ToNeed(key.agency, rows[0]);
  RETURN_IF_ERROR(change(need));
  return ToNeed(key.agency,
                tx_.Exec(kUpdate,
                         key.agency.value(),
                         key.id.value(),
                         v1::Need::State_Name(need.state()),
                         need.dismiss_comment())[0]);
}

DerivationCounts NeedStore::Derive(const AgencyId& agency,
                                   int fiscal_year,
                                   const std::vector<v1::Need>& needs) {
  std::vector<std::string> ids, employees, topics, sources, weights, reasons_id, reasons_en, paths,
      appraisers;
  for (const v1::Need& need : needs) {
    ids.push_back(NewUuid7(tx_.call().time()));
    employees.push_back(need.employee());
    topics.push_back(need.topic());
    sources.push_back(v1::Need::Source_Name(need.source()));
    weights.push_back(need.weight().value());
    reasons_id.push_back(need.reason_id());
    reasons_en.push_back(need.reason_en());
    paths.push_back(Joined(need));
    appraisers.push_back(need.appraiser());
  }
  const pqxx::result rows = tx_.Exec(kDerive,
                                     agency.value(),
                                     fiscal_year,
                                     postgres::ToArray(ids),
                                     postgres::ToArray(employees),
                                     postgres::ToArray(topics),
                                     postgres::ToArray(sources),
                                     postgres::ToArray(weights),
                                     postgres::ToArray(reasons_id),
                                     postgres::ToArray(reasons_en),
                                     postgres::ToArray(paths),
                                     postgres::ToArray(appraisers),
                                     postgres::ToText(tx_.call().time()));
  DerivationCounts counts;
  for (const pqxx::row& row : rows) {
    const auto source = row[0].as<std::string>();
    ++(source == "RESULT"     ? counts.from_results
       : source == "FEEDBACK" ? counts.from_feedback
                              : counts.from_competencies);
  }
  counts.unchanged = static_cast<int>(needs.size() - rows.size());
  return counts;
}

std::vector<v1::Need> NeedStore::ListUndecided(const AgencyId& agency, int fiscal_year) const {
  std::vector<v1::Need> needs;
  for (const pqxx::row& row : tx_.Exec(kListUndecided, agency.value(), fiscal_year)) {
    needs.push_back(ToNeed(agency, row));
  }
  return needs;
}

std::vector<v1::Need> NeedStore::ListPlannedBy(const PlanKey& plan) const {
  std::vector<v1::Need> needs;
  for (const pqxx::row& row : tx_.Exec(kListPlannedBy, plan.agency.value(), plan.id.value())) {
    needs.push_back(ToNeed(plan.agency, row));
  }
  return needs;
}

std::map<std::string, std::vector<std::pair<std::string, Decimal>>> NeedStore::OpenNeeds(
    const AgencyId& agency) const {
  std::map<std::string, std::vector<std::pair<std::string, Decimal>>> needs;
  for (const pqxx::row& row : tx_.Exec(kOpenNeeds, agency.value())) {
    needs[row[0].as<std::string>()].emplace_back(
        row[1].as<std::string>(), Decimal::Parse(row[2].as<std::string>()).value_or(Decimal(0)));
  }
  return needs;
}

bool NeedStore::Plan(const AgencyId& agency,
                     const std::vector<std::string>& need_ids,
                     const std::vector<std::string>& offering_names) {
  std::vector<std::string> courses, offerings;
  for (const std::string& name : offering_names) {
    const auto ids = kOfferingName.Parse(name, "name");
    courses.push_back((*ids)[1]);
    offerings.push_back((*ids)[2]);
  }
  const pqxx::result planned = tx_.Exec(kPlan,
                                        agency.value(),
                                        postgres::ToArray(need_ids),
                                        postgres::ToArray(courses),
                                        postgres::ToArray(offerings));
  return planned.affected_rows() == need_ids.size();
}

void NeedStore::Settle(const std::string& employee,
                       const std::string& offering_name,
                       v1::Need::State state) {
  const auto ids = kOfferingName.Parse(offering_name, "name");
  tx_.Exec(state == v1::Need::MET ? kMeet : kReopen, (*ids)[0], employee, (*ids)[1], (*ids)[2]);
}

}  // namespace teraju::training
