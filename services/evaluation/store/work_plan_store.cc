#include "services/evaluation/store/work_plan_store.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kSelect{
    "work_plan_select", "SELECT * FROM work_plans WHERE agency_id = $1 AND plan_id = $2::uuid"};

constexpr postgres::Statement kSelectForUpdate{
    "work_plan_select_for_update",
    "SELECT * FROM work_plans WHERE agency_id = $1 AND plan_id = $2::uuid FOR NO KEY UPDATE"};

// Parameters that are null or false fall away when the statement is planned, which happens for each
// set of them.
constexpr postgres::Statement kList{"work_plan_list", R"sql(
SELECT * FROM work_plans
WHERE agency_id = $1 AND ($2::uuid IS NULL OR plan_id > $2::uuid)
  AND ($4::boolean OR employee = $5 OR appraiser = $6 OR next_appraiser = $7 OR unit_path && $8::text[])
  AND ($9::text IS NULL OR cycle_id = $9)
  AND ($10::text IS NULL OR employee = $10)
  AND ($11::text IS NULL OR appraiser = $11)
  AND ($12::text IS NULL OR unit_path @> ARRAY[$12]::text[])
  AND ($13::text IS NULL OR state = $13)
  AND ($14::int = 0 OR (state IN ('DRAFT', 'RETURNED')
                        AND update_time <= $15::timestamptz - make_interval(days => $14::int)))
  AND ($16::text IS NULL OR $16 = ANY (supports))
  AND (without_segment OR NOT $17::boolean)
ORDER BY plan_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"work_plan_update", R"sql(
UPDATE work_plans SET state = $3, body = $4, return_comment = $5, revision = $6, submit_time = $7::timestamptz,
  approve_time = $8::timestamptz, version = version + 1, update_time = $9::timestamptz, supports = $10
WHERE agency_id = $1 AND plan_id = $2::uuid
RETURNING *)sql"};

constexpr postgres::Statement kSelectOfSuperior{"work_plan_select_of_superior", R"sql(
SELECT * FROM work_plans
WHERE agency_id = $1 AND cycle_id = $2 AND employee = $3 AND plan_id = ANY ($4::uuid[]))sql"};

constexpr postgres::Statement kSelectAll{
    "work_plan_select_all",
    "SELECT * FROM work_plans WHERE agency_id = $1 AND plan_id = ANY ($2::uuid[])"};

constexpr postgres::Statement kSelectOn{"work_plan_select_on", R"sql(
SELECT * FROM work_plans
WHERE agency_id = $1 AND employee = $2 AND start_date <= $3::date AND end_date >= $3::date
ORDER BY plan_id DESC LIMIT 1)sql"};

constexpr postgres::Statement kSelectOfPeople{"work_plan_select_of_people", R"sql(
SELECT DISTINCT ON (employee) * FROM work_plans
WHERE agency_id = $1 AND cycle_id = $2 AND employee = ANY ($3::text[])
ORDER BY employee, (start_date <= $4::date AND end_date >= $4::date) DESC, start_date DESC)sql"};

constexpr postgres::Statement kListWritten{"work_plan_list_written", R"sql(
SELECT * FROM work_plans
WHERE agency_id = $1 AND cycle_id = $2 AND body <> '' AND ($3::text IS NULL OR unit_path @> ARRAY[$3]::text[]))sql"};

constexpr postgres::Statement kSelectPeers{"work_plan_select_peers", R"sql(
SELECT * FROM work_plans
WHERE agency_id = $1 AND cycle_id = $2 AND plan_id <> $3::uuid AND lower(position_title) = lower($4)
  AND state IN ('SUBMITTED', 'APPROVED') AND employee <> $5
ORDER BY plan_id LIMIT 500)sql"};

constexpr postgres::Statement kSelectPast{"work_plan_select_past", R"sql(
SELECT * FROM work_plans
WHERE agency_id = $1 AND employee = $2 AND end_date < $3::date AND state = 'APPROVED'
ORDER BY end_date DESC LIMIT 5)sql"};

constexpr postgres::Statement kInsertRevision{"work_plan_revision_insert", R"sql(
INSERT INTO work_plan_revisions (agency_id, plan_id, revision, snapshot, create_time)
VALUES ($1, $2::uuid, $3, $4, $5::timestamptz))sql"};

constexpr postgres::Statement kDecideRevision{"work_plan_revision_decide", R"sql(
UPDATE work_plan_revisions SET outcome = $4, comment = $5, decided_by = $6
WHERE agency_id = $1 AND plan_id = $2::uuid AND revision = $3)sql"};

constexpr postgres::Statement kListRevisions{"work_plan_revision_list", R"sql(
SELECT * FROM work_plan_revisions
WHERE agency_id = $1 AND plan_id = $2::uuid AND ($3 = 0 OR revision < $3)
ORDER BY revision DESC LIMIT $4)sql"};

