#include "services/evaluation/store/plan_change_store.h"

#include "absl/strings/str_cat.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"
#include "services/evaluation/store/work_plan_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsertAmendment{"plan_amendment_insert", R"sql(
INSERT INTO plan_amendments (agency_id, plan_id, amendment_id, state, body)
VALUES ($1, $2::uuid, $3::uuid, $4, $5)
ON CONFLICT (agency_id, plan_id) WHERE state IN ('SUBMITTED', 'RETURNED') DO NOTHING
RETURNING *)sql"};

constexpr postgres::Statement kListAmendments{"plan_amendment_list", R"sql(
SELECT * FROM plan_amendments
WHERE agency_id = $1 AND plan_id = $2::uuid AND ($3::uuid IS NULL OR amendment_id > $3::uuid)
ORDER BY amendment_id LIMIT $4)sql"};

constexpr postgres::Statement kSelectAmendment{"plan_amendment_select", R"sql(
SELECT * FROM plan_amendments
WHERE agency_id = $1 AND plan_id = $2::uuid AND amendment_id = $3::uuid)sql"};

constexpr postgres::Statement kLockAmendment{"plan_amendment_select_for_update", R"sql(
SELECT * FROM plan_amendments
WHERE agency_id = $1 AND plan_id = $2::uuid AND amendment_id = $3::uuid FOR NO KEY UPDATE)sql"};

constexpr postgres::Statement kUpdateAmendment{"plan_amendment_update", R"sql(
UPDATE plan_amendments SET state = $4, body = $5, version = version + 1
WHERE agency_id = $1 AND plan_id = $2::uuid AND amendment_id = $3::uuid
RETURNING *)sql"};

constexpr postgres::Statement kUsed{"plan_amendment_used", R"sql(
SELECT DISTINCT item_id, indicator_id FROM progress_entries WHERE agency_id = $1 AND plan_id = $2::uuid)sql"};

constexpr postgres::Statement kInsertTemplate{"plan_template_insert", R"sql(
INSERT INTO plan_templates (agency_id, template_id, title, position_title, body, create_time)
VALUES ($1, $2::uuid, $3, $4, $5, $6::timestamptz)
RETURNING *)sql"};

constexpr postgres::Statement kSelectTemplate{
    "plan_template_select",
    "SELECT * FROM plan_templates WHERE agency_id = $1 AND template_id = $2::uuid"};

constexpr postgres::Statement kListTemplates{"plan_template_list", R"sql(
SELECT * FROM plan_templates
WHERE agency_id = $1 AND ($2::uuid IS NULL OR template_id > $2::uuid) ORDER BY template_id LIMIT $3)sql"};

constexpr postgres::Statement kDeleteTemplate{
    "plan_template_delete",
    "DELETE FROM plan_templates WHERE agency_id = $1 AND template_id = $2::uuid"};

constexpr postgres::Statement kApply{"plan_template_apply", R"sql(
UPDATE work_plans SET body = $5, version = version + 1, update_time = $6::timestamptz, supports = $7
WHERE agency_id = $1 AND cycle_id = $2 AND state = 'DRAFT' AND body = '' AND lower(position_title) = lower($3)
  AND ($4::text IS NULL OR unit_path @> ARRAY[$4]::text[])
RETURNING plan_id)sql"};

v1::PlanAmendment ToAmendment(const pqxx::row& row) {
  v1::PlanAmendment amendment;
  amendment.ParseFromString(postgres::FromBytes(row["body"]));
  amendment.set_name(kAmendmentName.Format(
      {row["agency_id"].c_str(), row["plan_id"].c_str(), row["amendment_id"].c_str()}));
  amendment.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return amendment;
}

pqxx::binarystring AmendmentBody(v1::PlanAmendment amendment) {
  amendment.clear_name();
  amendment.clear_etag();
  return postgres::ToBytes(amendment.SerializeAsString());
}

v1::PlanTemplate ToTemplate(const pqxx::row& row) {
  v1::PlanTemplate plan_template;
  plan_template.set_name(
      kPlanTemplateName.Format({row["agency_id"].c_str(), row["template_id"].c_str()}));
  plan_template.set_title(row["title"].c_str());
  plan_template.set_position_title(row["position_title"].c_str());
  plan_template.mutable_contents()->ParseFromString(postgres::FromBytes(row["body"]));
  *plan_template.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  return plan_template;
}

}  // namespace

