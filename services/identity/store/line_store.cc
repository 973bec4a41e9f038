#include "services/identity/store/line_store.h"

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/domain/calendar.h"
#include "services/identity/store/day_text.h"
#include "services/identity/store/names.h"
#include "services/identity/store/official_store.h"
#include "services/identity/store/unit_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

// Heads, and where the heads themselves stand. These are looked up head by head, whatever the
// statistics say: OFFSET 0 keeps the planner from turning it into a pass over everybody's posts.
constexpr Statement kHeads{
    "line_heads",
    "WITH heads AS MATERIALIZED (SELECT employee_id, unit_id, position_title, kind, leads_unit, "
    "start_date, end_date, share_percent FROM assignments_known(NULL) WHERE agency_id = $1 AND "
    "leads_unit AND start_date <= $3::date AND (end_date IS NULL OR end_date >= $2::date)) "
    "SELECT * FROM heads UNION ALL "
    "SELECT p.* FROM (SELECT DISTINCT employee_id FROM heads) h CROSS JOIN LATERAL "
    "(SELECT employee_id, unit_id, position_title, kind, leads_unit, start_date, end_date, "
    "share_percent FROM assignments a WHERE a.agency_id = $1 AND a.employee_id = h.employee_id "
    "AND NOT leads_unit AND kind = 'DEFINITIVE' AND delete_time IS NULL "
    "AND start_date <= $3::date AND (end_date IS NULL OR end_date >= $2::date) OFFSET 0) p"};
constexpr Statement kHeadsIn{
    "line_heads_in",
    "SELECT employee_id, unit_id, position_title, kind, leads_unit, start_date, end_date, "
    "share_percent FROM "
    "assignments_known($4::timestamptz) WHERE agency_id = $1 AND leads_unit AND unit_id = ANY "
    "($2::text[]) AND start_date <= $3::date AND (end_date IS NULL OR end_date >= $3::date)"};
constexpr Statement kHomes{
    "line_homes",
    "SELECT employee_id, unit_id, position_title, kind, leads_unit, start_date, end_date, "
    "share_percent FROM "
    "assignments_known($4::timestamptz) WHERE agency_id = $1 AND kind = 'DEFINITIVE' AND "
    "employee_id = ANY ($2::uuid[]) AND start_date <= $3::date "
    "AND (end_date IS NULL OR end_date >= $3::date)"};
constexpr Statement kPaths{
    "line_paths",
    "SELECT DISTINCT s.unit_id, s.display_name, s.parent_unit_id, s.start_date, s.end_date, "
    "s.without_head, s.abolished FROM unnest($2::text[]) AS u (unit_id) "
    "CROSS JOIN LATERAL unnest(unit_path($1, u.unit_id, $3, $4::timestamptz)) AS p (unit_id) "
    "JOIN unit_states_known($4::timestamptz) s ON s.agency_id = $1 AND s.unit_id = p.unit_id "
    "WHERE s.start_date <= $3 AND s.end_date >= $3"};
constexpr Statement kPosts{
    "line_posts",
    "SELECT employee_id, unit_id, position_title, kind, leads_unit, start_date, end_date, "
    "share_percent FROM assignments_known($4::timestamptz) WHERE agency_id = $1 AND "
    "employee_id = $2 AND start_date <= $3::date AND (end_date IS NULL OR end_date >= $3::date)"};
constexpr Statement kPostsOn{
    "line_posts_on",
    "SELECT employee_id, unit_id, position_title, kind, leads_unit, start_date, end_date, "
    "share_percent FROM assignments_known(NULL) WHERE agency_id = $1 "
    "AND (kind = 'DEFINITIVE' OR share_percent > 0) AND start_date <= $2::date "
    "AND (end_date IS NULL OR end_date >= $2::date) ORDER BY employee_id"};
// Those with a definitive post between the days $2 and $3, and all their posts between these.
constexpr postgres::Sql kWithPersons =
    "WITH persons AS (SELECT DISTINCT employee_id FROM assignments_known(NULL) WHERE agency_id = "
    "$1 AND kind = 'DEFINITIVE' AND start_date <= $3::date AND (end_date IS NULL OR end_date >= "
    "$2::date) AND ";
constexpr postgres::Sql kTheirPosts =
    ") SELECT a.employee_id, a.unit_id, a.position_title, a.kind, a.leads_unit, a.start_date, "
    "a.end_date, a.share_percent, e.position_title AS present_title, e.position_kind AS "
    "present_kind FROM persons p JOIN assignments_known(NULL) a ON a.agency_id = $1 AND "
    "a.employee_id = p.employee_id JOIN employees e ON e.agency_id = $1 AND e.employee_id = "
    "p.employee_id WHERE a.start_date <= $3::date AND (a.end_date IS NULL OR a.end_date >= "
    "$2::date) AND ";
