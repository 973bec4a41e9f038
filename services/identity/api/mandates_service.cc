#include "services/identity/api/mandates_service.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "common/auth/permissions.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/service/identity_source.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/domain/mandate.h"
#include "services/identity/store/access_version_store.h"
#include "services/identity/store/mandate_store.h"
#include "services/identity/store/names.h"
#include "services/identity/store/official_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr int kMandatePage = 1000;

absl::Time TimeOf(const google::protobuf::Timestamp& timestamp) {
  return absl::FromUnixSeconds(timestamp.seconds()) + absl::Nanoseconds(timestamp.nanos());
}

// `employees/{id}` or `officials/{id}` of a person of the agency; PERSON_UNKNOWN for anything else.
absl::StatusOr<std::string> PersonSubject(const AgencyId& agency, const std::string& person) {
  const bool named = kEmployeeName.Matches(person) || kOfficialName.Matches(person);
  const std::string prefix = kAgencyName.Format({agency.value()}) + "/";
  if (named && person.starts_with(prefix)) return person.substr(prefix.size());
  return errors::FailedPrecondition(v1::PERSON_UNKNOWN, "No such person in this agency.")
      .With("person", person);
}

absl::Status CheckPerson(postgres::Transaction& tx,
                         const AgencyId& agency,
                         const std::string& person) {
  const std::string id = LastSegment(person);
  const bool known = kEmployeeName.Matches(person)
                         ? EmployeeStore(tx).Exists({agency, EmployeeId(id)})
                         : OfficialStore(tx).Exists(agency, id);
  if (known) return absl::OkStatus();
  return errors::FailedPrecondition(v1::PERSON_UNKNOWN, "No such person in this agency.")
      .With("person", person);
}

// Every scope means something, and nothing that cannot be handed over.
absl::Status CheckMandateScopes(const v1::Mandate& mandate) {
  const auto& table = auth::PermissionTable::Default();
  for (const std::string& scope : mandate.scopes()) {
    bool fits = table.HasScope(scope);
    for (const std::string& permission : table.Permissions()) {
      if (auth::InScope(scope, permission) && !domain::CanBeMandated(permission)) fits = false;
    }
    if (fits) continue;
    return errors::InvalidArgument(v1::SCOPE_UNKNOWN, "This cannot be given by mandate.")
        .With("scope", scope);
  }
  return absl::OkStatus();
}

auth::Object MandateObject(const AgencyId& agency,
                           const std::string& name,
                           const std::optional<v1::Mandate>& mandate) {
  auth::Object object = AgencyObject(agency, name);
  if (!mandate) return object;
  object.person = PersonSubject(agency, mandate->mandator()).value_or("");
  object.raters = {PersonSubject(agency, mandate->mandatary()).value_or("")};
  return object;
}

}  // namespace

void RecordMandate(postgres::Transaction& tx,
                   const AgencyId& agency,
                   const v1::Mandate& mandate,
                   const std::string& type) {
  AccessVersionStore(tx).ChangeBindings();
  const std::string facts = fmt::format(R"({{"mandatary":"{}","mandator":"{}","scopes":"{}"}})",
                                        mandate.mandatary(),
                                        mandate.mandator(),
                                        fmt::join(mandate.scopes(), " "));
  tx.Emit({.agency = agency.value(), .resource = mandate.name(), .type = type, .payload = facts});
  tx.Audit({.agency = agency.value(), .resource = mandate.name(), .type = type, .details = facts});
}

