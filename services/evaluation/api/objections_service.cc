#include "services/evaluation/api/objections_service.h"

#include <utility>
#include <vector>

#include "common/api/field_mask.h"
#include "common/errors/status_macros.h"
#include "services/evaluation/api/access.h"
#include "services/evaluation/api/objection_case.h"
#include "services/evaluation/api/paging.h"
#include "services/evaluation/api/pinned_pack.h"
#include "services/evaluation/domain/objection_statistics.h"
#include "services/evaluation/store/evaluation_store.h"
#include "services/evaluation/store/objection_store.h"

namespace teraju::evaluation {
namespace {

using Cases = std::vector<v1::Objection>;

absl::StatusOr<ObjectionQuery> CaseQuery(const CallContext& call,
                                         const v1::ListObjectionsRequest& request) {
  ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request.parent(), "parent"));
  ObjectionQuery query;
  ASSIGN_OR_RETURN(query.scope, call.AuthorizeList(AgencyId(agency), request.parent()));
  ASSIGN_OR_RETURN(query.page, PageOf(request));
  if (!request.period().empty()) {
    ASSIGN_OR_RETURN(query.period, ParsePeriod(request.period(), "period"));
  }
  query.caller = call.principal().subject;
  query.employee = SubjectOf(request.employee());
  query.state = request.state();
  query.without_decider = request.without_decider();
  return query;
}

absl::StatusOr<std::string> AgencyOfRules(const std::string& name, std::string_view field) {
  ASSIGN_OR_RETURN(const std::vector<std::string> ids, kObjectionRulesName.Parse(name, field));
  return ids[0];
}

// The record is the whole file of a person: that somebody else read it is recorded.
bool ReadByOther(const CallContext& call, const v1::Objection& objection) {
  return call.actor() != SubjectOf(objection.snapshot().employee());
}

}  // namespace

absl::StatusOr<v1::Objection> ObjectionsService::Change(const CallContext& call,
                                                        const std::string& name,
                                                        const std::string& etag,
                                                        const std::string& type,
                                                        Rule rule) {
  ASSIGN_OR_RETURN(const Key key, ParseKey(kObjectionName, name, "name"));
  RETURN_IF_ERROR(AuthorizeObjection(database_, call, key).status());
  return database_.Write(call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::Objection> {
    RecordChange(tx, kObjectionName.Format({key.agency, key.id}), type);
    return ObjectionStore(tx).Update(
        key, api::Precondition::FromEtag(etag), [&](v1::Objection& objection) -> absl::Status {
          // The decider may have changed since: asked again under the lock.
          RETURN_IF_ERROR(call.Authorize(ObjectionObject(objection)));
          return rule(tx, objection);
        });
  });
}

grpc::ServerUnaryReactor* ObjectionsService::GetObjectionRules(
    grpc::CallbackServerContext* context,
    const v1::GetObjectionRulesRequest* request,
    v1::ObjectionRules* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ObjectionRules> {
        ASSIGN_OR_RETURN(const std::string agency, AgencyOfRules(request->name(), "name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->name())));
        return database_.Read(call,
                              [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ObjectionRules> {
                                return ObjectionStore(tx).GetRules(agency);
                              });
      });
}

grpc::ServerUnaryReactor* ObjectionsService::UpdateObjectionRules(
    grpc::CallbackServerContext* context,
    const v1::UpdateObjectionRulesRequest* request,
    v1::ObjectionRules* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ObjectionRules> {
        const v1::ObjectionRules& update = request->objection_rules();
        ASSIGN_OR_RETURN(const std::string agency,
                         AgencyOfRules(update.name(), "objectionRules.name"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, update.name())));
        return database_.Write(
            call, [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ObjectionRules> {
              RecordChange(tx, update.name(), "objectionRules.updated");
              return ObjectionStore(tx).UpdateRules(
                  agency,
                  api::Precondition::FromEtag(update.etag()),
                  [&](v1::ObjectionRules& rules) -> absl::Status {
                    RETURN_IF_ERROR(api::MergeByMask(request->update_mask(), update, rules));
                    return domain::CheckObjectionRules(rules);
                  });
            });
      });
}

grpc::ServerUnaryReactor* ObjectionsService::GetObjection(grpc::CallbackServerContext* context,
                                                          const v1::GetObjectionRequest* request,
                                                          v1::Objection* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Objection> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kObjectionName, request->name(), "name"));
        ASSIGN_OR_RETURN(v1::Objection objection, AuthorizeObjection(database_, call, key));
        ASSIGN_OR_RETURN(
            *objection.mutable_record(),
            database_.Write(call,
                            [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ObjectionRecord> {
                              if (ReadByOther(call, objection)) {
                                tx.Audit({.agency = key.agency,
                                          .resource = objection.name(),
                                          .type = "objection.read",
                                          .about = objection.snapshot().employee()});
                              }
                              return ObjectionStore(tx).GetRecord(key);
                            }));
        return objection;
      });
}

