#include "services/identity/api/employees_service.h"

#include "common/api/field_mask.h"
#include "common/errors/error.h"
#include "common/errors/field_violations.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/api/personal_data.h"
#include "services/identity/domain/nip.h"
#include "services/identity/domain/records.h"
#include "services/identity/store/employee_store.h"
#include "services/identity/store/line_store.h"
#include "services/identity/store/names.h"

namespace teraju::identity {
namespace {

constexpr std::string_view kAny = "-";

// What the caller may see, as a filter in SQL: the same grants as the single read.
EmployeeFilter FilterOf(postgres::Transaction& tx,
                        const AgencyId& agency,
                        const auth::Scope& scope,
                        const v1::ListEmployeesRequest& request) {
  EmployeeFilter filter{.everything = scope.agency};
  for (const std::string& unit : scope.units) filter.units.push_back(LastSegment(unit));
  const auth::Principal& principal = tx.call().principal();
  if (scope.self && IsUuid(LastSegment(principal.subject)))
    filter.persons.push_back(LastSegment(principal.subject));
  if ((scope.appraiser || scope.next) && !scope.agency) {
    const LineStore::Superior as{.appraiser = scope.appraiser, .next_appraiser = scope.next};
    for (std::string& id : LineStore(tx).Under(agency, principal.subject, as, Today(tx, agency))) {
      filter.persons.push_back(std::move(id));
    }
  }
  filter.today = Today(tx, agency);
  filter.within = LastSegment(request.unit());
  filter.show_deleted = request.show_deleted();
  filter.never_signed_in = request.never_signed_in();
  return filter;
}

absl::Status CheckSignedInNow(const v1::ListEmployeesRequest& request) {
  if (!request.never_signed_in() || (!request.has_as_of_date() && !request.has_known_at_time()))
    return absl::OkStatus();
  errors::FieldViolations violations;
  violations.Add("neverSignedIn",
                 "INVALID",
                 "Siapa yang belum pernah masuk hanya diketahui saat ini; kosongkan asOfDate dan "
                 "knownAtTime.",
                 "Who has never signed in is known of now only; leave out asOfDate and "
                 "knownAtTime.");
  return violations.ToStatus();
}

// Whoever reads what is on record writes.
template <typename Work>
std::invoke_result_t<Work, postgres::Transaction&> ReadOrRecord(postgres::Database& database,
                                                                const CallContext& call,
                                                                bool record,
                                                                Work work) {
  return record ? database.Write(call, work) : database.Read(call, work);
}

}  // namespace

grpc::ServerUnaryReactor* EmployeesService::GetEmployee(grpc::CallbackServerContext* context,
                                                        const v1::GetEmployeeRequest* request,
                                                        v1::Employee* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Employee> {
        ASSIGN_OR_RETURN(const auto ids, kEmployeeName.Parse(request->name(), "name"));
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(ids[1])};
        const bool full = request->view() == v1::FULL;
        return ReadOrRecord(
            database_, call, full, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Employee> {
              const auth::Object object = full ? WholePersonObject(tx, key, request->name())
                                               : PersonObject(tx, key, request->name());
              RETURN_IF_ERROR(call.Authorize(object));
              if (full) RETURN_IF_ERROR(call.Authorize(kPersonalDataPermission, object));
              ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(*request));
              ASSIGN_OR_RETURN(v1::Employee employee, EmployeeStore(tx).Get(key, as_of));
              ApplyView(tx, request->view(), employee);
              return employee;
            });
      });
}

grpc::ServerUnaryReactor* EmployeesService::ListEmployees(grpc::CallbackServerContext* context,
                                                          const v1::ListEmployeesRequest* request,
                                                          v1::ListEmployeesResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListEmployeesResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        const bool full = request->view() == v1::FULL;
        ASSIGN_OR_RETURN(auth::Scope scope, call.AuthorizeList(agency, request->parent()));
        if (full) {
          ASSIGN_OR_RETURN(scope,
                           call.AuthorizeList(kPersonalDataPermission, agency, request->parent()));
        }
        RETURN_IF_ERROR(CheckUnitName(agency, request->unit(), "unit"));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        ASSIGN_OR_RETURN(const AsOf as_of, ReadAsOf(*request));
        RETURN_IF_ERROR(CheckSignedInNow(*request));
        return ReadOrRecord(
            database_,
            call,
            full,
            [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListEmployeesResponse> {
              Page<v1::Employee> page = EmployeeStore(tx).List(
                  agency, FilterOf(tx, agency, scope, *request), as_of, query);
              v1::ListEmployeesResponse list;
              for (v1::Employee& employee : page.items) {
                ApplyView(tx, request->view(), employee);
                *list.add_employees() = std::move(employee);
              }
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* EmployeesService::ListEmployeeTraits(
    grpc::CallbackServerContext* context,
    const v1::ListEmployeeTraitsRequest* request,
    v1::ListEmployeeTraitsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListEmployeeTraitsResponse> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListEmployeeTraitsResponse> {
              EmployeeFilter filter;
              filter.everything = filter.show_deleted = true;
              filter.today = Today(tx, agency);
              const Page<v1::Employee> page = EmployeeStore(tx).List(agency, filter, {}, query);
              v1::ListEmployeeTraitsResponse list;
              for (const v1::Employee& employee : page.items)
                *list.add_traits() = domain::TraitsOf(employee);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* EmployeesService::CreateEmployee(grpc::CallbackServerContext* context,
                                                           const v1::CreateEmployeeRequest* request,
                                                           v1::Employee* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Employee> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const EmployeeKey key{AgencyId(ids[0]), EmployeeId(NewUuid7(call.time()))};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, request->parent())));
        v1::Employee employee = request->employee();
        RETURN_IF_ERROR(CheckUnitName(key.agency, employee.unit(), "employee.unit"));
        RETURN_IF_ERROR(domain::PrepareEmployee(employee));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Employee> {
              ASSIGN_OR_RETURN(v1::Employee stored,
                               EmployeeStore(tx).Insert(key, employee, call.actor()));
              postgres::RecordChange(tx, stored.name(), "employee.created");
              return stored;
            });
      });
}