constexpr Statement kPersonPosts{
    "line_person_posts",
    postgres::kSql<
        kWithPersons +
        "employee_id > $4::uuid AND ($5 = '' OR unit_id IN (SELECT unit_id FROM subtree_of($1, "
        "ARRAY[$5], $3::date))) ORDER BY employee_id LIMIT $6" +
        kTheirPosts +
        "(a.share_percent > 0 OR (a.kind = 'DEFINITIVE' AND ($5 = '' OR a.unit_id IN "
        "(SELECT unit_id FROM subtree_of($1, ARRAY[$5], $3::date))))) "
        "ORDER BY a.employee_id, a.start_date">};
constexpr Statement kPostsOfPersons{
    "line_posts_of_persons",
    postgres::kSql<kWithPersons + "employee_id = ANY ($4::uuid[])" + kTheirPosts +
                   "(a.share_percent > 0 OR a.kind = 'DEFINITIVE') "
                   "ORDER BY a.employee_id, a.start_date">};

constexpr Statement kPostsOf{
    "line_posts_of",
    "SELECT employee_id, unit_id, position_title, kind, leads_unit, start_date, end_date, "
    "share_percent FROM assignments_known(NULL) WHERE agency_id = $1 AND employee_id = "
    "ANY ($2::uuid[]) AND (kind = 'DEFINITIVE' OR share_percent > 0) "
    "ORDER BY employee_id, start_date"};
constexpr Statement kAllPosts{
    "line_all_posts",
    "WITH persons AS (SELECT employee_id FROM employees WHERE agency_id = $1 AND employee_id > "
    "$2::uuid ORDER BY employee_id LIMIT $3) "
    "SELECT p.employee_id, a.unit_id, a.position_title, a.kind, a.leads_unit, a.start_date, "
    "a.end_date, a.share_percent FROM persons p LEFT JOIN assignments_known(NULL) a ON "
    "a.agency_id = $1 AND a.employee_id = p.employee_id AND (a.kind = 'DEFINITIVE' OR "
    "a.share_percent > 0) ORDER BY p.employee_id, a.start_date"};
// On any day.
constexpr Statement kStatesAbove{
    "line_states_above",
    "WITH RECURSIVE up AS (SELECT unnest($2::text[]) COLLATE \"C\" AS unit_id UNION "
    "SELECT s.parent_unit_id FROM up u JOIN unit_states s ON s.agency_id = $1 AND s.unit_id = "
    "u.unit_id WHERE s.parent_unit_id IS NOT NULL) "
    "SELECT * FROM unit_states WHERE agency_id = $1 AND unit_id IN (SELECT unit_id FROM up)"};
constexpr Statement kHeadsOf{
    "line_heads_of",
    "SELECT employee_id, unit_id, position_title, kind, leads_unit, start_date, end_date, "
    "share_percent FROM assignments_known(NULL) WHERE agency_id = $1 AND leads_unit "
    "AND unit_id = ANY ($2::text[])"};
constexpr Statement kLedBy{"line_led_by",
                           "SELECT DISTINCT unit_id FROM assignments_known(NULL) WHERE "
                           "agency_id = $1 AND employee_id = $2 AND leads_unit"};
// On any day.
constexpr Statement kPersonsBelow{
    "line_persons_below",
    "WITH RECURSIVE tree AS (SELECT unnest($2::text[]) COLLATE \"C\" AS unit_id UNION "
    "SELECT s.unit_id FROM tree t JOIN unit_states s ON s.agency_id = $1 AND s.parent_unit_id = "
    "t.unit_id) SELECT DISTINCT employee_id FROM assignments_known(NULL) WHERE agency_id = $1 "
    "AND (kind = 'DEFINITIVE' OR share_percent > 0) AND unit_id IN (SELECT unit_id FROM tree)"};

domain::Post ToPost(const pqxx::row& row) {
  domain::Post post;
  post.person = std::string("employees/") + row["employee_id"].c_str();
  post.unit = row["unit_id"].c_str();
  post.title = row["position_title"].c_str();
  v1::Assignment::Kind_Parse(row["kind"].c_str(), &post.kind);
  post.leads_unit = row["leads_unit"].as<bool>();
  post.first = ReadDay(row["start_date"]);
  post.last = ReadDay(row["end_date"]);
  post.share = row["share_percent"].as<int>();
  return post;
}

void AddPosts(const pqxx::result& rows, std::vector<domain::Post>& posts) {
  for (const pqxx::row& row : rows) posts.push_back(ToPost(row));
}

