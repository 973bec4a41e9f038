#include "services/training/store/course_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/training/domain/rupiah.h"

namespace teraju::training {
namespace {

constexpr postgres::Sql kColumns =
    "c.course_id, c.title, c.topics, c.type, c.learning_hours, c.provider, c.state, c.create_time,"
    " c.version, c.effect";
constexpr postgres::Sql kOfferingColumns =
    "o.course_id, o.offering_id, o.start_date, o.end_date, o.seats, o.minimum_participants,"
    " o.cost_per_seat, o.fixed_cost, o.partner, o.state, o.seats_taken, o.create_time, o.version,"
    " o.cancel_comment";
constexpr int kOfferingColumnCount = 14;

constexpr postgres::Statement kInsert{
    "course_insert",
    postgres::kSql<"INSERT INTO courses AS c (agency_id, course_id, title, topics, type,"
                   " learning_hours, provider, create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)"
                   " RETURNING " +
                   kColumns>};
constexpr postgres::Statement kSelect{
    "course_select",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM courses c WHERE c.agency_id = $1 AND c.course_id = $2">};
constexpr postgres::Statement kSelectForUpdate{
    "course_select_for_update",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM courses c WHERE c.agency_id = $1 AND c.course_id = $2 FOR UPDATE">};
constexpr postgres::Statement kList{
    "course_list",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM courses c WHERE c.agency_id = $1 AND c.course_id > $2"
                   " AND ($3 = '' OR $3 = ANY (c.topics)) ORDER BY c.course_id LIMIT $4">};
constexpr postgres::Statement kUpdateState{
    "course_update_state",
    postgres::kSql<"UPDATE courses AS c SET state = $3, version = version + 1"
                   " WHERE c.agency_id = $1 AND c.course_id = $2 RETURNING " +
                   kColumns>};
constexpr postgres::Statement kUpdateEffect{
    "course_update_effect",
    postgres::kSql<"UPDATE courses AS c SET effect = $3, version = version + 1"
                   " WHERE c.agency_id = $1 AND c.course_id = $2 RETURNING " +
                   kColumns>};
constexpr postgres::Statement kListWithEffect{
    "course_list_with_effect",
    postgres::kSql<"SELECT " + kColumns +
                   " FROM courses c WHERE c.agency_id = $1 AND length(c.effect) > 0"
                   " ORDER BY c.course_id">};
constexpr postgres::Statement kSelectOffering{
    "offering_select",
    postgres::kSql<"SELECT " + kOfferingColumns +
                   " FROM offerings o WHERE o.agency_id = $1 AND o.course_id = $2"
                   " AND o.offering_id = $3">};
constexpr postgres::Statement kSelectOfferingForUpdate{
    "offering_select_for_update",
    postgres::kSql<"SELECT " + kOfferingColumns +
                   " FROM offerings o WHERE o.agency_id = $1 AND o.course_id = $2"
                   " AND o.offering_id = $3 FOR UPDATE">};
constexpr postgres::Statement kUpdateOffering{
    "offering_update",
    postgres::kSql<"UPDATE offerings AS o SET state = $4, cancel_comment = $5,"
                   " version = version + 1 WHERE o.agency_id = $1 AND o.course_id = $2"
                   " AND o.offering_id = $3 RETURNING " +
                   kOfferingColumns>};
constexpr postgres::Statement kInsertOffering{
    "offering_insert",
    postgres::kSql<
        "INSERT INTO offerings AS o (agency_id, course_id, offering_id, start_date,"
        " end_date, seats, minimum_participants, cost_per_seat, fixed_cost, partner,"
        " create_time) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11) RETURNING " +
        kOfferingColumns>};
constexpr postgres::Statement kListOfferings{
    "offering_list",
    postgres::kSql<"SELECT " + kOfferingColumns +
                   " FROM offerings o WHERE o.agency_id = $1 AND ($2 = '' OR o.course_id = $2)"
                   " AND ($3 = 0 OR o.start_date BETWEEN make_date($3, 1, 1)"
                   " AND make_date($3, 12, 31))"
                   " AND (o.start_date, o.course_id, o.offering_id) > ($4::date, $5, $6)"
                   " ORDER BY o.start_date, o.course_id, o.offering_id LIMIT $7">};
constexpr postgres::Statement kListOpen{
    "offering_list_open",
    postgres::kSql<"SELECT " + kOfferingColumns + ", " + kColumns +
                   " FROM offerings o JOIN courses c"
                   " ON c.agency_id = o.agency_id AND c.course_id = o.course_id"
                   " WHERE o.agency_id = $1 AND o.start_date BETWEEN make_date($2, 1, 1)"
                   " AND make_date($2, 12, 31) AND o.state = 'OPEN' AND c.state = 'PUBLISHED'"
                   " ORDER BY o.start_date, o.course_id, o.offering_id">};
constexpr postgres::Statement kLockYear{
    "offering_lock_year",
    "SELECT 1 FROM offerings WHERE agency_id = $1 AND start_date BETWEEN make_date($2, 1, 1)"
    " AND make_date($2, 12, 31) ORDER BY course_id, offering_id FOR UPDATE"};
constexpr postgres::Statement kTakeSeats{
    "offering_take_seats",
    "UPDATE offerings SET seats_taken = seats_taken + $4, version = version + 1"
    " WHERE agency_id = $1 AND course_id = $2 AND offering_id = $3"};

v1::Course ToCourse(const AgencyId& agency, const pqxx::row& row, int at = 0) {
  v1::Course course;
  course.set_name(NameOf<CourseKey>(agency, row[at].as<std::string>()));
  course.set_title(row[at + 1].as<std::string>());
  for (std::string& topic : postgres::ToStrings(row[at + 2])) course.add_topics(std::move(topic));
  course.set_type(row[at + 3].as<std::string>());
  course.set_learning_hours(row[at + 4].as<int>());
  course.set_provider(row[at + 5].as<std::string>());
  v1::Course::State state = v1::Course::STATE_UNSPECIFIED;
  v1::Course::State_Parse(row[at + 6].as<std::string>(), &state);
  course.set_state(state);
  *course.mutable_create_time() = postgres::ToTimestamp(row[at + 7]);
  course.set_etag(api::MakeEtag(row[at + 8].as<std::int64_t>()));
  if (const std::string effect = postgres::FromBytes(row[at + 9]); !effect.empty())
    course.mutable_effect()->ParseFromString(effect);
  return course;
}

v1::Offering ToOffering(const AgencyId& agency, const pqxx::row& row) {
  v1::Offering offering;
  offering.set_name(
      kOfferingName.Format({agency.value(), row[0].as<std::string>(), row[1].as<std::string>()}));
  *offering.mutable_start_date() = postgres::ToDate(row[2]);
  *offering.mutable_end_date() = postgres::ToDate(row[3]);
  offering.set_seats(row[4].as<int>());
  offering.set_minimum_participants(row[5].as<int>());
  *offering.mutable_cost_per_seat() = domain::ToMoney(row[6].as<std::int64_t>());
  *offering.mutable_fixed_cost() = domain::ToMoney(row[7].as<std::int64_t>());
  offering.set_partner(row[8].as<std::string>());
  v1::Offering::State state = v1::Offering::STATE_UNSPECIFIED;
  v1::Offering::State_Parse(row[9].as<std::string>(), &state);
  offering.set_state(state);
  offering.set_seats_taken(row[10].as<int>());
  *offering.mutable_create_time() = postgres::ToTimestamp(row[11]);
  offering.set_etag(api::MakeEtag(row[12].as<std::int64_t>()));
  offering.set_cancel_comment(row[13].as<std::string>());
  return offering;
}

}  // namespace

v1::Course CourseStore::Insert(const CourseKey& key, const v1::Course& course) {
  const std::vector<std::string> topics(course.topics().begin(), course.topics().end());
  return ToCourse(key.agency,
                  tx_.Exec(kInsert,
                           key.agency.value(),
                           key.id.value(),
                           course.title(),
                           postgres::ToArray(topics),
                           course.type(),
                           course.learning_hours(),
                           course.provider(),
                           postgres::ToText(tx_.call().time()))[0]);
}

absl::StatusOr<v1::Course> CourseStore::Get(const CourseKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToCourse(key.agency, rows[0]);
}

absl::StatusOr<std::vector<v1::Course>> CourseStore::List(const AgencyId& agency,
                                                          const std::string& topic,
                                                          const std::string& after_id,
                                                          int limit) const {
  std::vector<v1::Course> courses;
  for (const pqxx::row& row : tx_.Exec(kList, agency.value(), after_id, topic, limit)) {
    courses.push_back(ToCourse(agency, row));
  }
  return courses;
}

absl::StatusOr<v1::Course> CourseStore::UpdateState(
    const CourseKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Course&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency.value(), key.id.value());
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), key.Name()));
  v1::Course course = ToCourse(key.agency, rows[0]);
  RETURN_IF_ERROR(change(course));
  return ToCourse(key.agency,
                  tx_.Exec(kUpdateState,
                           key.agency.value(),
                           key.id.value(),
                           v1::Course::State_Name(course.state()))[0]);
}