absl::StatusOr<v1::Employee> EmployeesService::Update(const CallContext& call,
                                                      const v1::UpdateEmployeeRequest& request,
                                                      const AgencyId& agency,
                                                      const std::string& id) {
  const v1::Employee& update = request.employee();
  const std::string new_id = NewUuid7(call.time());
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Employee> {
    EmployeeStore store(tx);
    std::optional<EmployeeKey> key = EmployeeKey{agency, EmployeeId(id)};
    if (id == kAny) key = store.FindByExternalId(agency, update.external_id());
    if (!key) {
      v1::Employee employee = update;
      RETURN_IF_ERROR(domain::PrepareEmployee(employee));
      ASSIGN_OR_RETURN(v1::Employee stored,
                       store.Insert({agency, EmployeeId(new_id)}, employee, call.actor()));
      postgres::RecordChange(tx, stored.name(), "employee.created");
      return stored;
    }
    const auto precondition = api::Precondition::FromEtag(update.etag());
    const Recorded recorded{call.actor(), request.reason()};
    ASSIGN_OR_RETURN(
        v1::Employee stored,
        store.Update(*key, precondition, recorded, [&](v1::Employee& employee) -> absl::Status {
          RETURN_IF_ERROR(api::MergeByMask(request.update_mask(), update, employee));
          return domain::PrepareEmployee(employee);
        }));
    postgres::RecordChange(tx, stored.name(), "employee.changed");
    return stored;
  });
}

grpc::ServerUnaryReactor* EmployeesService::UpdateEmployee(grpc::CallbackServerContext* context,
                                                           const v1::UpdateEmployeeRequest* request,
                                                           v1::Employee* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Employee> {
        const bool upsert = request->allow_missing();
        ASSIGN_OR_RETURN(const auto ids,
                         kEmployeeName.Parse(request->employee().name(), "employee.name", upsert));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->employee().name())));
        RETURN_IF_ERROR(CheckUnitName(agency, request->employee().unit(), "employee.unit"));
        if (ids[1] == kAny && request->employee().external_id().empty()) {
          return errors::InvalidArgument(errors::reasons::NAME_INVALID,
                                         "An upsert needs external_id.")
              .With("field", "employee.name")
              .With("pattern", kEmployeeName.pattern());
        }
        return Update(call, *request, agency, ids[1]);
      });
}

grpc::ServerUnaryReactor* EmployeesService::LookupEmployee(grpc::CallbackServerContext* context,
                                                           const v1::LookupEmployeeRequest* request,
                                                           v1::Employee* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Employee> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        const auth::Object object = AgencyObject(agency, request->parent());
        const bool full = request->view() == v1::FULL;
        RETURN_IF_ERROR(call.Authorize(object));
        if (full) RETURN_IF_ERROR(call.Authorize(kPersonalDataPermission, object));
        const auto find = [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Employee> {
          const EmployeeStore store(tx);
          const std::string nip = domain::NormaliseNip(request->nip());
          auto key = request->has_external_id()
                         ? store.FindByExternalId(agency, request->external_id())
                         : store.FindByNip(agency, nip);
          if (!key && request->has_nip()) key = store.FindByFormerNip(agency, nip);
          // The key stays out of the error: a NIP is personal data.
          if (!key) return errors::ResourceNotFound(request->parent() + "/employees");
          ASSIGN_OR_RETURN(v1::Employee employee, store.Get(*key));
          ApplyView(tx, request->view(), employee);
          return employee;
        };
        return ReadOrRecord(database_, call, full, find);
      });
}

}  // namespace teraju::identity