grpc::ServerUnaryReactor* ObjectionsService::ListObjections(
    grpc::CallbackServerContext* context,
    const v1::ListObjectionsRequest* request,
    v1::ListObjectionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ListObjectionsResponse> {
        ASSIGN_OR_RETURN(const ObjectionQuery query, CaseQuery(call, *request));
        ASSIGN_OR_RETURN(
            Cases cases,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Cases> {
              return ObjectionStore(tx).List(IdOf(request->parent()), query);
            }));
        v1::ListObjectionsResponse reply;
        reply.set_next_page_token(
            FillPage(*request, query.page, std::move(cases), *reply.mutable_objections()));
        return reply;
      });
}

grpc::ServerUnaryReactor* ObjectionsService::CreateObjection(
    grpc::CallbackServerContext* context,
    const v1::CreateObjectionRequest* request,
    v1::Objection* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Objection> {
        const std::string& name = request->objection().evaluation();
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        ASSIGN_OR_RETURN(const Key key, ParseKey(kEvaluationName, name, "objection.evaluation"));
        if (key.agency != agency) return errors::Denied(call.permission(), name);
        using Found = std::optional<v1::Evaluation>;
        ASSIGN_OR_RETURN(
            Found found,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Found> {
              return EvaluationStore(tx).Find(key);
            }));
        RETURN_IF_ERROR(Authorized(call, agency, name, std::move(found)).status());
        return database_.Write(call, [&](postgres::Transaction& tx) {
          return FileObjection(tx, key, request->objection().reason());
        });
      });
}

grpc::ServerUnaryReactor* ObjectionsService::RespondToObjection(
    grpc::CallbackServerContext* context,
    const v1::RespondToObjectionRequest* request,
    v1::Objection* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "objection.responded",
                  [&](postgres::Transaction&, v1::Objection& objection) {
                    const std::string author =
                        PersonName(api::AgencyOf(objection.name()), call.principal().subject);
                    return domain::AddStatement(objection, author, request->text(), call.time());
                  });
  });
}

grpc::ServerUnaryReactor* ObjectionsService::RecuseObjection(
    grpc::CallbackServerContext* context,
    const v1::RecuseObjectionRequest* request,
    v1::Objection* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "objection.recused",
                  [&](postgres::Transaction& tx, v1::Objection& objection) {
                    return domain::ChangeDecider(
                        objection,
                        {.kind = v1::DeciderChange::RECUSED,
                         .name = NextDecider(tx, objection, objection.decider()),
                         .reason = request->reason()},
                        call.time());
                  });
  });
}

grpc::ServerUnaryReactor* ObjectionsService::AssignObjection(
    grpc::CallbackServerContext* context,
    const v1::AssignObjectionRequest* request,
    v1::Objection* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "objection.assigned",
                  [&](postgres::Transaction&, v1::Objection& objection) -> absl::Status {
                    RETURN_IF_ERROR(ParsePerson(request->decider(), objection.name(), "decider"));
                    return domain::ChangeDecider(objection,
                                                 {.kind = v1::DeciderChange::ASSIGNED,
                                                  .name = request->decider(),
                                                  .reason = request->reason()},
                                                 call.time());
                  });
  });
}

