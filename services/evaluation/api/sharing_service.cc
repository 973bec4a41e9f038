#include "services/evaluation/api/sharing_service.h"

#include <optional>
#include <utility>
#include <vector>

#include "common/api/strong_id.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/domain/sharing.h"
#include "services/evaluation/store/annual_result_store.h"
#include "services/evaluation/store/sharing_store.h"
#include "teraju/evaluation/v1/error_reason.pb.h"

namespace teraju::evaluation {
namespace {

using Agreements = std::vector<v1::SharingAgreement>;
using Consents = std::vector<v1::SharingConsent>;

// About the one who may act on it: the client of an agreement, the person of a consent.
auth::Object OwnedObject(const std::string& agency,
                         const std::string& owner,
                         const std::string& name) {
  auth::Object object = AgencyObject(agency, name);
  object.person = SubjectOf(owner);
  return object;
}

absl::StatusOr<std::optional<v1::SharingAgreement>> FindAgreement(postgres::Database& database,
                                                                  const CallContext& call,
                                                                  const Key& key) {
  using Found = std::optional<v1::SharingAgreement>;
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
    return SharingStore(tx).Find(key);
  });
}

absl::Status NoSharedResult() {
  return errors::NotFound(v1::NO_SHARED_RESULT, "Nothing that the agreement lets its client read.");
}

}  // namespace

grpc::ServerUnaryReactor* SharingAgreementsService::GetSharingAgreement(
    grpc::CallbackServerContext* context,
    const v1::GetSharingAgreementRequest* request,
    v1::SharingAgreement* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SharingAgreement> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kSharingAgreementName, request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        ASSIGN_OR_RETURN(std::optional<v1::SharingAgreement> found,
                         FindAgreement(database_, call, key));
        if (!found.has_value()) return errors::ResourceNotFound(request->name());
        return *std::move(found);
      });
}

grpc::ServerUnaryReactor* SharingAgreementsService::ListSharingAgreements(
    grpc::CallbackServerContext* context,
    const v1::ListSharingAgreementsRequest* request,
    v1::ListSharingAgreementsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this,
       request](const CallContext& call) -> absl::StatusOr<v1::ListSharingAgreementsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const PageQuery page, PageOf(*request));
        ASSIGN_OR_RETURN(
            Agreements agreements,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Agreements> {
              return SharingStore(tx).List(agency, page);
            }));
        v1::ListSharingAgreementsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, page, std::move(agreements), *reply.mutable_sharing_agreements()));
        return reply;
      });
}

grpc::ServerUnaryReactor* SharingAgreementsService::CreateSharingAgreement(
    grpc::CallbackServerContext* context,
    const v1::CreateSharingAgreementRequest* request,
    v1::SharingAgreement* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SharingAgreement> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        v1::SharingAgreement agreement = request->sharing_agreement();
        ASSIGN_OR_RETURN(const std::vector<std::string> client,
                         kApiClientName.Parse(agreement.client(), "sharingAgreement.client"));
        if (client[0] != agency) return errors::Denied(call.permission(), agreement.client());
        RETURN_IF_ERROR(domain::PrepareAgreement(agreement, call.time()));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SharingAgreement> {
              v1::SharingAgreement made =
                  SharingStore(tx).Insert({agency, NewUuid7(call.time())}, agreement);
              RecordChange(tx, made.name(), "sharingAgreement.created");
              return made;
            });
      });
}

grpc::ServerUnaryReactor* SharingAgreementsService::EndSharingAgreement(
    grpc::CallbackServerContext* context,
    const v1::EndSharingAgreementRequest* request,
    v1::SharingAgreement* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SharingAgreement> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kSharingAgreementName, request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->name())));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, request->name(), "sharingAgreement.ended");
          return SharingStore(tx).Update(key,
                                         api::Precondition::FromEtag(request->etag()),
                                         [&](v1::SharingAgreement& agreement) {
                                           return domain::EndAgreement(
                                               agreement, request->reason(), call.time());
                                         });
        });
      });
}