absl::StatusOr<v1::Course> CourseStore::UpdateEffect(const CourseKey& key,
                                                     const v1::CourseEffect& effect) {
  const pqxx::result rows = tx_.Exec(kUpdateEffect,
                                     key.agency.value(),
                                     key.id.value(),
                                     postgres::ToBytes(effect.SerializeAsString()));
  if (rows.empty()) return errors::ResourceNotFound(key.Name());
  return ToCourse(key.agency, rows[0]);
}

std::vector<v1::Course> CourseStore::ListWithEffect(const AgencyId& agency) const {
  std::vector<v1::Course> courses;
  for (const pqxx::row& row : tx_.Exec(kListWithEffect, agency.value())) {
    courses.push_back(ToCourse(agency, row));
  }
  return courses;
}

absl::StatusOr<v1::Offering> CourseStore::GetOffering(const std::string& name) const {
  ASSIGN_OR_RETURN(const auto ids, kOfferingName.Parse(name, "name"));
  const pqxx::result rows = tx_.Exec(kSelectOffering, ids[0], ids[1], ids[2]);
  if (rows.empty()) return errors::ResourceNotFound(name);
  return ToOffering(AgencyId(ids[0]), rows[0]);
}

absl::StatusOr<v1::Offering> CourseStore::UpdateOffering(
    const std::string& name,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Offering&)> change) {
  ASSIGN_OR_RETURN(const auto ids, kOfferingName.Parse(name, "name"));
  const AgencyId agency(ids[0]);
  const pqxx::result rows = tx_.Exec(kSelectOfferingForUpdate, ids[0], ids[1], ids[2]);
  if (rows.empty()) return errors::ResourceNotFound(name);
  RETURN_IF_ERROR(precondition.Check(rows[0]["version"].as<std::int64_t>(), name));
  v1::Offering offering = ToOffering(agency, rows[0]);
  RETURN_IF_ERROR(change(offering));
  return ToOffering(agency,
                    tx_.Exec(kUpdateOffering,
                             ids[0],
                             ids[1],
                             ids[2],
                             v1::Offering::State_Name(offering.state()),
                             offering.cancel_comment())[0]);
}

