#include "services/evaluation/store/sharing_store.h"

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/codec.h"

namespace teraju::evaluation {
namespace {

constexpr postgres::Statement kInsert{"sharing_insert", R"sql(
INSERT INTO sharing_agreements (agency_id, agreement_id, state, body, create_time)
VALUES ($1, $2::uuid, $3, $4, $5::timestamptz)
RETURNING *)sql"};

constexpr postgres::Sql kOne =
    "SELECT * FROM sharing_agreements WHERE agency_id = $1 AND agreement_id = $2::uuid";
constexpr postgres::Statement kSelect{"sharing_select", postgres::kSql<kOne>};
constexpr postgres::Statement kSelectForUpdate{"sharing_select_for_update",
                                               postgres::kSql<kOne + " FOR NO KEY UPDATE">};

constexpr postgres::Statement kList{"sharing_list", R"sql(
SELECT * FROM sharing_agreements
WHERE agency_id = $1 AND ($2::uuid IS NULL OR agreement_id > $2::uuid) ORDER BY agreement_id LIMIT $3)sql"};

constexpr postgres::Statement kUpdate{"sharing_update", R"sql(
UPDATE sharing_agreements SET state = $3, body = $4, version = version + 1
WHERE agency_id = $1 AND agreement_id = $2::uuid
RETURNING *)sql"};

constexpr postgres::Statement kInsertConsent{"sharing_insert_consent", R"sql(
INSERT INTO sharing_consents (agency_id, consent_id, agreement_id, employee, create_time)
VALUES ($1, $2::uuid, $3::uuid, $4, $5::timestamptz)
ON CONFLICT (agency_id, agreement_id, employee) WHERE revoke_time IS NULL DO NOTHING
RETURNING *)sql"};

constexpr postgres::Statement kSelectConsent{
    "sharing_select_consent",
    "SELECT * FROM sharing_consents WHERE agency_id = $1 AND consent_id = $2::uuid"};

constexpr postgres::Statement kListConsents{"sharing_list_consents", R"sql(
SELECT * FROM sharing_consents
WHERE agency_id = $1 AND ($2::uuid IS NULL OR consent_id > $2::uuid) AND ($4::boolean OR employee = $5)
ORDER BY consent_id LIMIT $3)sql"};

constexpr postgres::Statement kHasConsent{"sharing_has_consent", R"sql(
SELECT EXISTS (SELECT 1 FROM sharing_consents
               WHERE agency_id = $1 AND agreement_id = $2::uuid AND employee = $3 AND revoke_time IS NULL))sql"};

constexpr postgres::Statement kRevoke{"sharing_revoke", R"sql(
UPDATE sharing_consents SET revoke_time = coalesce(revoke_time, $3::timestamptz)
WHERE agency_id = $1 AND consent_id = $2::uuid
RETURNING *)sql"};

v1::SharingAgreement ToAgreement(const pqxx::row& row) {
  v1::SharingAgreement agreement;
  agreement.ParseFromString(postgres::FromBytes(row["body"]));
  agreement.set_name(
      kSharingAgreementName.Format({row["agency_id"].c_str(), row["agreement_id"].c_str()}));
  agreement.set_etag(api::MakeEtag(row["version"].as<std::int64_t>()));
  return agreement;
}

pqxx::binarystring AgreementBody(v1::SharingAgreement agreement) {
  agreement.clear_name();
  agreement.clear_etag();
  return postgres::ToBytes(agreement.SerializeAsString());
}

v1::SharingConsent ToConsent(const pqxx::row& row) {
  const std::string agency = row["agency_id"].c_str();
  v1::SharingConsent consent;
  consent.set_name(kSharingConsentName.Format({agency, row["consent_id"].c_str()}));
  consent.set_agreement(kSharingAgreementName.Format({agency, row["agreement_id"].c_str()}));
  consent.set_employee(PersonName(agency, row["employee"].c_str()));
  *consent.mutable_create_time() = postgres::ToTimestamp(row["create_time"]);
  if (!row["revoke_time"].is_null())
    *consent.mutable_revoke_time() = postgres::ToTimestamp(row["revoke_time"]);
  return consent;
}

}  // namespace

v1::SharingAgreement SharingStore::Insert(const Key& key, const v1::SharingAgreement& agreement) {
  return ToAgreement(tx_.Exec(kInsert,
                              key.agency,
                              key.id,
                              EnumText(agreement.state()),
                              AgreementBody(agreement),
                              postgres::ToText(tx_.call().time()))
                         .front());
}

std::optional<v1::SharingAgreement> SharingStore::Find(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelect, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToAgreement(rows.front());
}

std::vector<v1::SharingAgreement> SharingStore::List(const std::string& agency,
                                                     const PageQuery& page) const {
  std::vector<v1::SharingAgreement> agreements;
  for (const pqxx::row& row :
       tx_.Exec(kList, agency, postgres::NullIfEmpty(page.after), page.size)) {
    agreements.push_back(ToAgreement(row));
  }
  return agreements;
}

absl::StatusOr<v1::SharingAgreement> SharingStore::Update(
    const Key& key,
    const api::Precondition& precondition,
    absl::FunctionRef<absl::Status(v1::SharingAgreement&)> change) {
  const pqxx::result rows = tx_.Exec(kSelectForUpdate, key.agency, key.id);
  if (rows.empty())
    return errors::ResourceNotFound(kSharingAgreementName.Format({key.agency, key.id}));
  v1::SharingAgreement agreement = ToAgreement(rows.front());
  RETURN_IF_ERROR(precondition.Check(rows.front()["version"].as<std::int64_t>(), agreement.name()));
  RETURN_IF_ERROR(change(agreement));
  return ToAgreement(
      tx_.Exec(kUpdate, key.agency, key.id, EnumText(agreement.state()), AgreementBody(agreement))
          .front());
}

absl::StatusOr<v1::SharingConsent> SharingStore::InsertConsent(const Key& key,
                                                               const std::string& agreement,
                                                               const std::string& employee) {
  const pqxx::result rows = tx_.Exec(kInsertConsent,
                                     key.agency,
                                     key.id,
                                     IdOf(agreement),
                                     employee,
                                     postgres::ToText(tx_.call().time()));
  if (rows.empty()) return errors::ResourceExists(agreement);
  return ToConsent(rows.front());
}

std::optional<v1::SharingConsent> SharingStore::FindConsent(const Key& key) const {
  const pqxx::result rows = tx_.Exec(kSelectConsent, key.agency, key.id);
  if (rows.empty()) return std::nullopt;
  return ToConsent(rows.front());
}

std::vector<v1::SharingConsent> SharingStore::ListConsents(const std::string& agency,
                                                           const ConsentQuery& query) const {
  const ScopeParameters scope(query.scope, query.caller);
  std::vector<v1::SharingConsent> consents;
  for (const pqxx::row& row : tx_.Exec(kListConsents,
                                       agency,
                                       postgres::NullIfEmpty(query.page.after),
                                       query.page.size,
                                       scope.agency,
                                       scope.self)) {
    consents.push_back(ToConsent(row));
  }
  return consents;
}

bool SharingStore::HasConsent(const Key& agreement, const std::string& employee) const {
  return tx_.Exec(kHasConsent, agreement.agency, agreement.id, employee).front().front().as<bool>();
}

absl::StatusOr<v1::SharingConsent> SharingStore::Revoke(const Key& key) {
  const pqxx::result rows =
      tx_.Exec(kRevoke, key.agency, key.id, postgres::ToText(tx_.call().time()));
  if (rows.empty())
    return errors::ResourceNotFound(kSharingConsentName.Format({key.agency, key.id}));
  return ToConsent(rows.front());
}

}  // namespace teraju::evaluation
