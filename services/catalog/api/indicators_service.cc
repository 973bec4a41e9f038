#include "services/catalog/api/indicators_service.h"

#include <charconv>

#include "common/api/field_mask.h"
#include "common/api/list_page.h"
#include "common/errors/error.h"
#include "common/errors/status_macros.h"
#include "common/postgres/record_change.h"
#include "services/catalog/api/objects.h"
#include "services/catalog/domain/indicator.h"
#include "services/catalog/domain/indicator_lint.h"
#include "services/catalog/store/goal_store.h"
#include "services/catalog/store/indicator_store.h"
#include "teraju/catalog/v1/error_reason.pb.h"

namespace teraju::catalog {
namespace {

constexpr api::NamePattern kIndicatorRevisionName{
    "agencies/{agency}/indicators/{indicator}/revisions/{revision}"};

// What `read` finds if the caller may do to it what the method does; asked before NOT_FOUND is
// said.
template <typename Read>
absl::StatusOr<v1::Indicator> GetAuthorized(const CallContext& call,
                                            postgres::Database& database,
                                            const IndicatorKey& key,
                                            Read read) {
  auto indicator =
      database.Read(call, [&](postgres::Transaction& tx) { return read(IndicatorStore(tx)); });
  if (!indicator.ok() && !absl::IsNotFound(indicator.status())) return indicator;
  RETURN_IF_ERROR(call.Authorize(indicator.ok() ? UnitObject(key.agency, *indicator)
                                                : AgencyObject(key.agency, key.Name())));
  return indicator;
}

absl::StatusOr<v1::Indicator> GetAuthorized(const CallContext& call,
                                            postgres::Database& database,
                                            const IndicatorKey& key) {
  return GetAuthorized(
      call, database, key, [&](const IndicatorStore& store) { return store.Get(key); });
}

// The goal that it measures. FAILED_PRECONDITION (GOAL_UNKNOWN).
absl::StatusOr<v1::Goal> GoalOf(const GoalStore& goals,
                                const AgencyId& agency,
                                const v1::Indicator& indicator) {
  ASSIGN_OR_RETURN(const GoalKey key, GoalKey::Parse(indicator.goal(), "indicator.goal"));
  auto goal = key.agency == agency ? goals.Find(key) : std::nullopt;
  if (!goal) {
    return errors::FailedPrecondition(v1::GOAL_UNKNOWN, "No such goal.")
        .With("goal", indicator.goal());
  }
  return *std::move(goal);
}

void SetUnitPath(v1::Indicator& indicator, const std::vector<std::string>& path) {
  indicator.mutable_unit_path()->Assign(path.begin(), path.end());
}

// 0 for what cannot be the number of a revision.
int RevisionNumber(const std::string& text) {
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

}  // namespace

grpc::ServerUnaryReactor* IndicatorsService::GetIndicator(grpc::CallbackServerContext* context,
                                                          const v1::GetIndicatorRequest* request,
                                                          v1::Indicator* response) {
  return pipeline_.Unary(context,
                         request,
                         response,
                         [this, request](const CallContext& call) -> absl::StatusOr<v1::Indicator> {
                           ASSIGN_OR_RETURN(const IndicatorKey key,
                                            IndicatorKey::Parse(request->name(), "name"));
                           return GetAuthorized(call, database_, key);
                         });
}

grpc::ServerUnaryReactor* IndicatorsService::GetIndicatorRevision(
    grpc::CallbackServerContext* context,
    const v1::GetIndicatorRevisionRequest* request,
    v1::Indicator* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Indicator> {
        ASSIGN_OR_RETURN(const auto ids, kIndicatorRevisionName.Parse(request->name(), "name"));
        const IndicatorKey key{AgencyId(ids[0]), StrongId<IndicatorTag>(ids[1])};
        RETURN_IF_ERROR(GetAuthorized(call, database_, key).status());
        return database_.Read(call, [&](postgres::Transaction& tx) {
          const IndicatorStore store(tx);
          return ids[2] == "draft" ? store.GetDraft(key)
                                   : store.GetRevision(key, RevisionNumber(ids[2]));
        });
      });
}

grpc::ServerUnaryReactor* IndicatorsService::ListIndicators(
    grpc::CallbackServerContext* context,
    const v1::ListIndicatorsRequest* request,
    v1::ListIndicatorsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListIndicatorsResponse> {
        IndicatorQuery query;
        ASSIGN_OR_RETURN(query.agency, api::ParseAgencyName(request->parent(), "parent"));
        ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(query.agency, request->parent()));
        ASSIGN_OR_RETURN(const api::ListPage page, api::ParseListPage(*request));
        if (!request->goal().empty()) {
          ASSIGN_OR_RETURN(const GoalKey goal, GoalKey::Parse(request->goal(), "goal"));
          query.goal_id = goal.id.value();
        }
        query.unit = request->unit();
        query.state = request->state();
        query.after_id = page.after_or_empty(0);
        query.limit = page.limit();
        ASSIGN_OR_RETURN(auto indicators, database_.Read(call, [&](postgres::Transaction& tx) {
          return IndicatorStore(tx).List(query);
        }));
        v1::ListIndicatorsResponse list;
        api::FinishListPage(*request,
                            page,
                            std::move(indicators),
                            list.mutable_indicators(),
                            list,
                            [](const v1::Indicator& last) {
                              return std::vector<std::string>{api::IdOf(last.name())};
                            });
        return list;
      });
}