absl::StatusOr<v1::LookupSharedResultsResponse> SharingAgreementsService::Share(
    const CallContext& call, const Key& key, const std::string& employee, int year) {
  using Reply = v1::LookupSharedResultsResponse;
  return database_.ReadSnapshot(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Reply> {
    const std::optional<v1::SharingAgreement> agreement = SharingStore(tx).Find(key);
    if (!agreement.has_value()) return NoSharedResult();
    RETURN_IF_ERROR(domain::CheckInForce(*agreement, TodayOf(tx, key.agency)));
    const std::string subject = SubjectOf(employee);
    if (subject.empty() ||
        (agreement->needs_consent() && !SharingStore(tx).HasConsent(key, subject))) {
      return NoSharedResult();
    }
    Reply reply;
    for (const AnnualResultStore::YearResult& one :
         AnnualResultStore(tx).FindFinal(key.agency, subject, year)) {
      *reply.add_results() = domain::Disclose(*agreement, one.result, one.year);
    }
    if (reply.results().empty()) return NoSharedResult();
    return reply;
  });
}

grpc::ServerUnaryReactor* SharingAgreementsService::LookupSharedResults(
    grpc::CallbackServerContext* context,
    const v1::LookupSharedResultsRequest* request,
    v1::LookupSharedResultsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::LookupSharedResultsResponse> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kSharingAgreementName, request->name(), "name"));
        ASSIGN_OR_RETURN(const std::optional<v1::SharingAgreement> agreement,
                         FindAgreement(database_, call, key));
        RETURN_IF_ERROR(call.Authorize(OwnedObject(
            key.agency, agreement.has_value() ? agreement->client() : "", request->name())));
        ASSIGN_OR_RETURN(const std::string employee,
                         people_.FindByNip(call, "agencies/" + key.agency, request->nip()));
        ASSIGN_OR_RETURN(v1::LookupSharedResultsResponse reply,
                         Share(call, key, employee, request->year()));
        RETURN_IF_ERROR(
            RecordReadings(database_, call, {{employee, request->name()}}, "sharing.resultRead"));
        return reply;
      });
}

grpc::ServerUnaryReactor* SharingConsentsService::ListSharingConsents(
    grpc::CallbackServerContext* context,
    const v1::ListSharingConsentsRequest* request,
    v1::ListSharingConsentsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListSharingConsentsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ConsentQuery query;
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request->parent()));
        ASSIGN_OR_RETURN(query.page, PageOf(*request));
        query.caller = call.principal().subject;
        ASSIGN_OR_RETURN(
            Consents consents,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Consents> {
              return SharingStore(tx).ListConsents(agency, query);
            }));
        v1::ListSharingConsentsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(consents), *reply.mutable_sharing_consents()));
        return reply;
      });
}

grpc::ServerUnaryReactor* SharingConsentsService::CreateSharingConsent(
    grpc::CallbackServerContext* context,
    const v1::CreateSharingConsentRequest* request,
    v1::SharingConsent* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SharingConsent> {
        const std::string& name = request->sharing_consent().agreement();
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const Key key,
                         ParseKey(kSharingAgreementName, name, "sharingConsent.agreement"));
        if (key.agency != agency) return errors::Denied(call.permission(), name);
        const std::string subject = call.principal().subject;
        RETURN_IF_ERROR(
            call.Authorize(OwnedObject(agency, PersonName(agency, subject), request->parent())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::SharingConsent> {
              const std::optional<v1::SharingAgreement> agreement = SharingStore(tx).Find(key);
              if (!agreement.has_value()) return errors::ResourceNotFound(name);
              RETURN_IF_ERROR(domain::CheckInForce(*agreement, TodayOf(tx, agency)));
              if (!agreement->needs_consent()) {
                return errors::FailedPrecondition(v1::CONSENT_NOT_NEEDED,
                                                  "The agreement needs no consent.");
              }
              ASSIGN_OR_RETURN(
                  v1::SharingConsent consent,
                  SharingStore(tx).InsertConsent({agency, NewUuid7(call.time())}, name, subject));
              RecordChange(tx, consent.name(), "sharingConsent.given");
              return consent;
            });
      });
}

grpc::ServerUnaryReactor* SharingConsentsService::RevokeSharingConsent(
    grpc::CallbackServerContext* context,
    const v1::RevokeSharingConsentRequest* request,
    v1::SharingConsent* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::SharingConsent> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kSharingConsentName, request->name(), "name"));
        using Found = std::optional<v1::SharingConsent>;
        ASSIGN_OR_RETURN(
            const Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return SharingStore(tx).FindConsent(key);
            }));
        RETURN_IF_ERROR(call.Authorize(
            OwnedObject(key.agency, found.has_value() ? found->employee() : "", request->name())));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          RecordChange(tx, request->name(), "sharingConsent.revoked");
          return SharingStore(tx).Revoke(key);
        });
      });
}

}  // namespace teraju::evaluation