v1::WorkPlan ToWorkPlan(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::WorkPlan plan;
  plan.ParseFromString(postgres::FromBytes(row["body"]));
  plan.set_name(kWorkPlanName.Format({agency, row["plan_id"].c_str()}));
  plan.set_cycle(CycleKey{agency, row["cycle_id"].c_str()}.ToName());
  *plan.mutable_snapshot() = ToSnapshot(agency, row);
  plan.set_state(ReadEnum<v1::WorkPlan::State>(row["state"]));
  plan.set_return_comment(row["return_comment"].c_str());
  plan.set_revision(row["revision"].as<int>());
  if (!row["submit_time"].is_null())
    *plan.mutable_submit_time() = postgres::ToTimestamp(row["submit_time"]);
  if (!row["approve_time"].is_null())
    *plan.mutable_approve_time() = postgres::ToTimestamp(row["approve_time"]);
  *plan.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *plan.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  plan.set_without_segment(row["without_segment"].as<bool>());
  plan.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return plan;
}

// What the column body keeps.
std::string BodyOf(const v1::WorkPlan& plan) {
  v1::WorkPlan body;
  *body.mutable_items() = plan.items();
  *body.mutable_behavior_expectations() = plan.behavior_expectations();
  body.set_needed_support(plan.needed_support());
  body.set_style(plan.style());
  body.set_accountability(plan.accountability());
  body.set_consequences(plan.consequences());
  *body.mutable_needed_resources() = plan.needed_resources();
  if (plan.has_help_offer()) *body.mutable_help_offer() = plan.help_offer();
  return body.SerializeAsString();
}

}  // namespace

std::string SupportsOf(const v1::WorkPlan& contents) {
  std::vector<std::string> names;
  for (const v1::WorkPlanItem& item : contents.items()) {
    if (!item.supports().empty()) names.push_back(item.supports());
  }
  return postgres::ToArray(names);
}

std::optional<v1::WorkPlan> WorkPlanStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToWorkPlan(rows.front());
}

std::vector<v1::WorkPlan> WorkPlanStore::List(const std::string& agency,
                                              const WorkPlanQuery& query) const {
  const SnapshotQuery& snapshot = query.snapshot;
  const ScopeParameters scope(snapshot.scope, snapshot.caller);
  std::vector<v1::WorkPlan> plans;
  for (const pqxx::row& row : tx_.Exec(kList,
                                       agency,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       scope.agency,
                                       scope.self,
                                       scope.appraiser,
                                       scope.next_appraiser,
                                       scope.units,
                                       postgres::NullIfEmpty(query.cycle),
                                       postgres::NullIfEmpty(snapshot.employee),
                                       postgres::NullIfEmpty(snapshot.appraiser),
                                       postgres::NullIfEmpty(snapshot.unit),
                                       EnumText(query.state),
                                       query.idle_days,
                                       postgres::ToText(tx_.call().time()),
                                       postgres::NullIfEmpty(query.supports),
                                       query.without_segment)) {
    plans.push_back(ToWorkPlan(row));
  }
  return plans;
}

absl::StatusOr<v1::WorkPlan> WorkPlanStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::WorkPlan&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty()) return errors::ResourceNotFound(kWorkPlanName.Format({key.agency, key.id}));
  v1::WorkPlan plan = ToWorkPlan(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), plan.name()));
  RETURN_IF_ERROR(change(plan));
  return ToWorkPlan(tx_.Exec(kUpdate,
                             key.agency,
                             key.id,
                             EnumText(plan.state()),
                             postgres::ToBytes(BodyOf(plan)),
                             plan.return_comment(),
                             plan.revision(),
                             ToText(plan.submit_time(), plan.has_submit_time()),
                             ToText(plan.approve_time(), plan.has_approve_time()),
                             postgres::ToText(tx_.call().time()),
                             SupportsOf(plan))
                        .front());
}

std::vector<std::string> WorkPlanStore::FindItemsOf(const std::string& agency,
                                                    const std::string& cycle,
                                                    const std::string& superior,
                                                    const std::vector<std::string>& items) const {
  std::set<std::string> plan_ids;
  for (const std::string& item : items) {
    const auto ids = kItemName.Parse(item, "supports");
    if (ids.ok() && (*ids)[0] == agency && IsUuid((*ids)[1])) plan_ids.insert((*ids)[1]);
  }
  if (plan_ids.empty()) return {};
  const std::vector<std::string> wanted(plan_ids.begin(), plan_ids.end());
  std::set<std::string> existing;
  for (const pqxx::row& row :
       tx_.Exec(kSelectOfSuperior, agency, cycle, superior, postgres::ToArray(wanted))) {
    const v1::WorkPlan plan = ToWorkPlan(row);
    for (const v1::WorkPlanItem& item : plan.items()) {
      existing.insert(absl::StrCat(plan.name(), "/items/", item.item_id()));
    }
  }
  std::vector<std::string> found;
  std::copy_if(items.begin(), items.end(), std::back_inserter(found), [&](const std::string& item) {
    return existing.contains(item);
  });
  return found;
}

