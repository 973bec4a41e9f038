#include "services/training/store/enrollment_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/training/store/list_scope.h"

namespace teraju::training {
namespace {

constexpr postgres::Sql kColumns =
    "enrollment_id, employee, course_id, offering_id, need_id, state, learning_hours, effect_note,"
    " complete_date, create_time, version, unit_path, appraiser, withdraw_comment";
constexpr postgres::Statement kInsert{
    "enrollment_insert",
    "INSERT INTO enrollments (agency_id, enrollment_id, employee, course_id, offering_id, need_id,"
    " unit_path, appraiser, create_time, plan_id)"
    " SELECT $1, e.enrollment_id, n.employee, e.course_id, e.offering_id, n.need_id, n.unit_path,"
    " n.appraiser, $6, $7 FROM unnest($2::text[], $3::text[], $4::text[], $5::text[])"
    " AS e (enrollment_id, course_id, offering_id, need_id)"
    " JOIN needs n ON n.agency_id = $1 AND n.need_id = e.need_id"};
constexpr postgres::Statement kSelect{
    "enrollment_select",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM enrollments WHERE agency_id = $1 AND enrollment_id = $2">};
constexpr postgres::Statement kSelectForUpdate{
    "enrollment_select_for_update",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM enrollments WHERE agency_id = $1 AND enrollment_id = $2 FOR UPDATE">};
constexpr postgres::Statement kList{
    "enrollment_list",
    postgres::kSql<
        "SELECT " + kColumns +
        " FROM enrollments WHERE agency_id = $1 AND ($2 = '' OR employee = $2)"
        " AND ($3 = '' OR (course_id = $3 AND offering_id = $4))"
        " AND ($5::boolean OR employee = $6 OR appraiser = $7 OR unit_path && $8::text[])"
        " AND enrollment_id > $9 ORDER BY enrollment_id LIMIT $10">};
constexpr postgres::Statement kUpdate{
    "enrollment_update",
    postgres::kSql<"UPDATE enrollments SET state = $3, learning_hours = $4, effect_note = $5,"
                   " complete_date = $6, withdraw_comment = $7, version = version + 1"
                   " WHERE agency_id = $1 AND enrollment_id = $2 RETURNING " +
                   kColumns>};
constexpr postgres::Statement kBusyDays{
    "enrollment_busy_days",
    "SELECT e.employee, o.start_date, o.end_date FROM enrollments e JOIN offerings o"
    " ON o.agency_id = e.agency_id AND o.course_id = e.course_id AND o.offering_id = e.offering_id"
    " WHERE e.agency_id = $1 AND e.state = 'PLANNED' AND o.end_date >= make_date($2, 1, 1)"
    " AND o.start_date <= make_date($2, 12, 31) AND e.plan_id IS DISTINCT FROM nullif($3, '')"};
constexpr postgres::Statement kListStanding{
    "enrollment_list_standing",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM enrollments WHERE agency_id = $1 AND plan_id = $2"
                   " AND state <> 'WITHDRAWN' ORDER BY enrollment_id">};
constexpr postgres::Statement kHand{
    "enrollment_hand",
    "UPDATE enrollments SET plan_id = $3, version = version + 1"
    " WHERE agency_id = $1 AND plan_id = $2 AND state <> 'WITHDRAWN'"};
constexpr postgres::Statement kListPlanned{
    "enrollment_list_planned",
    "SELECT enrollment_id FROM enrollments WHERE agency_id = $1 AND course_id = $2"
    " AND offering_id = $3 AND state = 'PLANNED' ORDER BY enrollment_id"};
constexpr postgres::Statement kLearntTopics{
    "enrollment_learnt_topics",
    "SELECT DISTINCT e.employee, t.topic FROM enrollments e JOIN courses c"
    " ON c.agency_id = e.agency_id AND c.course_id = e.course_id"
    " CROSS JOIN unnest(c.topics) AS t (topic)"
    " WHERE e.agency_id = $1 AND e.state = 'COMPLETED'"};
constexpr postgres::Statement kCompletions{
    "enrollment_completions",
    "SELECT employee, max(complete_date) FROM enrollments WHERE agency_id = $1 AND course_id = $2"
    " AND state = 'COMPLETED' GROUP BY employee"};

v1::Enrollment ToEnrollment(const AgencyId& agency, const pqxx::row& row) {
  v1::Enrollment enrollment;
  enrollment.set_name(NameOf<EnrollmentKey>(agency, row[0].as<std::string>()));
  enrollment.set_employee(row[1].as<std::string>());
  enrollment.set_offering(
      kOfferingName.Format({agency.value(), row[2].as<std::string>(), row[3].as<std::string>()}));
  enrollment.set_need(NameOf<NeedKey>(agency, row[4].as<std::string>()));
  v1::Enrollment::State state = v1::Enrollment::STATE_UNSPECIFIED;
  v1::Enrollment::State_Parse(row[5].as<std::string>(), &state);
  enrollment.set_state(state);
  enrollment.set_learning_hours(row[6].as<int>());
  enrollment.set_effect_note(row[7].as<std::string>());
  if (!row[8].is_null()) *enrollment.mutable_complete_date() = postgres::ToDate(row[8]);
  *enrollment.mutable_create_time() = postgres::ToTimestamp(row[9]);
  enrollment.set_etag(api::MakeEtag(row[10].as<std::int64_t>()));
  for (std::string& unit : postgres::ToStrings(row[11])) enrollment.add_unit_path(std::move(unit));
  enrollment.set_appraiser(row[12].as<std::string>());
  enrollment.set_withdraw_comment(row[13].as<std::string>());
  return enrollment;
}

}  // namespace

void EnrollmentStore::Insert(const PlanKey& plan, const std::vector<v1::Enrollment>& enrollments) {
  std::vector<std::string> ids, courses, offerings, needs;
  for (const v1::Enrollment& enrollment : enrollments) {
    const auto place = kOfferingName.Parse(enrollment.offering(), "offering");
    ids.push_back(api::IdOf(enrollment.name()));
    courses.push_back((*place)[1]);
    offerings.push_back((*place)[2]);
    needs.push_back(api::IdOf(enrollment.need()));
  }
  tx_.Exec(kInsert,
           plan.agency.value(),
           postgres::ToArray(ids),
           postgres::ToArray(courses),
           postgres::ToArray(offerings),
           postgres::ToArray(needs),
           postgres::ToText(tx_.call().time()),
           plan.id.value());
}

absl::StatusOr<v1::Enrollment> EnrollmentStore::Get(const EnrollmentKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToEnrollment(key.agency, rows[0]);
}

absl::StatusOr<std::vector<v1::Enrollment>> EnrollmentStore::List(
    const EnrollmentQuery& query) const {
  const ListScope scope(query.scope, query.agency, tx_.call());
  std::vector<v1::Enrollment> enrollments;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       query.agency.value(),
                                       query.employee,
                                       query.course_id,
                                       query.offering_id,
                                       scope.agency,
                                       scope.self,
                                       scope.appraiser,
                                       scope.units,
                                       query.after_id,
                                       query.limit)) {
    enrollments.push_back(ToEnrollment(query.agency, row));
  }
  return enrollments;
}

absl::StatusOr<v1::Enrollment> EnrollmentStore::Update(
    const EnrollmentKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Enrollment&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::Enrollment enrollment = ToEnrollment(key.agency, rows[0]);
  RETURN_IF_ERROR(change(enrollment));
  return ToEnrollment(
      key.agency,
      tx_.Exec(kUpdate,
               key.agency.value(),
               key.id.value(),
               v1::Enrollment::State_Name(enrollment.state()),
               enrollment.learning_hours(),
               enrollment.effect_note(),
               enrollment.has_complete_date() ? postgres::ToText(enrollment.complete_date())
                                              : std::nullopt,
               enrollment.withdraw_comment())[0]);
}

std::vector<domain::BusyDays> EnrollmentStore::BusyDays(const AgencyId& agency,
                                                        int fiscal_year,
                                                        const std::string& except_id) const {
  std::vector<domain::BusyDays> busy;
  for (const pqxx::row& row : tx_.Exec(kBusyDays, agency.value(), fiscal_year, except_id)) {
    busy.push_back({.employee = row[0].as<std::string>(),
                    .start_date = postgres::ToDate(row[1]),
                    .end_date = postgres::ToDate(row[2])});
  }
  return busy;
}

std::vector<v1::Enrollment> EnrollmentStore::ListStanding(const PlanKey& plan) const {
  std::vector<v1::Enrollment> standing;
  for (const pqxx::row& row : tx_.Exec(kListStanding, plan.agency.value(), plan.id.value())) {
    standing.push_back(ToEnrollment(plan.agency, row));
  }
  return standing;
}

void EnrollmentStore::Hand(const PlanKey& from, const PlanKey& to) {
  tx_.Exec(kHand, from.agency.value(), from.id.value(), to.id.value());
}

std::vector<EnrollmentKey> EnrollmentStore::ListPlanned(const AgencyId& agency,
                                                        const std::string& offering_name) const {
  const auto ids = kOfferingName.Parse(offering_name, "name");
  std::vector<EnrollmentKey> keys;
  for (const pqxx::row& row : tx_.Exec(kListPlanned, agency.value(), (*ids)[1], (*ids)[2])) {
    keys.push_back({agency, decltype(EnrollmentKey::id)(row[0].as<std::string>())});
  }
  return keys;
}

std::map<std::string, std::set<std::string>> EnrollmentStore::LearntTopics(
    const AgencyId& agency) const {
  std::map<std::string, std::set<std::string>> topics;
  for (const pqxx::row& row : tx_.Exec(kLearntTopics, agency.value())) {
    topics[row[0].as<std::string>()].insert(row[1].as<std::string>());
  }
  return topics;
}

std::map<std::string, google::type::Date> EnrollmentStore::Completions(
    const CourseKey& course) const {
  std::map<std::string, google::type::Date> completions;
  for (const pqxx::row& row : tx_.Exec(kCompletions, course.agency.value(), course.id.value())) {
    completions[row[0].as<std::string>()] = postgres::ToDate(row[1]);
  }
  return completions;
}

}  // namespace teraju::training