v1::Offering CourseStore::InsertOffering(const CourseKey& course,
                                         const std::string& id,
                                         const v1::Offering& offering) {
  return ToOffering(course.agency,
                    tx_.Exec(kInsertOffering,
                             course.agency.value(),
                             course.id.value(),
                             id,
                             postgres::ToText(offering.start_date()),
                             postgres::ToText(offering.end_date()),
                             offering.seats(),
                             offering.minimum_participants(),
                             offering.cost_per_seat().units(),
                             offering.fixed_cost().units(),
                             offering.partner(),
                             postgres::ToText(tx_.call().time()))[0]);
}

absl::StatusOr<std::vector<v1::Offering>> CourseStore::ListOfferings(
    const OfferingQuery& query) const {
  const bool first = query.after.size() != 3;
  std::vector<v1::Offering> offerings;
  for (const pqxx::row& row : tx_.Exec(kListOfferings,
                                       query.agency.value(),
                                       query.course_id,
                                       query.fiscal_year,
                                       first ? "-infinity" : query.after[0],
                                       first ? "" : query.after[1],
                                       first ? "" : query.after[2],
                                       query.limit)) {
    offerings.push_back(ToOffering(query.agency, row));
  }
  return offerings;
}

std::vector<std::string> CourseStore::OrderKey(const v1::Offering& offering) {
  const auto ids = kOfferingName.Parse(offering.name(), "name");
  return {postgres::ToText(offering.start_date()).value_or(""), (*ids)[1], (*ids)[2]};
}

std::vector<domain::OpenOffering> CourseStore::ListOpen(const AgencyId& agency,
                                                        int fiscal_year) const {
  std::vector<domain::OpenOffering> open;
  for (const pqxx::row& row : tx_.Exec(kListOpen, agency.value(), fiscal_year)) {
    open.push_back({.course = ToCourse(agency, row, kOfferingColumnCount),
                    .offering = ToOffering(agency, row)});
  }
  return open;
}

void CourseStore::LockYear(const AgencyId& agency, int fiscal_year) {
  tx_.Exec(kLockYear, agency.value(), fiscal_year);
}

void CourseStore::TakeSeats(const std::string& offering_name, int seats) {
  const auto ids = kOfferingName.Parse(offering_name, "name");
  tx_.Exec(kTakeSeats, (*ids)[0], (*ids)[1], (*ids)[2], seats);
}

}  // namespace teraju::training
