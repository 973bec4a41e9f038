#include "services/identity/store/line_store.h"

#include "services/identity/domain/calendar.h"
#include "services/identity/store/official_store.h"
#include "services/identity/store/unit_store.h"

namespace teraju::identity {
namespace {

using postgres::Statement;

constexpr std::string_view kFirstId = "00000000-0000-0000-0000-000000000000";

constexpr Statement kHeads{
    "line_heads",
    "SELECT employee_id, unit_id, position_title, kind, start_date, end_date FROM "
    "assignments_known(NULL) WHERE agency_id = $1 AND leads_unit AND start_date <= $3::date "
    "AND (end_date IS NULL OR end_date >= $2::date)"};
constexpr Statement kHeadsAbove{
    "line_heads_above",
    "SELECT employee_id, unit_id, position_title, kind, start_date, end_date FROM "
    "assignments_known($4::timestamptz) WHERE agency_id = $1 AND leads_unit AND unit_id = ANY "
    "(unit_path($1, $2)) "
    "AND start_date <= $3::date AND (end_date IS NULL OR end_date >= $3::date)"};
constexpr Statement kPath{"line_path",
                          "SELECT unit_id, display_name, parent_unit_id FROM units "
                          "WHERE agency_id = $1 AND unit_id = ANY (unit_path($1, $2))"};
constexpr Statement kDefinitiveUnit{
    "line_definitive_unit",
    "SELECT unit_id FROM assignments_known($4::timestamptz) WHERE agency_id = $1 AND "
    "employee_id = $2 "
    "AND kind = 'DEFINITIVE' AND start_date <= $3::date "
    "AND (end_date IS NULL OR end_date >= $3::date)"};
constexpr Statement kDefinitiveOn{
    "line_definitive_on",
    "SELECT employee_id, unit_id FROM assignments_known(NULL) WHERE agency_id = $1 "
    "AND kind = 'DEFINITIVE' AND start_date <= $2::date "
    "AND (end_date IS NULL OR end_date >= $2::date)"};
constexpr Statement kDefinitivePosts{
    "line_definitive_posts",
    "WITH persons AS ("
    "  SELECT DISTINCT employee_id FROM assignments_known(NULL) WHERE agency_id = $1 AND "
    "employee_id > $4::uuid "
    "  AND kind = 'DEFINITIVE' AND start_date <= $3::date AND (end_date IS NULL OR end_date >= "
    "$2::date) "
    "  AND ($5 = '' OR unit_id IN (SELECT unit_id FROM subtree_of($1, ARRAY[$5]))) "
    "  ORDER BY employee_id LIMIT $6) "
    "SELECT a.employee_id, a.unit_id, a.position_title, a.kind, a.start_date, a.end_date, "
    "e.position_title AS present_title, "
    "e.position_kind AS present_kind "
    "FROM persons p JOIN assignments_known(NULL) a ON a.agency_id = $1 AND a.employee_id = "
    "p.employee_id "
    "JOIN employees e ON e.agency_id = $1 AND e.employee_id = p.employee_id "
    "WHERE a.kind = 'DEFINITIVE' AND a.start_date <= $3::date AND (a.end_date IS NULL OR "
    "a.end_date >= $2::date) "
    "AND ($5 = '' OR a.unit_id IN (SELECT unit_id FROM subtree_of($1, ARRAY[$5]))) "
    "ORDER BY a.employee_id, a.start_date"};

std::string Text(absl::CivilDay day) { return *postgres::ToText(domain::ToDate(day)); }

domain::Post ToPost(const pqxx::row& row, bool leads_unit) {
  domain::Post post;
  post.person = std::string("employees/") + row["employee_id"].c_str();
  post.unit = row["unit_id"].c_str();
  post.title = row["position_title"].c_str();
  v1::Assignment::Kind_Parse(row["kind"].c_str(), &post.kind);
  post.leads_unit = leads_unit;
  post.first = *domain::FromDate(postgres::ToDate(row["start_date"]));
  post.last = domain::FromDate(postgres::ToDate(row["end_date"])).value_or(absl::CivilDay::max());
  return post;
}

std::vector<domain::Post> ToHeads(const pqxx::result& rows) {
  std::vector<domain::Post> heads;
  for (const pqxx::row& row : rows) heads.push_back(ToPost(row, true));
  return heads;
}

}  // namespace

domain::HeadCalendar LineStore::Heads(const AgencyId& agency,
                                      absl::CivilDay first,
                                      absl::CivilDay last) const {
  const std::vector<domain::TreeUnit> tree = UnitStore(tx_).Tree(agency);
  const std::vector<domain::Post> heads =
      ToHeads(tx_.Exec(kHeads, agency.value(), Text(first), Text(last)));
  const std::vector<domain::Term> terms = OfficialStore(tx_).Terms(agency, first, last);
  return {tree, heads, terms, first, last};
}

domain::HeadCalendar LineStore::HeadsAbove(const AgencyId& agency,
                                           const std::string& unit,
                                           absl::CivilDay day,
                                           const AsOf& as_of) const {
  std::vector<domain::TreeUnit> path;
  for (const pqxx::row& row : tx_.Exec(kPath, agency.value(), unit)) {
    path.push_back({row[0].c_str(), row[1].c_str(), postgres::EmptyIfNull(row[2])});
  }
  const std::vector<domain::Post> heads =
      ToHeads(tx_.Exec(kHeadsAbove, agency.value(), unit, Text(day), as_of.known));
  const std::vector<domain::Term> terms = OfficialStore(tx_).Terms(agency, day, day, as_of);
  return {path, heads, terms, day, day};
}

std::optional<std::string> LineStore::DefinitiveUnit(const EmployeeKey& key,
                                                     absl::CivilDay day,
                                                     const AsOf& as_of) const {
  if (!IsUuid(key.employee.value())) return std::nullopt;
  const pqxx::result rows =
      tx_.Exec(kDefinitiveUnit, key.agency.value(), key.employee.value(), Text(day), as_of.known);
  if (rows.empty()) return std::nullopt;
  return rows[0][0].c_str();
}

std::vector<std::string> LineStore::AppraisedBy(const AgencyId& agency,
                                                const std::string& person,
                                                absl::CivilDay day) const {
  // Whom a head appraises: the members of the units led, and heads and members below vacant posts.
  // One pass over the day's definitive posts finds both.
  const domain::HeadCalendar heads = Heads(agency, day, day);
  std::vector<std::string> ids;
  for (const pqxx::row& row : tx_.Exec(kDefinitiveOn, agency.value(), Text(day))) {
    const std::string id = row[0].c_str();
    const auto line = heads.Resolve("employees/" + id, row[1].c_str(), day);
    if (line.ok() && line->appraiser->person == person) ids.push_back(id);
  }
  return ids;
}

Page<std::vector<DefinitivePost>> LineStore::DefinitivePosts(const AgencyId& agency,
                                                             const std::string& unit,
                                                             absl::CivilDay first,
                                                             absl::CivilDay last,
                                                             const PageQuery& query) const {
  Page<std::vector<DefinitivePost>> page;
  const std::string after = query.after.empty() ? std::string(kFirstId) : query.after[0];
  for (const pqxx::row& row : tx_.Exec(kDefinitivePosts,
                                       agency.value(),
                                       Text(first),
                                       Text(last),
                                       after,
                                       unit,
                                       query.size + 1)) {
    DefinitivePost post{
        ToPost(row, false), row["employee_id"].c_str(), row["present_title"].c_str(), {}};
    v1::Employee::PositionKind_Parse(row["present_kind"].c_str(), &post.present_kind);
    if (page.items.empty() || page.items.back().back().employee != post.employee)
      page.items.emplace_back();
    page.items.back().push_back(std::move(post));
  }
  EndPage(page,
          query.size,
          [](const std::vector<DefinitivePost>& last_person) -> std::vector<std::string> {
            return {last_person.back().employee};
          });
  return page;
}

}  // namespace teraju::identity