// In the order of the rows, which are sorted by person.
std::vector<std::vector<PersonPost>> ToPersonPosts(const pqxx::result& rows) {
  std::vector<std::vector<PersonPost>> persons;
  for (const pqxx::row& row : rows) {
    PersonPost post{ToPost(row), row["employee_id"].c_str(), row["present_title"].c_str(), {}};
    v1::Employee::PositionKind_Parse(row["present_kind"].c_str(), &post.present_kind);
    if (persons.empty() || persons.back().back().employee != post.employee) persons.emplace_back();
    persons.back().push_back(std::move(post));
  }
  return persons;
}

}  // namespace

domain::HeadCalendar LineStore::Heads(const AgencyId& agency,
                                      absl::CivilDay first,
                                      absl::CivilDay last) const {
  const std::vector<domain::UnitState> tree = UnitStore(tx_).Tree(agency, first, last);
  std::vector<domain::Post> posts;
  AddPosts(tx_.Exec(kHeads, agency.value(), DayText(first), DayText(last)), posts);
  const std::vector<domain::Term> terms = OfficialStore(tx_).Terms(agency, first, last);
  return {tree, posts, terms, first, last};
}

domain::HeadCalendar LineStore::HeadsAbove(const AgencyId& agency,
                                           const std::vector<std::string>& from) const {
  const absl::CivilDay first = absl::CivilDay::min();
  const absl::CivilDay last = absl::CivilDay::max();
  std::vector<domain::UnitState> tree;
  std::vector<std::string> units;
  for (const pqxx::row& row : tx_.Exec(kStatesAbove, agency.value(), postgres::ToArray(from))) {
    tree.push_back(ToUnitState(row));
    units.push_back(tree.back().id);
  }
  std::vector<domain::Post> heads;
  AddPosts(tx_.Exec(kHeadsOf, agency.value(), postgres::ToArray(units)), heads);
  const std::vector<domain::Term> terms = OfficialStore(tx_).Terms(agency, first, last);
  return {tree, heads, terms, first, last};
}

std::optional<Place> LineStore::PlaceOf(const EmployeeKey& key,
                                        absl::CivilDay day,
                                        const AsOf& as_of) const {
  if (!IsUuid(key.employee.value())) return std::nullopt;
  Place place;
  for (const pqxx::row& row :
       tx_.Exec(kPosts, key.agency.value(), key.employee.value(), DayText(day), as_of.known)) {
    domain::Post post = ToPost(row);
    place.leads = place.leads || post.leads_unit;
    if (post.kind == v1::Assignment::DEFINITIVE) place.unit = post.unit;
    if (post.share > 0) place.secondments.push_back(std::move(post));
  }
  if (place.unit.empty()) return std::nullopt;
  return place;
}

LineStore::Way LineStore::WayUp(const AgencyId& agency,
                                const std::vector<std::string>& from,
                                absl::CivilDay day,
                                const AsOf& as_of) const {
  Way way;
  std::vector<std::string> units;
  for (const pqxx::row& row :
       tx_.Exec(kPaths, agency.value(), postgres::ToArray(from), DayText(day), as_of.known)) {
    way.tree.push_back(ToUnitState(row));
    units.push_back(way.tree.back().id);
  }
  AddPosts(tx_.Exec(kHeadsIn, agency.value(), postgres::ToArray(units), DayText(day), as_of.known),
           way.heads);
  return way;
}

absl::StatusOr<domain::Line> LineStore::Resolve(const EmployeeKey& key,
                                                const Place& place,
                                                absl::CivilDay day,
                                                const AsOf& as_of) const {
  std::vector<std::string> from = {place.unit};
  for (const domain::Post& post : place.secondments) from.push_back(post.unit);
  Way way = WayUp(key.agency, from, day, as_of);
  if (place.leads) {
    // Whether a head above stands under the person is told by where that head's own post is.
    std::vector<std::string> persons;
    for (const domain::Post& head : way.heads) persons.push_back(LastSegment(head.person));
    std::vector<domain::Post> homes;
    AddPosts(
        tx_.Exec(kHomes, key.agency.value(), postgres::ToArray(persons), DayText(day), as_of.known),
        homes);
    for (const domain::Post& home : homes) from.push_back(home.unit);
    way = WayUp(key.agency, from, day, as_of);
    for (domain::Post& home : homes) {
      if (!home.leads_unit) way.heads.push_back(std::move(home));
    }
  }
  const std::vector<domain::Term> terms = OfficialStore(tx_).Terms(key.agency, day, day, as_of);
  return domain::HeadCalendar(way.tree, way.heads, terms, day, day)
      .Resolve("employees/" + key.employee.value(), place.unit, day, place.secondments);
}