absl::StatusOr<v1::PlanAmendment> PlanAmendmentStore::Insert(const PlanChildKey& key,
                                                             const v1::PlanAmendment& amendment) {
  const pqxx::result rows = tx_.Exec(kInsertAmendment,
                                     key.agency,
                                     key.plan,
                                     key.id,
                                     EnumText(amendment.state()),
                                     AmendmentBody(amendment));
  if (!rows.empty()) return ToAmendment(rows.front());
  return errors::FailedPrecondition(v1::AMENDMENT_OPEN, "The plan has an open amendment.");
}

std::optional<v1::PlanAmendment> PlanAmendmentStore::Find(const PlanChildKey& key) const {
  const pqxx::result rows = tx_.Exec(kSelectAmendment, key.agency, key.plan, key.id);
  if (rows.empty()) return std::nullopt;
  return ToAmendment(rows.front());
}

std::vector<v1::PlanAmendment> PlanAmendmentStore::List(const Key& plan,
                                                        const PageQuery& page) const {
  std::vector<v1::PlanAmendment> amendments;
  for (const pqxx::row& row : tx_.Exec(
           kListAmendments, plan.agency, plan.id, postgres::NullIfEmpty(page.after), page.size)) {
    amendments.push_back(ToAmendment(row));
  }
  return amendments;
}

absl::StatusOr<v1::PlanAmendment> PlanAmendmentStore::Update(
    const PlanChildKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::PlanAmendment&)> change) {
  const pqxx::result rows = tx_.Exec(kLockAmendment, key.agency, key.plan, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kAmendmentName.Format({key.agency, key.plan, key.id}));
  v1::PlanAmendment amendment = ToAmendment(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), amendment.name()));
  RETURN_IF_ERROR(change(amendment));
  return ToAmendment(tx_.Exec(kUpdateAmendment,
                              key.agency,
                              key.plan,
                              key.id,
                              EnumText(amendment.state()),
                              AmendmentBody(amendment))
                         .front());
}

domain::UsedItems PlanAmendmentStore::FindUsed(const Key& plan) const {
  domain::UsedItems used;
  for (const pqxx::row& row : tx_.Exec(kUsed, plan.agency, plan.id)) {
    const std::string item = row["item_id"].c_str();
    const std::string indicator = row["indicator_id"].c_str();
    used.insert(indicator.empty() ? item : absl::StrCat(item, "/", indicator));
  }
  return used;
}

v1::PlanTemplate PlanTemplateStore::Insert(const Key& key, const v1::PlanTemplate& plan_template) {
  return ToTemplate(tx_.Exec(kInsertTemplate,
                             key.agency,
                             key.id,
                             plan_template.title(),
                             plan_template.position_title(),
                             postgres::ToBytes(plan_template.contents().SerializeAsString()),
                             postgres::ToText(tx_.call().time()))
                        .front());
}

std::optional<v1::PlanTemplate> PlanTemplateStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelectTemplate, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToTemplate(rows.front());
}

std::vector<v1::PlanTemplate> PlanTemplateStore::List(const std::string& agency,
                                                      const PageQuery& page) const {
  std::vector<v1::PlanTemplate> templates;
  for (const pqxx::row& row :
       tx_.Exec(kListTemplates, agency, postgres::NullIfEmpty(page.after), page.size)) {
    templates.push_back(ToTemplate(row));
  }
  return templates;
}

void PlanTemplateStore::Delete(const Key& key) { tx_.Exec(kDeleteTemplate, key.agency, key.id); }

int PlanTemplateStore::Apply(const v1::PlanTemplate& plan_template,
                             const CycleKey& cycle,
                             const std::string& unit) {
  return static_cast<int>(tx_.Exec(kApply,
                                   cycle.agency,
                                   cycle.cycle,
                                   plan_template.position_title(),
                                   postgres::NullIfEmpty(unit),
                                   postgres::ToBytes(plan_template.contents().SerializeAsString()),
                                   postgres::ToText(tx_.call().time()),
                                   SupportsOf(plan_template.contents()))
                              .size());
}

}  // namespace teraju::evaluation
