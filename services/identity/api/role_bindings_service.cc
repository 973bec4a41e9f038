#include "services/identity/api/role_bindings_service.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "services/identity/api/access_objects.h"
#include "services/identity/store/access_store.h"
#include "services/identity/store/access_version_store.h"
#include "services/identity/store/api_client_store.h"
#include "services/identity/store/names.h"
#include "services/identity/store/official_store.h"
#include "services/identity/store/unit_store.h"
#include "teraju/identity/v1/error_reason.pb.h"

namespace teraju::identity {
namespace {

constexpr int kAllPage = 1000;

// The roles that an agency can give: not those that come with being a person, a service or the
// installation's operator.
std::vector<std::string> GrantableRoles() {
  std::vector<std::string> roles = auth::PermissionTable::Default().Roles();
  std::erase_if(roles, [](const std::string& role) {
    return role == "employee" || role == "official" || role == "service" || role == "operator";
  });
  std::sort(roles.begin(), roles.end());
  return roles;
}

absl::Status CheckRole(const std::string& role) {
  const std::vector<std::string> roles = GrantableRoles();
  if (std::find(roles.begin(), roles.end(), role) != roles.end()) return absl::OkStatus();
  return errors::InvalidArgument(v1::ROLE_UNKNOWN, "There is no such role to give.")
      .With("role", role)
      .With("roles", fmt::format("{}", fmt::join(roles, ", ")));
}

// FAILED_PRECONDITION: SUBJECT_UNKNOWN, UNIT_UNKNOWN.
absl::Status CheckBinding(postgres::Transaction& tx,
                          const AgencyId& agency,
                          const v1::RoleBinding& binding) {
  const std::string id = LastSegment(binding.subject());
  const std::string& subject = binding.subject();
  const bool known =
      (subject == "employees/" + id && EmployeeStore(tx).Exists({agency, EmployeeId(id)})) ||
      (subject == "officials/" + id && OfficialStore(tx).Exists(agency, id)) ||
      (subject == "apiClients/" + id && ApiClientStore(tx).Exists(agency, id));
  if (!known) {
    return errors::FailedPrecondition(v1::SUBJECT_UNKNOWN,
                                      "The subject is not known in this agency.")
        .With("subject", subject);
  }
  if (binding.unit().empty() ||
      UnitStore(tx).Exists({agency, UnitId(LastSegment(binding.unit()))})) {
    return absl::OkStatus();
  }
  return errors::FailedPrecondition(v1::UNIT_UNKNOWN, "The unit does not exist.")
      .With("unit", binding.unit());
}

void Record(postgres::Transaction& tx,
            const AgencyId& agency,
            const v1::RoleBinding& binding,
            const std::string& type) {
  const std::string facts = fmt::format(R"({{"role":"{}","subject":"{}","unit":"{}"}})",
                                        binding.role(),
                                        binding.subject(),
                                        binding.unit());
  AccessVersionStore(tx).ChangeBindings();
  tx.Emit({.agency = agency.value(), .resource = binding.name(), .type = type, .payload = facts});
  tx.Audit({.agency = agency.value(), .resource = binding.name(), .type = type, .details = facts});
}

}  // namespace

grpc::ServerUnaryReactor* RoleBindingsService::ListRoleBindings(
    grpc::CallbackServerContext* context,
    const v1::ListRoleBindingsRequest* request,
    v1::ListRoleBindingsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListRoleBindingsResponse> {
        ASSIGN_OR_RETURN(const auto ids,
                         kAgencyName.Parse(request->parent(), "parent", /*allow_wildcard=*/true));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.AuthorizeList(agency, request->parent()).status());
        ASSIGN_OR_RETURN(const PageQuery query, ReadPageQuery(*request));
        return database_.Read(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ListRoleBindingsResponse> {
              const bool all = agency == kEveryAgency;
              Page<v1::RoleBinding> page =
                  RoleBindingStore(tx).List(all ? std::nullopt : std::optional(agency), query);
              v1::ListRoleBindingsResponse list;
              for (v1::RoleBinding& binding : page.items)
                *list.add_role_bindings() = std::move(binding);
              if (!page.next.empty())
                list.set_next_page_token(api::MakePageToken(*request, page.next));
              return list;
            });
      });
}

grpc::ServerUnaryReactor* RoleBindingsService::CreateRoleBinding(
    grpc::CallbackServerContext* context,
    const v1::CreateRoleBindingRequest* request,
    v1::RoleBinding* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::RoleBinding> {
        ASSIGN_OR_RETURN(const auto ids, kAgencyName.Parse(request->parent(), "parent"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        if (request->role_binding().subject() == call.principal().subject ||
            request->role_binding().subject() == call.actor()) {
          return errors::Make(absl::StatusCode::kPermissionDenied,
                              errors::reasons::DUTIES_SEPARATED,
                              "Nobody gives a role to himself.");
        }
        RETURN_IF_ERROR(CheckRole(request->role_binding().role()));
        RETURN_IF_ERROR(CheckUnitName(agency, request->role_binding().unit(), "roleBinding.unit"));
        const std::string id = NewUuid7(call.time());
        ASSIGN_OR_RETURN(
            v1::RoleBinding stored,
            database_.Write(call,
                            [&](postgres::Transaction& tx) -> absl::StatusOr<v1::RoleBinding> {
                              RETURN_IF_ERROR(CheckBinding(tx, agency, request->role_binding()));
                              ASSIGN_OR_RETURN(
                                  v1::RoleBinding binding,
                                  RoleBindingStore(tx).Insert(agency, id, request->role_binding()));
                              Record(tx, agency, binding, "roleBinding.created");
                              return binding;
                            }));
        RETURN_IF_ERROR(barrier_.Await(call));
        return stored;
      });
}

grpc::ServerUnaryReactor* RoleBindingsService::DeleteRoleBinding(
    grpc::CallbackServerContext* context,
    const v1::DeleteRoleBindingRequest* request,
    google::protobuf::Empty* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<google::protobuf::Empty> {
        ASSIGN_OR_RETURN(const auto ids, kRoleBindingName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->name())));
        ASSIGN_OR_RETURN(
            const google::protobuf::Empty done,
            database_.Write(
                call, [&](postgres::Transaction& tx) -> absl::StatusOr<google::protobuf::Empty> {
                  ASSIGN_OR_RETURN(const v1::RoleBinding binding,
                                   RoleBindingStore(tx).Delete(agency, ids[1]));
                  Record(tx, agency, binding, "roleBinding.deleted");
                  return google::protobuf::Empty();
                }));
        RETURN_IF_ERROR(barrier_.Await(call));
        return done;
      });
}

absl::StatusOr<std::vector<auth::RoleBinding>> ReadAllBindings(postgres::Database& database,
                                                               const CallContext& call) {
  return database.Read(
      call, [&](postgres::Transaction& tx) -> absl::StatusOr<std::vector<auth::RoleBinding>> {
        std::vector<auth::RoleBinding> all;
        PageQuery query{.after = {}, .size = kAllPage};
        do {
          Page<v1::RoleBinding> page = RoleBindingStore(tx).List(std::nullopt, query);
          for (const v1::RoleBinding& binding : page.items) {
            all.push_back({.agency = AgencyId(std::string(api::AgencyOf(binding.name()))),
                           .subject = binding.subject(),
                           .role = binding.role(),
                           .unit = binding.unit()});
          }
          query.after = page.next;
        } while (!query.after.empty());
        return all;
      });
}

}  // namespace teraju::identity