grpc::ServerUnaryReactor* IndicatorsService::CreateIndicator(
    grpc::CallbackServerContext* context,
    const v1::CreateIndicatorRequest* request,
    v1::Indicator* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Indicator> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        v1::Indicator indicator = request->indicator();
        const auto path = identity_.UnitPath(call, agency, indicator.unit());
        RETURN_IF_ERROR(call.Authorize(
            UnitObject(agency, request->parent(), path.value_or(std::vector<std::string>()))));
        RETURN_IF_ERROR(path.status());
        SetUnitPath(indicator, *path);
        const IndicatorKey key{
            agency,
            StrongId<IndicatorTag>(request->indicator_id().empty() ? NewUuid7(call.time())
                                                                   : request->indicator_id())};
        return database_.Write(call,
                               [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Indicator> {
                                 RETURN_IF_ERROR(GoalOf(GoalStore(tx), agency, indicator).status());
                                 RecordChange(tx, key.Name(), "indicator.created");
                                 return IndicatorStore(tx).Insert(key, indicator);
                               });
      });
}

grpc::ServerUnaryReactor* IndicatorsService::UpdateIndicator(
    grpc::CallbackServerContext* context,
    const v1::UpdateIndicatorRequest* request,
    v1::Indicator* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Indicator> {
        ASSIGN_OR_RETURN(const IndicatorKey key,
                         IndicatorKey::Parse(request->indicator().name(), "indicator.name"));
        ASSIGN_OR_RETURN(const v1::Indicator stored, GetAuthorized(call, database_, key));
        v1::Indicator wanted = stored;
        RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), request->indicator(), wanted));
        ASSIGN_OR_RETURN(const auto path, identity_.UnitPath(call, key.agency, wanted.unit()));
        // Nobody gives an indicator away to a unit out of reach.
        if (wanted.unit() != stored.unit()) {
          RETURN_IF_ERROR(call.Authorize(UnitObject(key.agency, key.Name(), path)));
        }
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Indicator> {
              RecordChange(tx, key.Name(), "indicator.updated");
              return IndicatorStore(tx).UpdateDraft(
                  key,
                  api::Precondition::FromEtag(request->indicator().etag()),
                  [&](v1::Indicator& draft) -> absl::Status {
                    RETURN_IF_ERROR(domain::CheckEditable(draft));
                    RETURN_IF_ERROR(
                        api::MergeByMask(request->update_mask(), request->indicator(), draft));
                    if (draft.unit() == wanted.unit()) SetUnitPath(draft, path);
                    return GoalOf(GoalStore(tx), key.agency, draft).status();
                  });
            });
      });
}

grpc::ServerUnaryReactor* IndicatorsService::PublishIndicator(
    grpc::CallbackServerContext* context,
    const v1::PublishIndicatorRequest* request,
    v1::Indicator* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Indicator> {
        ASSIGN_OR_RETURN(const IndicatorKey key, IndicatorKey::Parse(request->name(), "name"));
        RETURN_IF_ERROR(GetAuthorized(call, database_, key).status());
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return IndicatorStore(tx).Publish(
              key,
              api::Precondition::FromEtag(request->etag()),
              [&](v1::Indicator& draft) -> absl::Status {
                ASSIGN_OR_RETURN(const v1::Goal goal, GoalOf(GoalStore(tx), key.agency, draft));
                RecordChange(tx, key.Name(), "indicator.published");
                return domain::PublishIndicator(draft, goal);
              });
        });
      });
}

grpc::ServerUnaryReactor* IndicatorsService::LintIndicator(grpc::CallbackServerContext* context,
                                                           const v1::LintIndicatorRequest* request,
                                                           v1::LintIndicatorResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::LintIndicatorResponse> {
        ASSIGN_OR_RETURN(const AgencyId agency, api::ParseAgencyName(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        using Known = std::vector<domain::KnownIndicator>;
        ASSIGN_OR_RETURN(
            const Known known,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Known> {
              Known titles;
              for (auto& [name, title] : IndicatorStore(tx).Titles(agency))
                titles.push_back({name, title});
              return titles;
            }));
        v1::LintIndicatorResponse reply;
        for (v1::LintRemark& remark : domain::LintIndicator(*request, known))
          *reply.add_remarks() = std::move(remark);
        return reply;
      });
}

}  // namespace teraju::catalog
