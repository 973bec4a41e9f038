#include "services/catalog/api/goals_service.h"

#include "common/api/field_mask.h"
#include "common/api/list_page.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/catalog/api/objects.h"
#include "services/catalog/domain/goal.h"
#include "services/catalog/store/goal_store.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

// The goal if the caller may do to it what the method does; asked before NOT_FOUND is said.
absl::StatusOr<v1::Goal> GetAuthorized(const CallContext& call,
                                       postgres::Database& database,
                                       const GoalKey& key) {
  auto goal =
      database.Read(call, [&](postgres::Transaction& tx) { return GoalStore(tx).Get(key); });
  if (!goal.ok() && !absl::IsNotFound(goal.status())) return goal;
  RETURN_IF_ERROR(call.Authorize(goal.ok() ? UnitObject(key.agency, *goal)
                                           : AgencyObject(key.agency, key.Name())));
  return goal;
}

// What the goal serves; null for none. FAILED_PRECONDITION (GOAL_UNKNOWN).
absl::StatusOr<std::optional<v1::Goal>> ParentOf(const GoalStore& goals,
                                                 const AgencyId& agency,
                                                 const v1::Goal& goal) {
  if (goal.parent_goal().empty()) return std::nullopt;
  ASSIGN_OR_RETURN(const GoalKey key, GoalKey::Parse(goal.parent_goal(), "goal.parentGoal"));
  auto parent = key.agency == agency ? goals.Find(key) : std::nullopt;
  if (!parent) {
    return errors::FailedPrecondition(v1::GOAL_UNKNOWN, "No such goal.")
        .With("goal", goal.parent_goal());
  }
  return parent;
}

// Everything that holds for a goal in its place; under the lock of the cascade where it has a
// parent.
absl::Status CheckPlace(const GoalStore& goals, const AgencyId& agency, const v1::Goal& goal) {
  RETURN_IF_ERROR(domain::CheckGoal(goal));
  ASSIGN_OR_RETURN(const std::optional<v1::Goal> parent, ParentOf(goals, agency, goal));
  if (!parent) return absl::OkStatus();
  const GoalKey key{agency, StrongId<GoalTag>(api::IdOf(goal.parent_goal()))};
  return domain::CheckParent(goal, *parent, goals.Cascade(key));
}

void SetUnitPath(v1::Goal& goal, const std::vector<std::string>& path) {
  goal.mutable_unit_path()->Assign(path.begin(), path.end());
}

}  // namespace

grpc::ServerUnaryReactor* GoalsService::GetGoal(grpc::CallbackServerContext* context,
                                                const v1::GetGoalRequest* request,
                                                v1::Goal* response) {
  return pipeline_.Unary(context,
                         request,
                         response,
                         [this, request](const CallContext& call) -> absl::StatusOr<v1::Goal> {
                           ASSIGN_OR_RETURN(const GoalKey key,
                                            GoalKey::Parse(request->name(), "name"));
                           return GetAuthorized(call, database_, key);
                         });
}

grpc::ServerUnaryReactor* GoalsService::ListGoals(grpc::CallbackServerContext* context,
                                                  const v1::ListGoalsRequest* request,
                                                  v1::ListGoalsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListGoalsResponse> {
        GoalQuery query;
        ASSIGN_OR_RETURN(query.agency, api::ParseAgencyName(request->parent(), "parent"));
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(query.agency, request->parent()));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        if (!request->parent_goal().empty()) {
          ASSIGN_OR_RETURN(const GoalKey parent,
                           GoalKey::Parse(request->parent_goal(), "parentGoal"));
          query.parent_goal_id = parent.id.value();
        }
        query.need = request->need();
        query.state = request->state();
        query.after_id = page.after_or_empty(0);
        query.limit = page.limit();
        ASSIGN_OR_RETURN(auto goals, database_.Read(call, [&](postgres::Transaction& tx) {
          return GoalStore(tx).List(query);
        }));
        v1::ListGoalsResponse list;
        api::FinishListPage(
            *request, page, std::move(goals), list.mutable_goals(), list, [](const v1::Goal& last) {
              return std::vector<std::string>{api::IdOf(last.name())};
            });
        return list;
      });
}

grpc::ServerUnaryReactor* GoalsService::CreateGoal(grpc::CallbackServerContext* context,
                                                   const v1::CreateGoalRequest* request,
                                                   v1::Goal* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Goal> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        v1::Goal goal = request->goal();
        const auto path = identity_.UnitPath(call, agency, goal.unit());
        RETURN_IF_ERROR(call.Authorize(
            UnitObject(agency, request->parent(), path.value_or(std::vector<std::string>()))));
        RETURN_IF_ERROR(path.status());
        SetUnitPath(goal, *path);
        const GoalKey key{agency,
                          StrongId<GoalTag>(request->goal_id().empty() ? NewUuid7(call.time())
                                                                       : request->goal_id())};
        goal.set_name(key.Name());
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Goal> {
          GoalStore goals(tx);
          // What serves nothing, and nothing serves it yet, is in nobody's way.
          if (!goal.parent_goal().empty()) goals.LockCascade(agency);
          RETURN_IF_ERROR(CheckPlace(goals, agency, goal));
          RecordChange(tx, key.Name(), "goal.created");
          return goals.Insert(key, goal);
        });
      });
}

grpc::ServerUnaryReactor* GoalsService::UpdateGoal(grpc::CallbackServerContext* context,
                                                   const v1::UpdateGoalRequest* request,
                                                   v1::Goal* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Goal> {
        ASSIGN_OR_RETURN(const GoalKey key, GoalKey::Parse(request->goal().name(), "goal.name"));
        ASSIGN_OR_RETURN(const v1::Goal stored, GetAuthorized(call, database_, key));
        v1::Goal wanted = stored;
        RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), request->goal(), wanted));
        ASSIGN_OR_RETURN(const auto path, identity_.UnitPath(call, key.agency, wanted.unit()));
        // Nobody gives a goal away to a unit out of reach.
        if (wanted.unit() != stored.unit()) {
          RETURN_IF_ERROR(call.Authorize(UnitObject(key.agency, key.Name(), path)));
        }
        return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Goal> {
          GoalStore goals(tx);
          goals.LockCascade(key.agency);
          RecordChange(tx, key.Name(), "goal.updated");
          return goals.Update(
              key,
              api::Precondition::FromEtag(request->goal().etag()),
              [&](v1::Goal& goal) -> absl::Status {
                RETURN_IF_ERROR(domain::CheckEditable(goal));
                RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), request->goal(), goal));
                if (goal.unit() == wanted.unit()) SetUnitPath(goal, path);
                return CheckPlace(goals, key.agency, goal);
              });
        });
      });
}

grpc::ServerUnaryReactor* GoalsService::PublishGoal(grpc::CallbackServerContext* context,
                                                    const v1::PublishGoalRequest* request,
                                                    v1::Goal* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Goal> {
        ASSIGN_OR_RETURN(const GoalKey key, GoalKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(GetAuthorized(call, database_, key).status());
        return database_.Write(call, [&](postgres::Transaction& tx) {
          GoalStore goals(tx);
          RecordChange(tx, key.Name(), "goal.published");
          return goals.Update(key,
                              api::Precondition::FromEtag(request->etag()),
                              [&](v1::Goal& goal) -> absl::Status {
                                ASSIGN_OR_RETURN(const std::optional<v1::Goal> parent,
                                                 ParentOf(goals, key.agency, goal));
                                return domain::PublishGoal(goal, parent ? &*parent : nullptr);
                              });
        });
      });
}

}  // namespace teraju::catalog