absl::StatusOr<v1::Mandate> MandatesService::Create(const CallContext& call,
                                                    const v1::CreateMandateRequest& request) {
  ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request.parent(), "parent"));
  const AgencyId agency(ids[0]);
  v1::Mandate wanted = request.mandate();
  const auto mandator = PersonSubject(agency, wanted.mandator());
  auth::Object object = AgencyObject(agency, request.parent());
  object.person = mandator.value_or("");
  RETURN_IF_ERROR(call.Authorize(object));
  RETURN_IF_ERROR(mandator.status());
  ASSIGN_OR_RETURN(const std::string mandatary, PersonSubject(agency, wanted.mandatary()));
  if (mandatary == call.actor() || mandatary == *mandator) {
    return errors::Make(absl::StatusCode::kPermissionDenied,
                        errors::reasons::DUTIES_SEPARATED,
                        "Nobody gives another's powers to himself.");
  }
  RETURN_IF_ERROR(CheckMandateScopes(wanted));
  if (!wanted.has_start_time())
    wanted.mutable_start_time()->set_seconds(absl::ToUnixSeconds(call.time()));
  RETURN_IF_ERROR(
      domain::CheckTerm(TimeOf(wanted.start_time()), TimeOf(wanted.end_time()), call.time()));
  const std::string id = NewUuid7(call.time());
  ASSIGN_OR_RETURN(
      v1::Mandate stored,
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Mandate> {
        RETURN_IF_ERROR(CheckPerson(tx, agency, wanted.mandator()));
        RETURN_IF_ERROR(CheckPerson(tx, agency, wanted.mandatary()));
        v1::Mandate mandate = MandateStore(tx).Insert(agency, id, wanted);
        RecordMandate(tx, agency, mandate, "mandate.created");
        return mandate;
      }));
  RETURN_IF_ERROR(barrier_.Await(call));
  return stored;
}

absl::StatusOr<v1::Mandate> MandatesService::Revoke(const CallContext& call,
                                                    const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, kMandateName.Parse(name, "name"));
  const AgencyId agency(ids[0]);
  ASSIGN_OR_RETURN(
      v1::Mandate revoked,
      database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Mandate> {
        MandateStore store(tx);
        const auto found = store.Find(agency, ids[1]);
        RETURN_IF_ERROR(call.Authorize(MandateObject(agency, name, found)));
        ASSIGN_OR_RETURN(v1::Mandate mandate, store.Revoke(agency, ids[1]));
        if (!found->has_revoke_time()) RecordMandate(tx, agency, mandate, "mandate.revoked");
        return mandate;
      }));
  RETURN_IF_ERROR(barrier_.Await(call));
  return revoked;
}

grpc::ServerUnaryReactor* MandatesService::GetMandate(grpc::CallbackServerContext* context,
                                                      const v1::GetMandateRequest* request,
                                                      v1::Mandate* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Mandate> {
        ASSIGN_OR_RETURN(const auto ids, kMandateName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        return database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Mandate> {
          auto found = MandateStore(tx).Find(agency, ids[1]);
          RETURN_IF_ERROR(call.Authorize(MandateObject(agency, request->name(), found)));
          if (!found) return errors::ResourceNotFound(request->name());
          return *std::move(found);
        });
      });
}

grpc::ServerUnaryReactor* MandatesService::ListMandates(grpc::CallbackServerContext* context,
                                                        const v1::ListMandatesRequest* request,
                                                        v1::ListMandatesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListMandatesResponse> {
        ASSIGN_OR_RETURN(const auto ids,
                         kAgencyName.Parse(request->parent(), "parent", /*allow_wildcard=*/true));
        const AgencyId agency(ids[0]);
        ASSIGN_OR_RETURN(const auth::Scope scope, call.AuthorizeList(agency, request->parent()));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        MandateFilter filter{.agency = agency, .person = "", .show_ended = request->show_ended()};
        if (agency == kEveryAgency) filter.agency.reset();
        if (!scope.agency) filter.person = call.principal().subject;
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListMandatesResponse> {
              Page<v1::Mandate> page = MandateStore(tx).List(filter, query);
              v1::ListMandatesResponse list;
              for (v1::Mandate& one : page.items) *list.add_mandates() = std::move(one);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* MandatesService::CreateMandate(grpc::CallbackServerContext* context,
                                                         const v1::CreateMandateRequest* request,
                                                         v1::Mandate* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Create(call, *request);
  });
}

grpc::ServerUnaryReactor* MandatesService::RevokeMandate(grpc::CallbackServerContext* context,
                                                         const v1::RevokeMandateRequest* request,
                                                         v1::Mandate* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Revoke(call, request->name());
  });
}

absl::StatusOr<std::vector<auth::Mandate>> ReadAllMandates(postgres::Database& database,
                                                           const CallContext& call) {
  return database.Read(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<auth::Mandate>> {
        std::vector<auth::Mandate> all;
        PageQuery query{.after = {}, .size = kMandatePage};
        do {
          Page<v1::Mandate> page = MandateStore(tx).List({}, query);
          for (const v1::Mandate& one : page.items) all.push_back(service::ToMandate(one));
          query.after = page.next;
        } while (!query.after.empty());
        return all;
      });
}

}  // namespace teraju::identity
