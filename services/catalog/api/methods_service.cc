#include "services/catalog/api/methods_service.h"

#include <string>
#include <utility>

#include "common/api/resource_name.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/catalog/api/objects.h"
#include "services/catalog/domain/method.h"
#include "services/catalog/domain/policy_pack.h"
#include "services/catalog/store/behavior_store.h"
#include "services/catalog/store/competency_store.h"
#include "services/catalog/store/goal_store.h"
#include "services/catalog/store/indicator_store.h"
#include "services/catalog/store/policy_pack_store.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

constexpr api::NamePattern kMethodName{"agencies/{agency}/method"};
// More than an agency has of anything; AdoptMethod takes no more.
constexpr int kMost = 10000;

auth::Scope WholeAgency() {
  auth::Scope scope;
  scope.agency = true;
  return scope;
}

template <typename Messages>
void Fill(const Messages& messages, auto& target) {
  target.Assign(messages.begin(), messages.end());
}

absl::StatusOr<v1::Method> ReadMethod(postgres::Transaction& tx, const AgencyId& agency) {
  v1::Method method;
  const PolicyPackStore packs(tx);
  for (const v1::PolicyPack& listed : packs.List(agency, "", kMost)) {
    if (listed.state() != v1::PolicyPack::ACTIVE) continue;
    ASSIGN_OR_RETURN(const PolicyPackKey key, PolicyPackKey::Parse(listed.name(), "name"));
    ASSIGN_OR_RETURN(const v1::PolicyPack pack, packs.Get(key));
    method.add_policy_packs(pack.definition());
  }
  ASSIGN_OR_RETURN(const auto goals,
                   GoalStore(tx).List({.agency = agency,
                                       .scope = WholeAgency(),
                                       .state = v1::Goal::PUBLISHED,
                                       .limit = kMost}));
  ASSIGN_OR_RETURN(const auto indicators,
                   IndicatorStore(tx).List({.agency = agency,
                                            .scope = WholeAgency(),
                                            .state = v1::Indicator::PUBLISHED,
                                            .limit = kMost}));
  ASSIGN_OR_RETURN(const auto behaviors, BehaviorStore(tx).List(agency, "", kMost));
  ASSIGN_OR_RETURN(const auto competencies, CompetencyStore(tx).List(agency, "", kMost));
  ASSIGN_OR_RETURN(const auto standards, CompetencyStore(tx).ListStandards(agency, "", kMost));
  Fill(goals, *method.mutable_goals());
  Fill(indicators, *method.mutable_indicators());
  Fill(behaviors, *method.mutable_behaviors());
  Fill(competencies, *method.mutable_competencies());
  Fill(standards, *method.mutable_competency_standards());
  domain::Strip(method);
  return method;
}

// Puts in what is new, and keeps account of both.
class Adoption {
 public:
  Adoption(postgres::Transaction& tx, const AgencyId& agency) : tx_(tx), agency_(agency) {}

  absl::Status TakeAll(const v1::Method& method) {
    for (const std::string& definition : method.policy_packs()) RETURN_IF_ERROR(Take(definition));
    for (const v1::Behavior& behavior : method.behaviors()) {
      RETURN_IF_ERROR(
          Take<BehaviorKey>(behavior, "method.behaviors.name", "behavior", [&](auto& key) {
            return BehaviorStore(tx_).Insert(key, behavior).status();
          }));
    }
    for (const v1::Competency& one : method.competencies()) {
      RETURN_IF_ERROR(
          Take<CompetencyKey>(one, "method.competencies.name", "competency", [&](auto& key) {
            return CompetencyStore(tx_).Insert(key, one).status();
          }));
    }
    for (const v1::CompetencyStandard& standard : method.competency_standards()) {
      RETURN_IF_ERROR(Take<StandardKey>(
          standard, "method.competencyStandards.name", "competencyStandard", [&](auto& key) {
            return CompetencyStore(tx_).InsertStandard(key, standard).status();
          }));
    }
    for (const v1::Goal& goal : method.goals()) {
      RETURN_IF_ERROR(Take<GoalKey>(goal, "method.goals.name", "goal", [&](auto& key) {
        return GoalStore(tx_).Insert(key, goal).status();
      }));
    }
    for (const v1::Indicator& indicator : method.indicators()) {
      ASSIGN_OR_RETURN(const GoalKey goal,
                       GoalKey::Parse(indicator.goal(), "method.indicators.goal"));
      if (!GoalStore(tx_).Find(goal).has_value()) {
        return errors::FailedPrecondition(v1::GOAL_UNKNOWN, "No such goal.")
            .With("goal", indicator.goal());
      }
      RETURN_IF_ERROR(
          Take<IndicatorKey>(indicator, "method.indicators.name", "indicator", [&](auto& key) {
            return IndicatorStore(tx_).Insert(key, indicator).status();
          }));
    }
    return absl::OkStatus();
  }
  v1::AdoptMethodResponse Account() && { return std::move(account_); }

 private:
  template <typename Key>
  absl::Status Take(const auto& message,
                    const std::string& field,
                    const std::string& type,
                    auto insert) {
    ASSIGN_OR_RETURN(const Key key, Key::Parse(message.name(), field));
    return Note(key.Name(), type + ".created", insert(key));
  }
  absl::Status Take(const std::string& definition) {
    v1::PolicyPack pack;
    pack.set_definition(definition);
    ASSIGN_OR_RETURN(const rules::PolicyPack read, domain::Describe(pack));
    const PolicyPackKey key{agency_, StrongId<PolicyPackTag>(read.name)};
    return Note(key.Name(), "policyPack.created", PolicyPackStore(tx_).Insert(key, pack).status());
  }
  absl::Status Note(const std::string& name, const std::string& type, const absl::Status& status) {
    if (absl::IsAlreadyExists(status)) {
      account_.add_kept(name);
      return absl::OkStatus();
    }
    RETURN_IF_ERROR(status);
    postgres::RecordChange(tx_, name, type);
    account_.add_adopted(name);
    return absl::OkStatus();
  }

  postgres::Transaction& tx_;
  const AgencyId& agency_;
  v1::AdoptMethodResponse account_;
};

}  // namespace

grpc::ServerUnaryReactor* MethodsService::GetMethod(grpc::CallbackServerContext* context,
                                                    const v1::GetMethodRequest* request,
                                                    v1::Method* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Method> {
        ASSIGN_OR_RETURN(const auto ids, kMethodName.Parse(request->name(), "name"));
        const AgencyId agency(ids[0]);
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->name())));
        ASSIGN_OR_RETURN(v1::Method method,
                         database_.ReadSnapshot(
                             call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Method> {
                               return ReadMethod(tx, agency);
                             }));
        method.set_name(request->name());
        return method;
      });
}

grpc::ServerUnaryReactor* MethodsService::AdoptMethod(grpc::CallbackServerContext* context,
                                                      const v1::AdoptMethodRequest* request,
                                                      v1::AdoptMethodResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::AdoptMethodResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        ASSIGN_OR_RETURN(const v1::Method method, domain::Rename(request->method(), agency));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::AdoptMethodResponse> {
              GoalStore(tx).LockCascade(agency);
              Adoption adoption(tx, agency);
              RETURN_IF_ERROR(adoption.TakeAll(method));
              return std::move(adoption).Account();
            });
      });
}

}  // namespace teraju::catalog
