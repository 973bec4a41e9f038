#include "services/evaluation/store/support_request_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"support_request_insert", R"sql(
INSERT INTO support_requests (agency_id, plan_id, request_id, kind, text, state, create_time, update_time)
VALUES ($1, $2::uuid, $3::uuid, $4, $5, 'REQUESTED', $6::timestamptz, $6::timestamptz)
RETURNING *)sql"};

constexpr postgres::Statement kList{"support_request_list", R"sql(
SELECT * FROM support_requests
WHERE agency_id = $1 AND plan_id = $2::uuid AND ($3::uuid IS NULL OR request_id > $3::uuid)
ORDER BY request_id LIMIT $4)sql"};

constexpr postgres::Statement kSelectForUpdate{"support_request_select_for_update", R"sql(
SELECT * FROM support_requests
WHERE agency_id = $1 AND plan_id = $2::uuid AND request_id = $3::uuid FOR NO KEY UPDATE)sql"};

constexpr postgres::Statement kUpdate{"support_request_update", R"sql(
UPDATE support_requests SET state = $4, comment = $5, due_date = $6::date, version = version + 1,
  update_time = $7::timestamptz
WHERE agency_id = $1 AND plan_id = $2::uuid AND request_id = $3::uuid
RETURNING *)sql"};

v1::SupportRequest ToSupportRequest(const pqxx::row& row) {
  v1::SupportRequest request;
  request.set_name(kSupportRequestName.Format(
      {row["agency_id"].c_str(), row["plan_id"].c_str(), row["request_id"].c_str()}));
  request.set_kind(ReadEnum<v1::SupportRequest::Kind>(row["kind"]));
  request.set_text(row["text"].c_str());
  request.set_state(ReadEnum<v1::SupportRequest::State>(row["state"]));
  request.set_comment(row["comment"].c_str());
  if (!row["due_date"].is_null()) *request.mutable_due_date() = postgres::ToDate(row["due_date"]);
  *request.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  *request.mutable_update_time() = postgres::ToTimestamp(row["update_time"]);
  request.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return request;
}

}  // namespace

v1::SupportRequest SupportRequestStore::Insert(const PlanChildKey& key,
                                               const v1::SupportRequest& request) {
  return ToSupportRequest(tx_.Exec(kInsert,
                                   key.agency,
                                   key.plan,
                                   key.id,
                                   EnumText(request.kind()),
                                   request.text(),
                                   postgres::ToText(tx_.call().time()))
                              .front());
}

std::vector<v1::SupportRequest> SupportRequestStore::List(const Key& plan,
                                                          const PageQuery& page) const {
  std::vector<v1::SupportRequest> requests;
  for (const pqxx::row& row :
       tx_.Exec(kList, plan.agency, plan.id, postgres::NullIfEmpty(page.after), page.size)) {
    requests.push_back(ToSupportRequest(row));
  }
  return requests;
}

bool SupportRequestStore::Exists(const PlanChildKey& key) const {
  return !tx_.Exec(kSelectForUpdate, key.agency, key.plan, key.id).empty();
}

absl::StatusOr<v1::SupportRequest> SupportRequestStore::Update(
    const PlanChildKey& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::SupportRequest&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.plan, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kSupportRequestName.Format({key.agency, key.plan, key.id}));
  v1::SupportRequest request = ToSupportRequest(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), request.name()));
  RETURN_IF_ERROR(change(request));
  return ToSupportRequest(tx_.Exec(kUpdate,
                                   key.agency,
                                   key.plan,
                                   key.id,
                                   EnumText(request.state()),
                                   request.comment(),
                                   postgres::ToText(request.due_date()),
                                   postgres::ToText(tx_.call().time()))
                              .front());
}

}  // namespace teraju::evaluation
