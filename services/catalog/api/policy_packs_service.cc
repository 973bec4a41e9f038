#include "services/catalog/api/policy_packs_service.h"

#include <string>
#include <utility>
#include <vector>

#include "absl/strings/numbers.h"
#include "common/api/field_mask.h"
#include "common/api/list_page.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/catalog/api/objects.h"
#include "services/catalog/domain/policy_pack.h"
#include "services/catalog/store/policy_pack_store.h"

namespace teraju::catalog {
namespace {

constexpr api::NamePattern kPackRevisionName{
    "agencies/{agency}/policyPacks/{policy_pack}/revisions/{revision}"};

// A pack, or with `revision` one of its revisions (a number or `draft`).
struct PackName {
  PolicyPackKey key;
  std::string revision;
};

absl::StatusOr<PackName> ParseRevisionName(const std::string& name) {
  ASSIGN_OR_RETURN(const auto ids, kPackRevisionName.Parse(name, "name"));
  return PackName{{AgencyId(ids[0]), StrongId<PolicyPackTag>(ids[1])}, ids[2]};
}

absl::StatusOr<PackName> ParsePackName(const std::string& name) {
  if (name.find("/revisions/") != std::string::npos) return ParseRevisionName(name);
  ASSIGN_OR_RETURN(PolicyPackKey key, PolicyPackKey::Parse(name, "name"));
  return PackName{std::move(key), ""};
}

absl::StatusOr<v1::PolicyPack> Read(const CallContext& call,
                                    postgres::Database& database,
                                    const PackName& name) {
  RETURN_IF_ERROR(call.Authorize(AgencyObject(name.key.agency, name.key.Name())));
  return database.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::PolicyPack> {
    const PolicyPackStore store(tx);
    if (name.revision.empty()) return store.Get(name.key);
    if (name.revision == "draft") return store.GetDraft(name.key);
    int number = 0;  // for what is no number, which no revision has
    if (!absl::SimpleAtoi(name.revision, &number)) number = 0;
    return store.GetRevision(name.key, number);
  });
}

std::string RevisionDetails(const v1::PolicyPack& pack) {
  return R"({"digest":")" + pack.digest() + R"(","revision":)" + std::to_string(pack.revision()) +
         "}";
}

}  // namespace