std::vector<std::string> LineStore::UnitsLedBy(const EmployeeKey& key) const {
  std::vector<std::string> units;
  if (!IsUuid(key.employee.value())) return units;
  for (const pqxx::row& row : tx_.Exec(kLedBy, key.agency.value(), key.employee.value()))
    units.push_back(row[0].c_str());
  return units;
}

std::vector<std::string> LineStore::PersonsBelow(const AgencyId& agency,
                                                 const std::vector<std::string>& units) const {
  std::vector<std::string> persons;
  for (const pqxx::row& row : tx_.Exec(kPersonsBelow, agency.value(), postgres::ToArray(units)))
    persons.push_back(row[0].c_str());
  return persons;
}

void LineStore::ForEachPerson(
    const AgencyId& agency,
    const std::optional<std::vector<std::string>>& persons,
    int at_once,
    absl::FunctionRef<void(const std::vector<domain::Post>&)> visit) const {
  std::vector<domain::Post> posts;  // of one person
  const auto read = [&](const pqxx::result& rows) {
    for (const pqxx::row& row : rows) {
      if (row["unit_id"].is_null()) continue;
      domain::Post post = ToPost(row);
      if (!posts.empty() && posts.back().person != post.person) {
        visit(posts);
        posts.clear();
      }
      posts.push_back(std::move(post));
    }
    if (!posts.empty()) visit(posts);
    posts.clear();
  };
  if (persons) {
    read(tx_.Exec(kPostsOf, agency.value(), postgres::ToArray(*persons)));
    return;
  }
  std::string after(kFirstId);
  for (;;) {
    const pqxx::result rows = tx_.Exec(kAllPosts, agency.value(), after, at_once);
    if (rows.empty()) return;
    after = rows[rows.size() - 1]["employee_id"].c_str();
    read(rows);
  }
}

bool LineStore::Leads(const std::string& person,
                      const EmployeeKey& key,
                      absl::CivilDay day,
                      const AsOf& as_of) const {
  const auto place = PlaceOf(key, day, as_of);
  if (!place) return false;
  const Way way = WayUp(key.agency, {place->unit}, day, as_of);
  const std::vector<domain::Term> terms = OfficialStore(tx_).Terms(key.agency, day, day, as_of);
  return domain::HeadCalendar(way.tree, way.heads, terms, day, day)
      .IsAbove(person, place->unit, day);
}

std::vector<std::string> LineStore::Under(const AgencyId& agency,
                                          const std::string& person,
                                          Superior as,
                                          absl::CivilDay day) const {
  // Whom a head appraises: the members of the units led, and heads and members below vacant posts.
  // One pass over the day's definitive posts finds all.
  const domain::HeadCalendar heads = Heads(agency, day, day);
  std::vector<std::string> ids;
  std::vector<domain::Post> posts;  // of one employee
  const auto judge = [&] {
    const auto home = std::find_if(posts.begin(), posts.end(), [](const domain::Post& post) {
      return post.kind == v1::Assignment::DEFINITIVE;
    });
    if (home != posts.end()) {
      const auto line = heads.Resolve(home->person, home->unit, day, posts);
      const bool under = line.ok() && ((as.appraiser && line->appraiser->person == person) ||
                                       (as.next_appraiser && line->next_appraiser.has_value() &&
                                        line->next_appraiser->person == person));
      if (under) ids.push_back(LastSegment(home->person));
    }
    posts.clear();
  };
  for (const pqxx::row& row : tx_.Exec(kPostsOn, agency.value(), DayText(day))) {
    domain::Post post = ToPost(row);
    if (!posts.empty() && posts.back().person != post.person) judge();
    posts.push_back(std::move(post));
  }
  judge();
  return ids;
}

Page<std::vector<PersonPost>> LineStore::PersonPosts(const AgencyId& agency,
                                                     const std::string& unit,
                                                     absl::CivilDay first,
                                                     absl::CivilDay last,
                                                     const PageQuery& query) const {
  const std::string after = query.after.empty() ? std::string(kFirstId) : query.after[0];
  Page<std::vector<PersonPost>> page;
  page.items = ToPersonPosts(tx_.Exec(
      kPersonPosts, agency.value(), DayText(first), DayText(last), after, unit, query.size + 1));
  EndPage(
      page, query.size, [](const std::vector<PersonPost>& last_person) -> std::vector<std::string> {
        return {last_person.back().employee};
      });
  return page;
}

std::vector<std::vector<PersonPost>> LineStore::PostsOf(const AgencyId& agency,
                                                        const std::vector<std::string>& employees,
                                                        absl::CivilDay first,
                                                        absl::CivilDay last) const {
  return ToPersonPosts(tx_.Exec(kPostsOfPersons,
                                agency.value(),
                                DayText(first),
                                DayText(last),
                                postgres::ToArray(employees)));
}

}  // namespace teraju::identity
