#include "services/evaluation/store/dialogue_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"dialogue_insert", R"sql(
INSERT INTO dialogues (agency_id, plan_id, dialogue_id, date, progress_note, obstacle_note, solution_note, entered_by,
                       create_time, support_requests, next_date)
VALUES ($1, $2::uuid, $3::uuid, $4::date, $5, $6, $7, $8, $9::timestamptz, $10::uuid[], $11::date)
RETURNING *)sql"};

constexpr postgres::Statement kList{"dialogue_list", R"sql(
SELECT * FROM dialogues
WHERE agency_id = $1 AND plan_id = $2::uuid AND ($3::uuid IS NULL OR dialogue_id < $3::uuid)
ORDER BY dialogue_id DESC LIMIT $4)sql"};

constexpr postgres::Statement kSelectForUpdate{"dialogue_select_for_update", R"sql(
SELECT * FROM dialogues WHERE agency_id = $1 AND plan_id = $2::uuid AND dialogue_id = $3::uuid FOR NO KEY UPDATE)sql"};

constexpr postgres::Statement kUpdate{"dialogue_update", R"sql(
UPDATE dialogues SET acknowledged_by = $4, acknowledgement_note = $5, acknowledge_time = $6::timestamptz,
  version = version + 1
WHERE agency_id = $1 AND plan_id = $2::uuid AND dialogue_id = $3::uuid
RETURNING *)sql"};

v1::Dialogue ToDialogue(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::Dialogue dialogue;
  dialogue.set_name(
      kDialogueName.Format({agency, row["plan_id"].c_str(), row["dialogue_id"].c_str()}));
  *dialogue.mutable_date() = postgres::ToDate(row["date"]);
  dialogue.set_progress_note(row["progress_note"].c_str());
  dialogue.set_obstacle_note(row["obstacle_note"].c_str());
  dialogue.set_solution_note(row["solution_note"].c_str());
  dialogue.set_entered_by(PersonName(agency, row["entered_by"].c_str()));
  dialogue.set_acknowledged_by(PersonName(agency, postgres::EmptyIfNull(row["acknowledged_by"])));
  dialogue.set_acknowledgement_note(row["acknowledgement_note"].c_str());
  if (!row["acknowledge_time"].is_null()) {
    *dialogue.mutable_acknowledge_time() = postgres::ToTimestamp(row["acknowledge_time"]);
  }
  for (const std::string& id : postgres::ToStrings(row["support_requests"])) {
    dialogue.add_support_requests(kSupportRequestName.Format({agency, row["plan_id"].c_str(), id}));
  }
  if (!row["next_date"].is_null())
    *dialogue.mutable_next_date() = postgres::ToDate(row["next_date"]);
  *dialogue.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  dialogue.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return dialogue;
}

}  // namespace

v1::Dialogue DialogueStore::Insert(const PlanChildKey& key, const v1::Dialogue& dialogue) {
  std::vector<std::string> support;
  for (const std::string& name : dialogue.support_requests()) support.push_back(IdOf(name));
  return ToDialogue(tx_.Exec(kInsert,
                             key.agency,
                             key.plan,
                             key.id,
                             postgres::ToText(dialogue.date()),
                             dialogue.progress_note(),
                             dialogue.obstacle_note(),
                             dialogue.solution_note(),
                             tx_.call().principal().subject,
                             postgres::ToText(tx_.call().time()),
                             postgres::ToArray(support),
                             postgres::ToText(dialogue.next_date()))
                        .front());
}

std::vector<v1::Dialogue> DialogueStore::List(const Key& plan, const PageQuery& page) const {
  std::vector<v1::Dialogue> dialogues;
  for (const pqxx::row& row :
       tx_.Exec(kList, plan.agency, plan.id, postgres::NullIfEmpty(page.after), page.size)) {
    dialogues.push_back(ToDialogue(row));
  }
  return dialogues;
}

absl::StatusOr<v1::Dialogue> DialogueStore::Update(
    const PlanChildKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::Dialogue&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.plan, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kDialogueName.Format({key.agency, key.plan, key.id}));
  v1::Dialogue dialogue = ToDialogue(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), dialogue.name()));
  RETURN_IF_ERROR(change(dialogue));
  return ToDialogue(tx_.Exec(kUpdate,
                             key.agency,
                             key.plan,
                             key.id,
                             SubjectOf(dialogue.acknowledged_by()),
                             dialogue.acknowledgement_note(),
                             ToText(dialogue.acknowledge_time(), dialogue.has_acknowledge_time()))
                        .front());
}

}  // namespace teraju::evaluation