grpc::ServerUnaryReactor* ObjectionsService::DecideObjection(
    grpc::CallbackServerContext* context,
    const v1::DecideObjectionRequest* request,
    v1::Objection* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::Objection> {
        ASSIGN_OR_RETURN(const Key key, ParseKey(kObjectionName, request->name(), "name"));
        ASSIGN_OR_RETURN(const v1::Objection seen, AuthorizeObjection(database_, call, key));
        ASSIGN_OR_RETURN(
            const v1::ObjectionRecord record,
            database_.Read(call,
                           [&](postgres::Transaction& tx) -> absl::StatusOr<v1::ObjectionRecord> {
                             return ObjectionStore(tx).GetRecord(key);
                           }));
        // Of the record: the pack never changes, and only a decided case changes the result.
        ASSIGN_OR_RETURN(
            const std::optional<domain::LocalPack> pack,
            ReadPinnedPack(database_, call, record.evaluation().local_result().pack()));
        const domain::ObjectionRuling ruling{
            .results = request->result_rating(),
            .behavior = request->behavior_rating(),
            .reason = request->reason(),
            .decider = PersonName(key.agency, call.principal().subject)};
        return Change(call,
                      request->name(),
                      request->etag(),
                      "objection.decided",
                      [&](postgres::Transaction& tx, v1::Objection& objection) {
                        return Decide(tx, ruling, pack, objection);
                      });
      });
}

grpc::ServerUnaryReactor* ObjectionsService::WithdrawObjection(
    grpc::CallbackServerContext* context,
    const v1::WithdrawObjectionRequest* request,
    v1::Objection* response) {
  return pipeline_.Unary(context, request, response, [this, request](const CallContext& call) {
    return Change(call,
                  request->name(),
                  request->etag(),
                  "objection.withdrawn",
                  [&](postgres::Transaction&, v1::Objection& objection) {
                    return domain::WithdrawObjection(objection, call.time());
                  });
  });
}

grpc::ServerUnaryReactor* ObjectionsService::RemindObjections(
    grpc::CallbackServerContext* context,
    const v1::RemindObjectionsRequest* request,
    v1::RemindObjectionsResponse* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::RemindObjectionsResponse> {
        ASSIGN_OR_RETURN(const std::string agency, ParseAgency(request->parent(), "parent"));
        RETURN_IF_ERROR(call.Authorize(AgencyObject(agency, request->parent())));
        return database_.Write(call,
                               [&](postgres::Transaction& tx) { return RemindAll(tx, agency); });
      });
}

grpc::ServerUnaryReactor* ObjectionsService::GetObjectionStatistics(
    grpc::CallbackServerContext* context,
    const v1::GetObjectionStatisticsRequest* request,
    v1::ObjectionStatistics* response) {
  return pipeline_.Unary(
      context,
      request,
      response,
      [this, request](const CallContext& call) -> absl::StatusOr<v1::ObjectionStatistics> {
        ASSIGN_OR_RETURN(const std::vector<std::string> ids,
                         kObjectionStatisticsName.Parse(request->name(), "name"));
        const PeriodKey period{ids[0], ids[1], ids[2]};
        RETURN_IF_ERROR(call.Authorize(AgencyObject(period.agency, request->name())));
        using Counts = std::vector<v1::ObjectionCounts>;
        ASSIGN_OR_RETURN(
            const Counts counts,
            database_.Read(call, [&](postgres::Transaction& tx) -> absl::StatusOr<Counts> {
              return ObjectionStore(tx).CountByUnit(period);
            }));
        v1::ObjectionStatistics statistics = domain::MakeObjectionStatistics(counts);
        statistics.set_name(request->name());
        return statistics;
      });
}

}  // namespace teraju::evaluation