grpc::ServerUnaryReactor* PolicyPacksService::GetPolicyPack(grpc::CallbackServerContext* context,
                                                            const v1::GetPolicyPackRequest* request,
                                                            v1::PolicyPack* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PolicyPack> {
        ASSIGN_OR_RETURN(const PolicyPackKey key, PolicyPackKey::Parse(request->name(), "name"));
        return Read(call, database_, {key, ""});
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::GetPolicyPackRevision(
    grpc::CallbackServerContext* context,
    const v1::GetPolicyPackRevisionRequest* request,
    v1::PolicyPack* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PolicyPack> {
        ASSIGN_OR_RETURN(const PackName name, ParseRevisionName(request->name()));
        return Read(call, database_, name);
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::ListPolicyPacks(
    grpc::CallbackServerContext* context,
    const v1::ListPolicyPacksRequest* request,
    v1::ListPolicyPacksResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListPolicyPacksResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        using Packs = std::vector<v1::PolicyPack>;
        ASSIGN_OR_RETURN(
            Packs packs,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Packs> {
              return PolicyPackStore(tx).List(agency, page.after_or_empty(0), page.limit());
            }));
        v1::ListPolicyPacksResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(packs),
                            list.mutable_policy_packs(),
                            list,
                            [](const v1::PolicyPack& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::CreatePolicyPack(
    grpc::CallbackServerContext* context,
    const v1::CreatePolicyPackRequest* request,
    v1::PolicyPack* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PolicyPack> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        v1::PolicyPack pack = request->policy_pack();
        ASSIGN_OR_RETURN(const rules::PolicyPack definition, domain::Describe(pack));
        RETURN_IF_ERROR(domain::CheckIdentity(definition, definition.name, 1));
        const PolicyPackKey key{agency, StrongId<PolicyPackTag>(definition.name)};
        return database_.Write(call, [&](postgres::Transaction& tx) {
          postgres::RecordChange(tx, key.Name(), "policyPack.created", RevisionDetails(pack));
          return PolicyPackStore(tx).Insert(key, pack);
        });
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::UpdatePolicyPack(
    grpc::CallbackServerContext* context,
    const v1::UpdatePolicyPackRequest* request,
    v1::PolicyPack* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PolicyPack> {
        ASSIGN_OR_RETURN(const PolicyPackKey key,
                         PolicyPackKey::Parse(request->policy_pack().name(), "policyPack.name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::PolicyPack> {
              ASSIGN_OR_RETURN(v1::PolicyPack draft,
                               PolicyPackStore(tx).UpdateDraft(
                                   key,
                                   api::Precondition::FromEtag(request->policy_pack().etag()),
                                   [&](v1::PolicyPack& changed, int next) -> absl::Status {
                                     RETURN_IF_ERROR(api::MergeByMask(
                                         request->update_mask(), request->policy_pack(), changed));
                                     ASSIGN_OR_RETURN(const rules::PolicyPack definition,
                                                      domain::Describe(changed));
                                     return domain::CheckIdentity(definition, key.id.value(), next);
                                   }));
              postgres::RecordChange(tx, key.Name(), "policyPack.updated", RevisionDetails(draft));
              return draft;
            });
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::AdoptPolicyPack(
    grpc::CallbackServerContext* context,
    const v1::AdoptPolicyPackRequest* request,
    v1::PolicyPack* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PolicyPack> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const v1::PolicyPack shipped, domain::ShippedPack(request->pack()));
        const PolicyPackKey key{agency, StrongId<PolicyPackTag>(request->pack())};
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::PolicyPack> {
              PolicyPackStore store(tx);
              const absl::StatusOr<v1::PolicyPack> stored = store.Insert(key, shipped);
              if (absl::IsAlreadyExists(stored.status())) return store.Get(key);
              RETURN_IF_ERROR(stored.status());
              postgres::RecordChange(
                  tx, key.Name(), "policyPack.adopted", RevisionDetails(shipped));
              // Its vectors are run where it is made.
              return store.Activate(key, api::Precondition::None(), [](const v1::PolicyPack&) {
                return absl::OkStatus();
              });
            });
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::TestPolicyPack(
    grpc::CallbackServerContext* context,
    const v1::TestPolicyPackRequest* request,
    v1::TestPolicyPackResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::TestPolicyPackResponse> {
        ASSIGN_OR_RETURN(const PolicyPackKey key, PolicyPackKey::Parse(request->name(), "name"));
        absl::StatusOr<v1::PolicyPack> pack = Read(call, database_, {key, "draft"});
        if (absl::IsFailedPrecondition(pack.status())) pack = Read(call, database_, {key, ""});
        RETURN_IF_ERROR(pack.status());
        ASSIGN_OR_RETURN(const rules::PolicyPack definition, domain::Describe(*pack));
        return domain::TestPack(definition);
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::ActivatePolicyPack(
    grpc::CallbackServerContext* context,
    const v1::ActivatePolicyPackRequest* request,
    v1::PolicyPack* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::PolicyPack> {
        ASSIGN_OR_RETURN(const PolicyPackKey key, PolicyPackKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(key.agency, key.Name())));
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return PolicyPackStore(tx).Activate(
              key,
              api::Precondition::FromEtag(request->etag()),
              [&](const v1::PolicyPack& draft) -> absl::Status {
                v1::PolicyPack described = draft;
                ASSIGN_OR_RETURN(const rules::PolicyPack definition, domain::Describe(described));
                RETURN_IF_ERROR(domain::CheckActivatable(definition));
                postgres::RecordChange(
                    tx, key.Name(), "policyPack.activated", RevisionDetails(draft));
                return absl::OkStatus();
              });
        });
      });
}

grpc::ServerUnaryReactor* PolicyPacksService::EvaluatePolicyPack(
    grpc::CallbackServerContext* context,
    const v1::EvaluatePolicyPackRequest* request,
    v1::EvaluatePolicyPackResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::EvaluatePolicyPackResponse> {
        ASSIGN_OR_RETURN(const PackName name, ParsePackName(request->name()));
        ASSIGN_OR_RETURN(v1::PolicyPack pack, Read(call, database_, name));
        ASSIGN_OR_RETURN(const rules::PolicyPack definition, domain::Describe(pack));
        return domain::Evaluate(definition, request->method(), request->inputs());
      });
}

}  // namespace teraju::catalog