std::map<std::string, WorkPlanStore::ItemFacts> WorkPlanStore::FindItems(
    const std::string& agency, const std::vector<std::string>& items) const {
  const std::set<std::string> wanted(items.begin(), items.end());
  std::set<std::string> plan_ids;
  for (const std::string& item : wanted) {
    const auto ids = kItemName.Parse(item, "supports");
    if (ids.ok() && (*ids)[0] == agency && IsUuid((*ids)[1])) plan_ids.insert((*ids)[1]);
  }
  std::map<std::string, ItemFacts> found;
  if (plan_ids.empty()) return found;
  const std::vector<std::string> ids(plan_ids.begin(), plan_ids.end());
  for (const pqxx::row& row : tx_.Exec(kSelectAll, agency, postgres::ToArray(ids))) {
    const v1::WorkPlan plan = ToWorkPlan(row);
    for (const v1::WorkPlanItem& item : plan.items()) {
      const std::string name = absl::StrCat(plan.name(), "/items/", item.item_id());
      if (wanted.contains(name))
        found[name] = {item.title(), plan.state() == v1::WorkPlan::APPROVED};
    }
  }
  return found;
}

std::optional<v1::WorkPlan> WorkPlanStore::FindOn(const std::string& agency,
                                                  const std::string& person,
                                                  const google::type::Date& day) const {
  const pqxx::result rows = tx_.Exec(kSelectOn, agency, person, postgres::ToText(day));
  if (rows.empty()) return std::nullopt;
  return ToWorkPlan(rows.front());
}

std::vector<v1::WorkPlan> WorkPlanStore::FindOfPeople(const CycleKey& cycle,
                                                      const std::vector<std::string>& people,
                                                      const google::type::Date& day) const {
  std::vector<v1::WorkPlan> plans;
  for (const pqxx::row& row : tx_.Exec(kSelectOfPeople,
                                       cycle.agency,
                                       cycle.cycle,
                                       postgres::ToArray(people),
                                       postgres::ToText(day))) {
    plans.push_back(ToWorkPlan(row));
  }
  return plans;
}

std::vector<v1::WorkPlan> WorkPlanStore::ListWritten(const CycleKey& cycle,
                                                     const std::string& unit) const {
  std::vector<v1::WorkPlan> plans;
  for (const pqxx::row& row :
       tx_.Exec(kListWritten, cycle.agency, cycle.cycle, postgres::NullIfEmpty(unit))) {
    plans.push_back(ToWorkPlan(row));
  }
  return plans;
}

std::vector<v1::WorkPlan> WorkPlanStore::FindPeers(const v1::WorkPlan& plan) const {
  std::vector<v1::WorkPlan> peers;
  for (const pqxx::row& row : tx_.Exec(kSelectPeers,
                                       std::string(api::AgencyOf(plan.name())),
                                       IdOf(plan.cycle()),
                                       IdOf(plan.name()),
                                       plan.snapshot().position_title(),
                                       SubjectOf(plan.snapshot().employee()))) {
    peers.push_back(ToWorkPlan(row));
  }
  return peers;
}

std::vector<v1::WorkPlan> WorkPlanStore::FindPast(const v1::WorkPlan& plan) const {
  std::vector<v1::WorkPlan> past;
  for (const pqxx::row& row : tx_.Exec(kSelectPast,
                                       std::string(api::AgencyOf(plan.name())),
                                       SubjectOf(plan.snapshot().employee()),
                                       postgres::ToText(plan.snapshot().start_date()))) {
    past.push_back(ToWorkPlan(row));
  }
  return past;
}

void WorkPlanStore::InsertRevision(const Key& key, const v1::WorkPlan& plan) {
  tx_.Exec(kInsertRevision,
           key.agency,
           key.id,
           plan.revision(),
           postgres::ToBytes(plan.SerializeAsString()),
           postgres::ToText(tx_.call().time()));
}

void WorkPlanStore::DecideRevision(const Key& key,
                                   const v1::WorkPlan& plan,
                                   const std::string& comment) {
  tx_.Exec(kDecideRevision,
           key.agency,
           key.id,
           plan.revision(),
           EnumText(plan.state()),
           comment,
           tx_.call().principal().subject);
}

std::vector<v1::WorkPlanRevision> WorkPlanStore::ListRevisions(const Key& key,
                                                               int before,
                                                               int size) const {
  std::vector<v1::WorkPlanRevision> revisions;
  for (const pqxx::row& row : tx_.Exec(kListRevisions, key.agency, key.id, before, size)) {
    v1::WorkPlanRevision& revision = revisions.emplace_back();
    revision.set_name(kRevisionName.Format({key.agency, key.id, row["revision"].c_str()}));
    revision.mutable_snapshot()->ParseFromString(postgres::FromBytes(row["snapshot"]));
    *revision.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
    revision.set_outcome(ReadEnum<v1::WorkPlan::State>(row["outcome"]));
    revision.set_comment(row["comment"].c_str());
    revision.set_decided_by(PersonName(key.agency, postgres::EmptyIfNull(row["decided_by"])));
  }
  return revisions;
}

}  // namespace teraju::evaluation
