#include "services/identity/api/accounts_service.h"

#include "absl/container/flat_hash_set.h"
#include "common/auth/encoding.h"
#include "common/auth/random_bytes.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/credentials.h"
#include "services/identity/api/mandates_service.h"
#include "services/identity/domain/activation_code.h"
#include "services/identity/store/access_version_store.h"
#include "services/identity/store/account_store.h"
#include "services/identity/store/mandate_store.h"
#include "services/identity/store/names.h"
#include "services/identity/store/official_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr absl::Duration kCodeLife = absl::Hours(24 * 30);

// FAILED_PRECONDITION (PERSON_UNKNOWN) for the first that is no person of the agency.
absl::Status CheckPersons(postgres::Transaction& tx,
                          const AgencyId& agency,
                          const std::vector<std::string>& names) {
  std::vector<std::string> employees;
  for (const std::string& name : names) {
    if (kEmployeeName.Matches(name)) employees.push_back(LastSegment(name));
  }
  const std::vector<std::string> found = EmployeeStore(tx).Existing(agency, employees);
  const absl::flat_hash_set<std::string> existing(found.begin(), found.end());
  for (const std::string& name : names) {
    const std::string id = LastSegment(name);
    const bool known = api::AgencyOf(name) == agency.value() &&
                       (kEmployeeName.Matches(name)
                            ? existing.contains(id)
                            : kOfficialName.Matches(name) && OfficialStore(tx).Exists(agency, id));
    if (known) continue;
    return errors::FailedPrecondition(v1::PERSON_UNKNOWN, "No such person in this agency.")
        .With("person", name);
  }
  return absl::OkStatus();
}

void EndAccess(postgres::Transaction& tx,
               const AgencyId& agency,
               const std::vector<std::string>& names) {
  std::vector<std::string> subjects, keys;
  for (const std::string& name : names)
    subjects.push_back(name.substr(kAgencyName.Format({agency.value()}).size() + 1));
  for (const std::string& session : AccountStore(tx).EndAccounts(agency, subjects))
    keys.push_back(auth::SessionKey(session));
  AccessVersionStore(tx).Revoke(keys, RevokedUntil(tx.call()));
  // Who has left hands nothing over, nor acts for anybody.
  for (const v1::Mandate& mandate : MandateStore(tx).RevokeOf(agency, subjects))
    RecordMandate(tx, agency, mandate, "mandate.revoked");
  for (const std::string& name : names)
    tx.Audit({.agency = agency.value(), .resource = name, .type = "account.ended"});
}

}  // namespace

absl::StatusOr<v1::IssueActivationCodesResponse> AccountsService::Issue(
    const CallContext& call,
    const AgencyId& agency,
    const v1::IssueActivationCodesRequest& request) {
  // A person named twice gets one code.
  std::vector<std::string> names;
  absl::flat_hash_set<std::string> seen;
  for (const std::string& name : request.persons()) {
    if (seen.insert(name).second) names.push_back(name);
  }
  const std::string prefix = request.parent() + "/";
  const absl::Time expire_time = call.time() + kCodeLife;
  v1::IssueActivationCodesResponse response;
  std::vector<std::string> subjects, hashes;
  for (const std::string& name : names) {
    v1::ActivationCode& code = *response.add_activation_codes();
    code.set_person(name);
    code.set_code(domain::FormatActivationCode(auth::RandomBytes(domain::kActivationCodeBytes)));
    code.mutable_expire_time()->set_seconds(absl::ToUnixSeconds(expire_time));
    subjects.push_back(name.substr(std::min(prefix.size(), name.size())));
    hashes.push_back(auth::Sha256(domain::NormaliseActivationCode(code.code())));
  }
  RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
    RETURN_IF_ERROR(CheckPersons(tx, agency, names));
    AccountStore(tx).IssueCodes(agency, subjects, hashes, expire_time);
    for (const std::string& name : names) {
      tx.Audit({.agency = agency.value(), .resource = name, .type = "activationCode.issued"});
    }
    return absl::OkStatus();
  }));
  return response;
}

grpc::ServerUnaryReactor* AccountsService::IssueActivationCodes(
    grpc::CallbackServerContext* context,
    const v1::IssueActivationCodesRequest* request,
    v1::IssueActivationCodesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::IssueActivationCodesResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(AgencyId(ids[0]), request->parent())));
        return Issue(call, AgencyId(ids[0]), *request);
      });
}

grpc::ServerUnaryReactor* AccountsService::EndAccounts(grpc::CallbackServerContext* context,
                                                       const v1::EndAccountsRequest* request,
                                                       google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        const std::vector<std::string> names(request->persons().begin(), request->persons().end());
        RETURN_IF_ERROR(database_.Write(call, [&](postgres::Transaction& tx) -> absl::Status {
          RETURN_IF_ERROR(CheckPersons(tx, agency, names));
          EndAccess(tx, agency, names);
          return absl::OkStatus();
        }));
        RETURN_IF_ERROR(barrier_.Await(call));
        return google::protobuf::Empty();
      });
}

}  // namespace teraju::identity
